"""All letters of a run in one PDF for the print house, or in one for every so many letters.

The letters stay what they are: tagged PDF/UA-1 with their links and languages. Each is a
part of the document and a bookmark; what they have in common stands there once. One letter
at a time is read, and what was written is forgotten, so that memory does not grow with them.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from letter_kit import __version__
from letter_kit.errors import InputError
from letter_kit.output import GrowingFile
from letter_kit.printing.copying import LetterCopy, Shared
from letter_kit.printing.source import opened_letter
from letter_kit.printing.trees import Bookmarks, PageTree, ParentTree
from letter_kit.printing.writer import PdfWriter, pdf_text

if TYPE_CHECKING:
    import pikepdf

__all__ = ["CombinedFile", "CombinedPart", "combine_pdfs", "combined_pdf"]

_PRODUCER = f"letter-kit {__version__}"
_PLAIN = {"/K", "/P", "/Pg", "/S", "/Type"}
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
<pdf:Producer>{producer}</pdf:Producer>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


class CombinedPart(NamedTuple):
    """A letter for `combine_pdfs`: its PDF, the title of its bookmark, its language (BCP 47)."""

    pdf: Path | bytes
    title: str
    language: str


class CombinedFile(NamedTuple):
    """A file that was made: how many letters are in it, and pages with the blank ones."""

    path: Path
    letters: int
    pages: int


def combine_pdfs(
    parts: Iterable[CombinedPart],
    out: Path,
    *,
    title: str,
    language: str,
    duplex: bool = False,
    every: int | None = None,
    force: bool = False,
) -> list[CombinedFile]:
    """Write the letters, in their order, to the PDF ``out``; what was made.

    With ``every``, a file holds so many letters: ``out`` with ``-0001``, ``-0002`` … before
    its suffix, even if there is but one. With ``duplex`` each letter begins on a right-hand
    page: where the one before ends on such a page, a blank one follows it. ``title`` and
    ``language`` (BCP 47) are those of the whole. The same letters give the same bytes.
    Either all files are put in place, or none.

    Raises `InputError` for a letter that is no PDF, is damaged, encrypted or without tags,
    which is named; where there is no letter; where a file is there already and ``force`` is
    not given, or a file of an earlier run would seem to belong to this one; `SetupError`
    where nothing can be written.
    """
    if every is not None and every < 1:
        raise InputError.of("a file holds at least one letter", key="every", found=str(every))
    made: list[CombinedFile] = []
    growing: list[GrowingFile] = []
    current: _Combined | None = None

    def end() -> None:
        if current is not None:
            current.finish()
            made.append(CombinedFile(growing[-1].path, current.letters, current.pages))
            growing[-1].close()

    try:
        for index, part in enumerate(parts):
            if current is None or (every is not None and index % every == 0):
                end()
                number = len(growing) + 1
                growing.append(GrowingFile(_path(out, number, every), force=force))
                current = _Combined(
                    PdfWriter(growing[-1].write),
                    title if every is None else f"{title} ({number})",
                    language,
                    duplex,
                )
            current.add(part)
        end()
        if not made:
            raise InputError.of("there is no letter to combine", path=str(out))
        _refuse_older(out, len(made), every)
        for file in growing:
            file.put_in_place()
    finally:
        for file in growing:
            file.discard()
    return made


def combined_pdf(parts: Iterable[CombinedPart], *, title: str, language: str) -> bytes:
    """The letters as one PDF, in memory: for a few. See `combine_pdfs`."""
    out = BytesIO()
    combined = _Combined(PdfWriter(out.write), title, language, duplex=False)
    for part in parts:
        combined.add(part)
    combined.finish()
    return out.getvalue()


def _path(out: Path, number: int, every: int | None) -> Path:
    return out if every is None else out.with_stem(f"{out.stem}-{number:04}")


def _refuse_older(out: Path, count: int, every: int | None) -> None:
    """A file with the next number is left from an earlier run, and would be printed with these."""
    if every is None:
        return
    older = _path(out, count + 1, every)
    if older.exists():
        raise InputError.of(
            "a file of an earlier run would follow the last one of this run",
            path=str(older),
            hint="Remove it, or give another name.",
        )


class _Combined:
    """One file, letter by letter."""

    def __init__(self, target: PdfWriter, title: str, language: str, duplex: bool) -> None:
        self._target = target
        self._title, self._language, self._duplex = title, language, duplex
        self._shared = Shared(target)
        self._pages = PageTree(target)
        self._parents = ParentTree(target)
        self._bookmarks = Bookmarks(target)
        self._structure = target.reserve()
        self._document = target.reserve()
        self._letters: list[int] = []
        self._roles: dict[str, str] = {}
        self._last_box = b""

    def add(self, part: CombinedPart) -> None:
        """Add a letter. Raises `InputError` where it cannot be used."""
        with opened_letter(part.pdf, part.title) as source:
            if self._duplex and self._pages.pages % 2:
                self._add_blank_page()
            copy = LetterCopy(
                source,
                self._shared,
                serial=len(self._letters) + 1,
                first_parent=self._parents.next_key,
            )
            numbers = [self._target.reserve() for _ in source.pages]
            for page, number in zip(source.pages, numbers, strict=True):
                copy.place(page.obj, number)
            for page, number in zip(source.pages, numbers, strict=True):
                copy.page(page, self._pages.parent_of(number))
            element = self._add_structure(source, copy, part.language)
            self._bookmarks.add(part.title, numbers[0], element)
            self._last_box = _box(source.pages[-1])

    @property
    def letters(self) -> int:
        return len(self._letters)

    @property
    def pages(self) -> int:
        return self._pages.pages

    def finish(self) -> None:
        """Write what remains."""
        target = self._target
        self._shared.fonts.write()
        self._pages.write()
        bookmarks = self._bookmarks.write()
        letters = b" ".join(b"%d 0 R" % number for number in self._letters)
        target.add(
            b"<< /Type /StructElem /S /Document /P %d 0 R /K [%s] >>" % (self._structure, letters),
            self._document,
        )
        roles = b" ".join(f"{name} {role}".encode() for name, role in sorted(self._roles.items()))
        target.add(
            b"<< /Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d%s >>"
            % (
                self._document,
                self._parents.write(),
                self._parents.next_key,
                b" /RoleMap << %s >>" % roles if roles else b"",
            ),
            self._structure,
        )
        xmp = _XMP.format(
            producer=escape(_PRODUCER),
            title=escape(_printable(self._title)),
            language=escape(_printable(self._language)),
        )
        metadata = target.add_stream(b"/Type /Metadata /Subtype /XML", xmp.encode())
        info = target.add(
            b"<< /Title %s /Producer %s >>" % (pdf_text(self._title), pdf_text(_PRODUCER))
        )
        root = target.add(
            b"<< /Type /Catalog /Pages %d 0 R /Lang %s /MarkInfo << /Marked true >>"
            b" /Metadata %d 0 R /Outlines %d 0 R /PageMode /UseOutlines /StructTreeRoot %d 0 R"
            b" /ViewerPreferences << /DisplayDocTitle true%s >> >>"
            % (
                self._pages.number,
                pdf_text(self._language),
                metadata,
                bookmarks,
                self._structure,
                b" /Duplex /DuplexFlipLongEdge" if self._duplex else b"",
            )
        )
        target.finish(root, info)

    def _add_blank_page(self) -> None:
        """A page with nothing on it, so with nothing to tag, of the size of the one before."""
        number = self._target.reserve()
        parent = self._pages.parent_of(number)
        self._target.add(
            b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Resources << >> >>"
            % (parent, self._last_box),
            number,
        )

    def _add_structure(self, source: "pikepdf.Pdf", copy: LetterCopy, language: str) -> int:
        """Write the letter's elements below one of its own, whose number is returned."""
        import pikepdf

        root = source.Root.StructTreeRoot
        part = self._target.reserve()
        self._letters.append(part)
        copy.place(root, part)
        tops = _kids(root)
        if len(tops) == 1 and tops[0].get("/S") == "/Document" and set(tops[0].keys()) <= _PLAIN:
            copy.place(tops[0], part)
            tops = _kids(tops[0])
        self._add_roles(root)
        kids = copy.elements(b" ".join(kid.unparse() for kid in tops))
        self._target.add(
            b"<< /Type /StructElem /S /Part /P %d 0 R /Lang %s /K [ %s ] >>"
            % (self._document, pdf_text(language), kids),
            part,
        )
        first = self._parents.next_key
        for key, elements in sorted(pikepdf.NumberTree(root.ParentTree).items()):
            text, _ = copy.renumbered(elements.unparse())
            self._parents.add(first + int(key), text)
        return part

    def _add_roles(self, root: Any) -> None:
        for name, role in dict(root.get("/RoleMap") or {}).items():
            if self._roles.setdefault(name, str(role)) != str(role):
                raise InputError.of(
                    f"the role {name} means something else here than in the letters before",
                    found=str(role),
                    expected=self._roles[name],
                )


def _kids(element: Any) -> list[Any]:
    """The children of a structure element, be they one or many."""
    import pikepdf

    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids.as_list()) if isinstance(kids, pikepdf.Array) else [kids]


def _box(page: "pikepdf.Page") -> bytes:
    return b"[%s]" % b" ".join(str(side).encode() for side in page.mediabox.as_list())


def _printable(text: str) -> str:
    """``text`` without what XML cannot hold."""
    return "".join(char for char in text if char.isprintable())
