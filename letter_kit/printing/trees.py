"""The trees of a combined PDF, written branch by branch as pages and letters come."""

from letter_kit.printing.writer import PdfWriter, pdf_text

__all__ = ["Bookmarks", "PageTree", "ParentTree"]

_GROUP = 100
"""Bookmarks that stand together: a reader that follows their chain must not go too deep, and a
person can oversee no more."""
_BRANCH = 64
"""Leaves on a branch: a reader need not take in all to find one (ISO 32000-1, 7.7.3.3)."""


class PageTree:
    """The tree of pages (ISO 32000-1, 7.7.3)."""

    def __init__(self, target: PdfWriter) -> None:
        self._target = target
        self.number = target.reserve()
        self.pages = 0
        self._branches: list[int] = []
        self._leaves: list[int] = []

    def parent_of(self, page: int) -> int:
        """The node that ``page``, the next one, is a child of."""
        if len(self._leaves) == _BRANCH:
            self._end_branch()
        if not self._leaves:
            self._branches.append(self._target.reserve())
        self._leaves.append(page)
        self.pages += 1
        return self._branches[-1]

    def write(self) -> None:
        """Write the root, when all pages have come."""
        self._end_branch()
        kids = _references(self._branches)
        self._target.add(
            b"<< /Type /Pages /Count %d /Kids [%s] >>" % (self.pages, kids), self.number
        )

    def _end_branch(self) -> None:
        if self._leaves:
            self._target.add(
                b"<< /Type /Pages /Parent %d 0 R /Count %d /Kids [%s] >>"
                % (self.number, len(self._leaves), _references(self._leaves)),
                self._branches[-1],
            )
        self._leaves = []


class ParentTree:
    """From marked content to structure elements (ISO 32000-1, 14.7.4.4), a number tree."""

    def __init__(self, target: PdfWriter) -> None:
        self._target = target
        self._branches: list[int] = []
        self._leaves: list[tuple[int, bytes]] = []
        self.next_key = 0

    def add(self, key: int, elements: bytes) -> None:
        """The next entry; ``key`` is not less than `next_key`."""
        self._leaves.append((key, elements))
        self.next_key = key + 1
        if len(self._leaves) == _BRANCH:
            self._end_branch()

    def write(self) -> int:
        """Write the root, when all entries have come; its number."""
        self._end_branch()
        return self._target.add(b"<< /Kids [%s] >>" % _references(self._branches))

    def _end_branch(self) -> None:
        if not self._leaves:
            return
        entries = b" ".join(b"%d %s" % leaf for leaf in self._leaves)
        limits = (self._leaves[0][0], self._leaves[-1][0])
        self._branches.append(
            self._target.add(b"<< /Limits [%d %d] /Nums [%s] >>" % (*limits, entries))
        )
        self._leaves = []


class Bookmarks:
    """The outline (ISO 32000-1, 12.3.3): a bookmark a letter, many of them in groups of 100."""

    def __init__(self, target: PdfWriter) -> None:
        self._target = target
        self._groups = [_Chain(target, target.reserve())]
        self._count = 0

    def add(self, title: str, page: int, element: int) -> None:
        """A bookmark that leads to ``page``, on which the structure ``element`` begins."""
        if self._count and self._count % _GROUP == 0:
            self._groups[-1].end()
            self._groups.append(_Chain(self._target, self._target.reserve()))
        place = b"/Dest [%d 0 R /Fit] /SE %d 0 R" % (page, element)
        self._groups[-1].add(b"/Title %s %s" % (pdf_text(title), place), place)
        self._count += 1

    def write(self) -> int:
        """Write what remains, when all have come; the number of the root."""
        self._groups[-1].end()
        if len(self._groups) == 1:
            (root,) = self._groups
        else:
            root = _Chain(self._target, self._target.reserve())
            for number, group in enumerate(self._groups):
                first = number * _GROUP + 1
                title = pdf_text(f"{first}–{first + group.count - 1}")
                # A negative count: the group is closed until it is asked for.
                root.add(
                    b"/Title %s %s /Count -%d %s" % (title, group.place, group.count, group.ends),
                    group.place,
                    group.number,
                )
            root.end()
        self._target.add(
            b"<< /Type /Outlines /Count %d %s >>" % (root.count, root.ends), root.number
        )
        return root.number


class _Chain:
    """Bookmarks below one node, each written when the next one is known."""

    def __init__(self, target: PdfWriter, number: int) -> None:
        self._target = target
        self.number = number
        self.count = 0
        self._first = self._previous = self._current = 0
        self._text = b""
        self.place = b""
        """Where the first one leads."""

    @property
    def ends(self) -> bytes:
        return b"/First %d 0 R /Last %d 0 R" % (self._first, self._current)

    def add(self, text: bytes, place: bytes, number: int | None = None) -> None:
        self.place = self.place or place
        number = number or self._target.reserve()
        self.end(number)
        self._first = self._first or number
        self._previous, self._current = self._current, number
        self._text = text
        self.count += 1

    def end(self, following: int = 0) -> None:
        if not self._current:
            return
        chain = b"".join(
            b" /%s %d 0 R" % (word, number)
            for word, number in ((b"Prev", self._previous), (b"Next", following))
            if number
        )
        self._target.add(
            b"<< %s /Parent %d 0 R%s >>" % (self._text, self.number, chain), self._current
        )


def _references(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
