"""The records of a CSV file, one by one, broken ones included."""

import codecs
import csv
import stat
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import NamedTuple, cast

from letter_kit.errors import RecipientError
from letter_kit.paths import is_folder

__all__ = ["Dialect", "Record", "read_dialect", "read_records"]

_DELIMITERS = ",;\t|"
_LONGEST_LINE = 1_000_000
"""Characters; a longer line is no list of people."""


class Record(NamedTuple):
    """One record and the line on which it begins; ``fault`` where it cannot be taken apart."""

    line: int
    cells: tuple[str, ...]
    fault: str | None = None


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
        except UnicodeDecodeError:
            raise RecipientError.of(
                "the file is not UTF-8",
                path=str(self._path),
                hint="Save it as 'CSV UTF-8' and try again.",
            ) from None
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


class Dialect(NamedTuple):
    """How a file is written: its delimiter, and whether it begins with a byte order mark."""

    delimiter: str
    bom: bool


def read_dialect(path: Path) -> Dialect:
    """The delimiter of the header (comma, semicolon, tab or bar), and the mark before it.

    Raises `RecipientError` where the file cannot be read or begins with an empty line.
    """
    with _opened(path) as file:
        bom = cast(BufferedReader, file.buffer).peek(3).startswith(codecs.BOM_UTF8)
        header = next(_Lines(file, path), "")
    if not header.strip():
        raise RecipientError.of(
            "the list is empty" if not header else "the first line is empty",
            path=str(path),
            line=1,
            expected="a line of headers, such as office,country,family_name",
        )
    delimiter = max(_DELIMITERS, key=lambda char: (header.count(char), char == ","))
    return Dialect(delimiter, bom)


def read_records(path: Path, dialect: Dialect) -> Iterator[Record]:
    """Every record, the header first. A record that is badly quoted comes with its fault.

    Raises `RecipientError` where the file cannot be read, is not UTF-8, or ends inside
    quotation marks: then nobody can tell which rows there are.
    """
    csv.field_size_limit(_LONGEST_LINE)
    with _opened(path) as file:
        lines = _Lines(file, path)
        reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
        while True:
            begins = lines.number + 1
            lines.record.clear()
            try:
                cells = next(reader, None)
            except csv.Error as exc:
                if "unexpected end of data" in str(exc):
                    raise RecipientError.of(
                        "a quotation mark opens a cell and is never closed",
                        path=str(path),
                        line=begins,
                        hint="Close it, or write it twice where it belongs to the text.",
                    ) from None
                yield Record(begins, ("".join(lines.record).rstrip("\r\n"),), str(exc))
                continue
            if cells is None:
                return
            yield Record(begins, tuple(cells))


def _opened(path: Path) -> TextIOWrapper:
    if is_folder(path):
        raise RecipientError.of("expected a file, found a folder", path=str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RecipientError.of("expected a file, found a device or pipe", path=str(path))
        return TextIOWrapper(path.open("rb"), encoding="utf-8-sig", newline="")
    except FileNotFoundError:
        raise RecipientError.of(
            "there is no such file", path=str(path), hint="Look at the name."
        ) from None
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else exc
        raise RecipientError.of(
            f"the file cannot be read: {reason}", path=str(path)[:200]
        ) from None
