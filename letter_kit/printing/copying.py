"""One letter's objects carried over into another PDF: numbered anew, those alike shared.

Objects travel as text, the way qpdf writes it: names and strings in one form, strings
with their parentheses escaped. So a reference is told from what only looks like one.
"""

import re
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from letter_kit.printing.contents import Contents
from letter_kit.printing.fontpool import FontPool
from letter_kit.printing.writer import PdfWriter

if TYPE_CHECKING:
    import pikepdf

__all__ = ["LetterCopy", "Shared"]

_STRING = rb"\((?:[^\\()]|\\.)*+\)|<[0-9a-fA-F]*>"
_TOKEN = re.compile(
    rb"/ID (?P<id>" + _STRING + rb")"
    rb"|/Headers \[(?P<headers>(?: (?:" + _STRING + rb"))*) \]"
    rb"|" + _STRING + rb"|/(?P<key>StructParents?) (?P<parent>\d+)"
    rb"|(?P<number>\d+) (?P<generation>\d+) R(?![^ ])",
    re.DOTALL,
)
"""Whatever changes, and the strings, in which nothing does."""
_STRINGS = re.compile(_STRING, re.DOTALL)
_FONT = b"/Subtype /Type0"
_PLACED_ELSEWHERE = {"/Parent", "/Contents", "/B", "/Metadata", "/PieceInfo", "/Thumb"}
"""Entries of a page that the new file makes itself, or that are about the old one."""

_BETWEEN = b"\n"
"""Stands between objects, and in none: strings have it escaped."""


class Shared:
    """What the letters of one file have in common: objects by their text, contents, fonts."""

    def __init__(self, target: PdfWriter) -> None:
        self.target = target
        self.contents = Contents(target)
        self.fonts = FontPool(target)
        self._numbers: dict[bytes, int] = {}

    def number(self, text: bytes, write: Callable[[], int]) -> int:
        """The object that is like ``text``; ``write`` writes it where there is none."""
        key = blake2b(text, digest_size=16).digest()
        if key not in self._numbers:
            self._numbers[key] = write()
        return self._numbers[key]


