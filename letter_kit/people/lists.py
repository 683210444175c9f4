"""Lists of recipients: CSV files, read row by row as they stand."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from letter_kit.errors import Problem, RecipientError, did_you_mean
from letter_kit.models import CampaignField, Recipient
from letter_kit.people.columns import columns
from letter_kit.people.recipients import ASK_PREFIX, recipient_from_values

__all__ = ["RecipientList", "Row", "load_recipients", "load_row"]

_DELIMITERS = ",;\t|"
_APOSTROPHE = re.compile(r"\A'(?=[=+\-@\t\r])")
"""What letter-kit puts before a cell that a spreadsheet would take for a formula."""
_NO_COLUMN = frozenset({"error"})
"""Headers that letter-kit itself adds to ``failed.csv``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came. ``number`` counts rows from 1, ``line`` lines of the file."""

    number: int
    line: int
    cells: tuple[str, ...]
    headers: tuple[str, ...]
    path: str

    @property
    def values(self) -> dict[str, str]:
        return dict(zip(self.headers, self.cells, strict=False))

    def recipient(
        self, fields: Sequence[CampaignField] = (), overrides: Mapping[str, str] | None = None
    ) -> Recipient:
        """The row's recipient. Raises `RecipientError` with every problem of the row."""
        if len(self.cells) != len(self.headers):
            raise RecipientError.of(
                "the row does not have as many cells as the header",
                path=self.path,
                line=self.line,
                expected=f"{len(self.headers)} cells",
                found=str(len(self.cells)),
                hint="A cell with the delimiter in it must stand in quotes.",
            )
        return recipient_from_values(
            self.values | dict(overrides or {}),
            fields,
            path=self.path,
            line=self.line,
            ignore_unknown=True,
        )

    @property
    def id(self) -> str:
        """The row's own id, else its number."""
        for header, cell in zip(self.headers, self.cells, strict=False):
            name = columns().named(header)
            if name is not None and name.column == "id" and cell.strip():
                return cell.strip()
        return str(self.number)


@dataclass(frozen=True, slots=True)
class RecipientList:
    """A list whose header was understood; iterating reads its rows, without the blank ones."""

    path: Path
    headers: tuple[str, ...]
    delimiter: str
    ignored: tuple[str, ...]
    """Headers that stand for no column and for no field of the campaign."""

    def __iter__(self) -> Iterator[Row]:
        number = 0
        for line, cells in _records(self.path, self.delimiter):
            if number == 0 and tuple(cells) == self.headers and line == 1:
                continue
            if any(cell.strip() for cell in cells):
                number += 1
                yield Row(number, line, tuple(cells), self.headers, str(self.path))


def load_recipients(path: Path, fields: Sequence[CampaignField] = ()) -> RecipientList:
    """The list in ``path``: its header understood, its rows still to be read.

    Raises `RecipientError` where the file cannot be read, is empty, or has a header that
    is no header. Rows raise their own errors when they are asked for their recipient.
    """
    first_line = _first_line(path)
    delimiter = max(_DELIMITERS, key=lambda char: (first_line.count(char), char == ","))
    _, headers = next(_records(path, delimiter), (1, []))
    own = {field.name for field in fields if field.owner == "recipient"}
    problems = []
    seen: dict[str, str] = {}
    ignored = []
    for header in headers:
        name = columns().named(header)
        if header in own or header.startswith(ASK_PREFIX):
            meaning = header
        elif name is None:
            if header not in _NO_COLUMN:
                ignored.append(header)
            continue
        else:
            meaning = f"{name.column}_{name.language}" if name.language else name.column
        if meaning in seen:
            problems.append(
                Problem(
                    f"two columns mean {meaning}",
                    path=str(path),
                    line=1,
                    found=f"{seen[meaning]!r} and {header!r}",
                    hint="Rename or remove one of them.",
                )
            )
        seen[meaning] = header
    if not seen:
        problems.append(
            Problem(
                "the first line names no column that letter-kit knows",
                path=str(path),
                line=1,
                expected="headers such as office, country, family_name",
                hint=did_you_mean(headers[0] if headers else "", columns().kinds),
            )
        )
    if problems:
        raise RecipientError(problems)
    return RecipientList(path, tuple(headers), delimiter, tuple(ignored))


def load_row(
    path: Path,
    wanted: str,
    fields: Sequence[CampaignField] = (),
    overrides: Mapping[str, str] | None = None,
) -> Recipient:
    """The recipient of ``FILE.csv#wanted``: a row's id, else its number counted from 1.

    Raises `RecipientError` where there is no such row, or more than one with that id.
    """
    rows = list(load_recipients(path, fields))
    by_id = [row for row in rows if row.id == wanted]
    if len(by_id) > 1:
        raise RecipientError.of(
            f"the id {wanted} stands in {len(by_id)} rows",
            path=str(path),
            line=by_id[1].line,
            hint="Give the rows different ids.",
        )
    found = by_id or [row for row in rows if str(row.number) == wanted]
    if not found:
        raise RecipientError.of(
            f"there is no row {wanted}",
            path=str(path),
            expected=f"a row number from 1 to {len(rows)}, or a row's id",
            hint=did_you_mean(wanted, [row.id for row in rows if not row.id.isdigit()]),
        )
    return found[0].recipient(fields, overrides)


def _first_line(path: Path) -> str:
    for line, cells in _records(path, "\x00"):
        if line == 1 and cells[0].strip():
            return cells[0]
    raise RecipientError.of(
        "the list is empty",
        path=str(path),
        expected="a line of headers, such as office,country,family_name",
    )


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins. Raises `RecipientError`."""
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if delimiter == "\x00":
                yield 1, [file.readline()]
                return
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            for cells in reader:
                yield line, [_APOSTROPHE.sub("", cell) for cell in cells]
                line = reader.line_num + 1
    except FileNotFoundError:
        raise RecipientError.of("there is no such file", path=str(path)) from None
    except IsADirectoryError:
        raise RecipientError.of("expected a file, found a folder", path=str(path)) from None
    except UnicodeDecodeError:
        raise RecipientError.of(
            "the file is not UTF-8",
            path=str(path),
            line=line,
            hint="Save it as 'CSV UTF-8' and try again.",
        ) from None
    except csv.Error as exc:
        raise RecipientError.of(
            f"the row cannot be read: {exc}",
            path=str(path),
            line=line,
            hint="A quotation mark that opens a cell must be closed.",
        ) from None
    except OSError as exc:
        raise RecipientError.of(f"the file cannot be read: {exc}", path=str(path)) from None
