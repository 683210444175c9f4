"""A look into a workbook before it is opened: how large it is, and which cells hold errors.

calamine holds a sheet as a full rectangle, so that two cells far apart are enough to fill
the memory; and it gives a formula's error as an empty cell. Both show in the file's XML.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import unescape

from letter_kit.errors import RecipientError
from letter_kit.people.kinds import damaged

__all__ = ["CellErrors", "examine_ods", "examine_xlsx"]

CellErrors = Mapping[int, Mapping[int, str]]
"""What stands in the faulty cells of a sheet, by row (from 1) and column (from 0)."""

_MOST_BYTES = 200_000_000
"""Of all that a workbook holds, unpacked."""
_MOST_CELLS = 5_000_000
"""In the rectangles from the first cell to the last: 200,000 rows of 25 columns."""
_CHUNK = 1 << 20
_LONGEST_ROW = 8 * _CHUNK
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_FAULTY = re.compile(
    rb"""<(?:\w+:)?c\s([^>]{0,200}\bt\s*=\s*["']e["'][^>]{0,200})>.{0,2000}?<(?:\w+:)?v>([^<]{0,20})<""",
    re.DOTALL,
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_LINK = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_EXTENDED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "


def examine_xlsx(path: Path) -> dict[str, CellErrors]:
    """The faulty cells of every sheet by its name.

    Raises `RecipientError` where the workbook is damaged or too large.
    """
    with _archive(path) as archive:
        names = _members(archive)
        errors = {member: _examine_member(archive, member) for member in archive.namelist()}
    return {name: errors.get(member, {}) for name, member in names.items()}


def _examine_member(archive: zipfile.ZipFile, member: str) -> CellErrors:
    """The faulty cells of one sheet; what is no sheet has none."""
    errors: dict[int, dict[int, str]] = {}
    columns: set[bytes] = set()
    last_row = most_cells = 0
    for piece in _pieces(archive, member):
        references = _REFERENCE.findall(piece)
        columns.update(column for column, _ in references)
        last_row = max(last_row, max((int(row) for _, row in references), default=0))
        if len(_CELL.findall(piece)) > sum(bool(column) for column, _ in references):
            # Cells need not say where they are: they follow each other then.
            in_rows = (len(_CELL.findall(row)) for row in _ROW.split(piece))
            most_cells = max(most_cells, *in_rows)
        _refuse_large(
            Path(archive.filename or ""), member, last_row * (_width(columns) + most_cells)
        )
        for attributes, text in _FAULTY.findall(piece):
            if place := _REFERENCE.search(attributes):
                row = errors.setdefault(int(place[2]), {})
                row[_width({place[1]}) - 1] = text.decode("utf-8", "replace")
    return errors


def examine_ods(path: Path) -> dict[str, CellErrors]:
    """The same for an OpenDocument spreadsheet, whose cells say how often they stand."""
    with _archive(path) as archive:
        cells = _OdsCells(path)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = cells.start
        parser.EndElementHandler = cells.end
        parser.CharacterDataHandler = cells.text
        try:
            for piece in _chunks(archive, "content.xml"):
                parser.Parse(piece)
        except expat.ExpatError:
            raise damaged(path) from None
    return cells.errors


class _OdsCells:
    """Goes along the cells of an OpenDocument spreadsheet, and counts what they fill."""

    def __init__(self, path: Path) -> None:
        self.errors: dict[str, CellErrors] = {}
        self._path = path
        self._filled = 0
        self._table = ""
        self._row = self._rows = self._column = self._columns = self._width = self._height = 0
        self._cell: dict[str, str] | None = None
        self._content = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            self._table = attributes.get(f"{_TABLE}name", "")
            self.errors[self._table] = {}
            self._row = self._width = self._height = 0
        elif name == f"{_TABLE}table-row":
            self._rows = _times(attributes, "rows")
            self._column = 0
        elif name in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            self._columns = _times(attributes, "columns")
            self._cell = attributes
            self._content = ""

    def text(self, text: str) -> None:
        if self._cell is not None and len(self._content) < 100:
            self._content += text

    def end(self, name: str) -> None:
        if name == f"{_TABLE}table-row":
            self._row += self._rows
        elif name == f"{_TABLE}table":
            self._filled += self._width * self._height
        elif name in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            cell, self._cell = self._cell or {}, None
            if self._content.strip() or f"{_OFFICE}value-type" in cell:
                self._note(cell)
            self._column += self._columns

    def _note(self, cell: dict[str, str]) -> None:
        self._width = max(self._width, self._column + self._columns)
        self._height = max(self._height, self._row + self._rows)
        _refuse_large(self._path, self._table, self._filled + self._width * self._height)
        if cell.get(f"{_EXTENDED}value-type") == "error":
            rows = self.errors[self._table]
            assert isinstance(rows, dict)
            for row in range(self._row + 1, self._row + self._rows + 1):
                rows.setdefault(row, {})[self._column] = self._content.strip() or "#ERROR!"


def _times(attributes: dict[str, str], what: str) -> int:
    times = attributes.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(times) if times.isdecimal() and len(times) < 9 else 1


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise damaged(path) from None
    size = sum(member.file_size for member in archive.infolist())
    if size > _MOST_BYTES:
        archive.close()
        raise RecipientError.of(
            "the spreadsheet is too large",
            path=str(path),
            expected=f"at most {_MOST_BYTES / 1e6:g} MB when unpacked",
            found=f"{size / 1e6:,.0f} MB",
            hint="Save it as CSV: that may be of any size.",
        )
    return archive


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet is kept in the archive, by the sheet's name."""
    sheets = b"".join(_chunks(archive, "xl/workbook.xml")).decode("utf-8", "replace")
    links = b"".join(_chunks(archive, "xl/_rels/workbook.xml.rels")).decode("utf-8", "replace")
    targets = {
        link.get("Id"): link.get("Target", "") for link in map(_attributes, _LINK.findall(links))
    }
    found = {}
    for sheet in map(_attributes, _SHEET.findall(sheets)):
        link = next((text for name, text in sheet.items() if name.endswith(":id")), None)
        target = targets.get(link, "")
        member = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        # Names in an archive are compared without regard to case, as calamine does.
        kept = next((n for n in archive.namelist() if n.lower() == member.lower()), member)
        found[unescape(sheet.get("name", ""))] = kept
    return found


def _attributes(text: str) -> dict[str, str]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(text)}


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """The member in pieces that end where an element begins that is no part of a cell."""
    rest = b""
    for chunk in _chunks(archive, member):
        rest += chunk
        end = rest.rfind(b"<row") + 1 or rest.rfind(b":row") + 1
        end = end - 1 if end > 1 else len(rest) if len(rest) > _LONGEST_ROW else 0
        if end:
            yield rest[:end]
            rest = rest[end:]
    yield rest


def _chunks(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    try:
        with archive.open(member) as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise damaged(Path(archive.filename or "")) from None


def _width(columns: set[bytes]) -> int:
    """The number of the last of these columns: ``AB`` is the 28th."""
    last = max((column.upper() for column in columns), key=lambda c: (len(c), c), default=b"")
    number = 0
    for letter in last:
        number = number * 26 + letter - ord("A") + 1
    return number


def _refuse_large(path: Path, sheet: str, cells: int) -> None:
    if cells > _MOST_CELLS:
        raise RecipientError.of(
            "a sheet is too large: its last cell is too far from its first",
            path=str(path),
            expected=f"at most {_MOST_CELLS:,} cells",
            found=f"{cells:,} in {sheet[:40]!r}",
            hint="Delete what stands far below or beside the list, or save it as CSV.",
        )