class LetterCopy:
    """Carries over the objects of ``source``.

    ``serial`` is the letter's number, which goes before the identifiers of its elements;
    ``first_parent`` is added to the keys of its parent tree.
    """

    def __init__(
        self, source: "pikepdf.Pdf", shared: Shared, *, serial: int, first_parent: int
    ) -> None:
        self._source = source
        self._shared = shared
        self._prefix = b"%d-" % serial
        self._first_parent = first_parent
        self._numbers: dict[bytes, int | None] = {}
        self._own: set[int] = set()

    def place(self, obj: "pikepdf.Object", number: int) -> None:
        """Let ``number`` be that of ``obj``, which is written by others."""
        self._numbers[b"%d %d R" % obj.objgen] = number
        self._own.add(number)

    def page(self, page: "pikepdf.Page", parent: int) -> None:
        """Write a page that was placed, as a child of the node ``parent``."""
        import pikepdf

        number = self._numbers[b"%d %d R" % page.obj.objgen]
        entries = {key: value for key, value in page.obj.items() if key not in _PLACED_ELSEWHERE}
        for key in ("/Resources", "/MediaBox", "/CropBox", "/Rotate"):
            if key not in entries and (inherited := _inherited(page.obj, key)) is not None:
                entries[key] = inherited
        text, _ = self.renumbered(pikepdf.Dictionary(entries).unparse())
        streams = _references(self._shared.contents.written(_content(page.obj)))
        self._shared.target.add(
            b"<< /Parent %d 0 R /Contents [%s] %s" % (parent, streams, text[2:]), number
        )

    def renumbered(self, text: bytes) -> tuple[bytes, bool]:
        """``text`` with the numbers of this file, and whether it is this letter's own.

        What it refers to is written. What refers to nothing of a single letter can be
        shared.
        """
        own = False

        def replaced(match: re.Match[bytes]) -> bytes:
            nonlocal own
            if match["number"]:
                number = self._copied(match)
                own = own or number in self._own
                return b"%d 0 R" % number
            own = own or match["key"] is not None
            return self._changed(match)

        return _TOKEN.sub(replaced, text), own

    def elements(self, kids: bytes) -> bytes:
        """References to elements, as ``kids`` has them, with the numbers of this file.

        They are written, with all that they refer to, generation by generation: they are many
        and refer to each other, so that none is another letter's as well.
        """
        kids, waiting = self._generation(kids)
        while waiting:
            objects = [self._source.get_object(key) for _, key in waiting]
            texts = [obj.unparse(resolved=True) for obj in objects]
            numbers = [number for number, _ in waiting]
            renumbered, waiting = self._generation(_BETWEEN.join(texts))
            for number, obj, text in zip(numbers, objects, renumbered.split(_BETWEEN), strict=True):
                if obj.is_indirect and text.endswith(b" R"):
                    raise ValueError("an element is a stream")
                self._shared.target.add(text, number)
        return kids

    def _generation(self, text: bytes) -> tuple[bytes, list[tuple[int, tuple[int, int]]]]:
        """``text`` renumbered, and the objects that it is the first to refer to."""
        found: list[tuple[int, tuple[int, int]]] = []
        numbers, reserve = self._numbers, self._shared.target.reserve

        def replaced(match: re.Match[bytes]) -> bytes:
            if not match["number"]:
                return self._changed(match)
            number = numbers.get(match[0])
            if number is None:
                number = numbers[match[0]] = reserve()
                self._own.add(number)
                found.append((number, (int(match["number"]), int(match["generation"]))))
            return b"%d 0 R" % number

        return _TOKEN.sub(replaced, text), found

    def _changed(self, match: re.Match[bytes]) -> bytes:
        """What becomes of a token that is no reference."""
        if match["key"]:
            return b"/%s %d" % (match["key"], int(match["parent"]) + self._first_parent)
        if match["id"]:
            return b"/ID " + self._prefixed(match["id"])
        if match["headers"]:
            named = map(self._prefixed, _STRINGS.findall(match["headers"]))
            return b"/Headers [ %s ]" % b" ".join(named)
        return match[0]

    def _prefixed(self, name: bytes) -> bytes:
        """An identifier that is one of this letter only."""
        if name.startswith(b"("):
            return b"(" + self._prefix + name[1:]
        return b"<" + self._prefix.hex().encode() + name[1:]

    def _copied(self, reference: re.Match[bytes]) -> int:
        """The new number of the object, which is written where it was not before.

        One that is met again within itself gets its number then.
        """
        key = reference[0]
        if key in self._numbers:
            known = self._numbers[key]
            if known is None:
                known = self._numbers[key] = self._shared.target.reserve()
                self._own.add(known)
            return known
        self._numbers[key] = None
        obj = self._source.get_object(int(reference["number"]), int(reference["generation"]))
        number = self._numbers[key] = self._written(obj, key)
        return number

    def _written(self, obj: Any, key: bytes) -> int:
        text = obj.unparse(resolved=True)
        if text.endswith(b" R"):  # a stream, which is never written within another object
            return self._written_stream(obj, key)
        if _FONT in text and (font := self._shared.fonts.adopt(obj)) is not None:
            return font
        text, own = self.renumbered(text)
        number = self._numbers[key]
        if own or number is not None:
            return self._kept(self._shared.target.add(text, number))
        return self._shared.number(text, lambda: self._shared.target.add(text))

    def _written_stream(self, obj: Any, key: bytes) -> int:
        import pikepdf

        target, data = self._shared.target, obj.read_raw_bytes()
        entries = {key: value for key, value in obj.items() if key != "/Length"}
        text, own = self.renumbered(pikepdf.Dictionary(entries).unparse()[2:-2].strip())
        number = self._numbers[key]
        if own or number is not None:
            return self._kept(target.add_stream(text, data, number))
        return self._shared.number(
            text + b"\0stream " + data, lambda: target.add_stream(text, data)
        )

    def _kept(self, number: int) -> int:
        self._own.add(number)
        return number


def _content(page: "pikepdf.Object") -> bytes:
    """The operators of the page, unpacked."""
    import pikepdf

    contents = page.get("/Contents")
    if contents is None:
        return b""
    streams = contents.as_list() if isinstance(contents, pikepdf.Array) else [contents]
    return b"".join(stream.read_bytes() + b"\n" for stream in streams)


def _inherited(page: "pikepdf.Object", key: str) -> Any:
    node: Any = page.get("/Parent")
    while node is not None:
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
