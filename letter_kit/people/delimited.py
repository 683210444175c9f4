"""Lists as text: CSV, TSV and their like, read record by record, broken ones included."""

import csv
import re
import stat
from collections.abc import Generator, Iterator
from contextlib import closing
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from letter_kit.errors import Problem, RecipientError, did_you_mean
from letter_kit.paths import is_folder
from letter_kit.people.encodings import encoding_of, not_decoded
from letter_kit.people.records import Dialect, Knows, Record, Survey, header_among, is_blank
from letter_kit.reading import shown

__all__ = ["TextRecords", "check_file", "delimiter_named", "open_text"]

_DELIMITERS = ",;\t|"
_WORDS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "bar": "|"}
_LONGEST_LINE = 1_000_000
"""Characters; a longer line is no list of people."""
_HEAD = 4096
"""Bytes from which it shows what a file is."""
_FIRST_LINES = 10
"""Among these is the header."""
_QUOTED = re.compile(r'(?:(?<=[,;\t|])|^)"(?:[^"]|"")*"')
_OPEN = re.compile(r'(?:^|[,;\t|])"[^"]*\Z')
_MOST_BREAKS = 50
"""In the cells of a header."""
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)
"""What Excel reads in a first line."""
_TABBED = {".tsv", ".tab"}


class _Lines:
    """The lines of a file, those of the current record remembered."""

    def __init__(self, file: TextIOWrapper, path: Path) -> None:
        self._file = file
        self._path = path
        self.number = 0
        self.record: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._file.readline(_LONGEST_LINE + 1)
        except UnicodeError:
            raise not_decoded(self._path, self._file.encoding) from None
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > _LONGEST_LINE:
            raise RecipientError.of(
                "the line is too long for a list of people",
                path=str(self._path),
                line=self.number,
                expected=f"at most {_LONGEST_LINE:,} characters",
            )
        self.record.append(line)
        return line


def _bounded(file: TextIOWrapper) -> Iterator[str]:
    """The lines of a file. Raises `ValueError` at one that is too long."""
    while line := file.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise ValueError
        yield line


class TextRecords:
    """A list as text. Nothing of it is kept: each look goes through the file."""

    def __init__(self, path: Path, encoding: str, dialect: Dialect, begins: int) -> None:
        """``begins`` is the line of the header."""
        self.path = path
        self.encoding = encoding
        self.dialect = dialect
        self._begins = begins
        with closing(self._records()) as records:
            self.header = next(records)
        self.warnings: tuple[Problem, ...] = ()

    def survey(self) -> Survey:
        """Count the rows, quickly where nothing is wrong with them."""
        try:
            return Survey(self._count(), {})
        except (csv.Error, ValueError):
            pass  # what is wrong, and where, shows in going through record by record
        with closing(self._records()) as records:
            next(records)
            return Survey(sum(not is_blank(record.cells) for record in records), {})

    def _count(self) -> int:
        """How many rows there are. Raises `csv.Error` or `ValueError` where any is broken."""
        with _opened(self.path, self.encoding) as file:
            lines = _bounded(file)
            for _ in range(self._begins - 1):
                next(lines)
            reader = csv.reader(lines, delimiter=self.dialect.delimiter, strict=True)
            next(reader)
            return sum(any(map(str.strip, cells)) for cells in reader)

    def rows(self) -> Iterator[Record]:
        return islice(self._records(), 1, None)

    def _records(self) -> Generator[Record, None, None]:
        """Every record, the header first. A record that is badly quoted comes with its fault.

        Raises `RecipientError` where the file is not in its encoding, or ends inside
        quotation marks: then nobody can tell which rows there are.
        """
        csv.field_size_limit(_LONGEST_LINE)
        with _opened(self.path, self.encoding) as file:
            lines = _Lines(file, self.path)
            for _ in range(self._begins - 1):
                next(lines)
            reader = csv.reader(lines, delimiter=self.dialect.delimiter, strict=True)
            remembered = lines.record
            while True:
                begins = lines.number + 1
                remembered.clear()
                try:
                    cells = next(reader, None)
                except csv.Error as exc:
                    yield self._broken(begins, "".join(remembered), str(exc))
                    continue
                if cells is None:
                    return
                yield Record(begins, tuple(cells))

    def _broken(self, begins: int, text: str, reason: str) -> Record:
        if "unexpected end of data" in reason or "field larger" in reason:
            raise RecipientError.of(
                "a quotation mark opens a cell and is never closed",
                path=str(self.path),
                line=begins,
                hint="Close it, or write it twice where it belongs to the text.",
            )
        return Record(begins, (text.rstrip("\r\n"),), reason)


def open_text(path: Path, encoding: str | None, delimiter: str | None, knows: Knows) -> TextRecords:
    """The records of a text file, its header found among the first lines.

    Raises `RecipientError` where the file cannot be read or is empty, its header is badly
    quoted, or what was asked for does not fit it.
    """
    check_file(path)
    with path.open("rb") as raw:
        head = raw.read(_HEAD)
    encoding, marked = encoding_of(head, encoding, str(path))
    if b"\0" in head and not encoding.startswith(("utf-16", "utf-32")):
        raise RecipientError.of(
            "this is no list: there are bytes in it that no text has",
            path=str(path),
            line=head.count(b"\n", 0, head.index(b"\0")) + 1,
            expected="CSV, TSV, XLSX or ODS",
        )
    if delimiter is not None:
        delimiter = delimiter_named(delimiter)
    elif path.suffix.lower() in _TABBED:
        delimiter = "\t"
    with _opened(path, encoding) as file:
        begins, delimiter = _beginning(_Lines(file, path), delimiter, knows, str(path))
    bom = marked or encoding != "utf-8"
    records = TextRecords(path, encoding, Dialect(delimiter, bom), begins)
    if records.header.fault is not None:
        raise RecipientError.of(
            f"the header cannot be read: {records.header.fault}", path=str(path), line=begins
        )
    return records


def delimiter_named(text: str) -> str:
    """The character that ``--delimiter`` means: itself, or ``tab`` and the like.

    Raises `RecipientError` where it is no delimiter.
    """
    delimiter = _WORDS.get(text.lower(), "\t" if text == "\\t" else text)
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
        raise RecipientError.of(
            "this cannot stand between cells",
            key="--delimiter",
            expected=f"a character, or {', '.join(_WORDS)}",
            found=shown(text),
            hint=did_you_mean(text, _WORDS),
        )
    return delimiter


def _beginning(lines: _Lines, delimiter: str | None, knows: Knows, path: str) -> tuple[int, str]:
    """The line of the header, and the delimiter."""
    first: list[tuple[int, str, list[str]]] = []
    for line in lines:
        number = lines.number
        if number == 1 and (said := _SEPARATOR_LINE.fullmatch(line.removeprefix("\ufeff"))):
            delimiter = delimiter or said[1]
            continue
        if not line.strip(" \t\r\n\ufeff"):
            continue
        text, bare = _whole(line, lines)
        likely = delimiter or max(_DELIMITERS, key=lambda c: (bare.count(c), c == ","))
        first.append((number, likely, _cells(text, likely)))
        if len(first) == _FIRST_LINES:
            break
    if not first:
        raise RecipientError.of(
            "the list is empty",
            path=path,
            line=1,
            expected="a line of headers, such as office,country,family_name",
        )
    begins, delimiter, _ = first[header_among([cells for _, _, cells in first], knows)]
    return begins, delimiter


def _whole(line: str, lines: _Lines) -> tuple[str, str]:
    """The record that begins with ``line``, and the same without what stands in quotes."""
    for _ in range(_MOST_BREAKS):
        bare = _QUOTED.sub("", line)
        if not _OPEN.search(bare) or not (more := next(lines, "")):
            break
        line += more
    return line, bare


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader(line.splitlines(keepends=True), delimiter=delimiter), [])


def check_file(path: Path) -> None:
    """Raise `RecipientError` where ``path`` is no file, or one that may not be read."""
    if is_folder(path):
        raise RecipientError.of(
            "expected a file, found a folder", path=str(path), hint="Name a file in it."
        )
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RecipientError.of("expected a file, found a device or pipe", path=str(path))
        path.open("rb").close()
    except FileNotFoundError:
        raise RecipientError.of(
            "there is no such file", path=str(path), hint="Look at the name."
        ) from None
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else exc
        raise RecipientError.of(
            f"the file cannot be read: {reason}", path=str(path)[:200]
        ) from None


def _opened(path: Path, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(path.open("rb"), encoding=encoding, newline="")
