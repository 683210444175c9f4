"""Lists of recipients: CSV files, read row by row as they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from letter_kit.errors import Problem, RecipientError, did_you_mean
from letter_kit.models import CampaignField, Recipient
from letter_kit.people.columns import columns
from letter_kit.people.recipients import ASK_PREFIX, recipient_from_values
from letter_kit.people.records import Dialect, read_dialect, read_records
from letter_kit.reading import shown

__all__ = ["ERROR_HEADER", "RecipientList", "Row", "load_recipients", "load_row"]

_APOSTROPHE = re.compile(r"\A'(?=[=+\-@\t\r])")
"""What letter-kit puts before a cell that a spreadsheet would take for a formula."""
ERROR_HEADER = "error"
"""What letter-kit itself adds to ``failed.csv``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came. ``number`` counts rows from 1, ``line`` lines of the file."""

    number: int
    line: int
    cells: tuple[str, ...]
    headers: tuple[str, ...]
    path: str
    fault: str | None = None
    """Why the row cannot be taken apart; its cells are then the line as it stands."""

    @property
    def values(self) -> dict[str, str]:
        return dict(zip(self.headers, self.cells, strict=False))

    def recipient(
        self, fields: Sequence[CampaignField] = (), overrides: Mapping[str, str] | None = None
    ) -> Recipient:
        """The row's recipient. Raises `RecipientError` with every problem of the row."""
        if self.fault is not None:
            raise RecipientError.of(
                f"the row cannot be read: {self.fault}",
                path=self.path,
                line=self.line,
                hint="Quotation marks stand around a whole cell; inside it, they are doubled.",
            )
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
            columns().overlaid(self.values, overrides or {}),
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
    """A list that was looked through once; iterating reads its rows, without the blank ones."""

    path: Path
    headers: tuple[str, ...]
    dialect: Dialect
    rows: int
    """How many rows there are, broken ones included."""
    ignored: tuple[str, ...]
    """Headers that stand for no column and for no field of the campaign."""

    def __iter__(self) -> Iterator[Row]:
        number = 0
        for record in islice(read_records(self.path, self.dialect), 1, None):
            if not any(cell.strip() for cell in record.cells):
                continue
            number += 1
            cells = tuple(_APOSTROPHE.sub("", cell) for cell in record.cells)
            yield Row(number, record.line, cells, self.headers, str(self.path), record.fault)


def load_recipients(path: str | Path, fields: Sequence[CampaignField] = ()) -> RecipientList:
    """The list in ``path``: its header understood, its rows counted and still to be read.

    Raises `RecipientError` where the file cannot be read to its end, is empty, or has a
    header that is no header. Rows raise their own errors when they are asked for their
    recipient.
    """
    path = Path(path)
    dialect = read_dialect(path)
    records = read_records(path, dialect)
    first = next(records)
    if first.fault is not None:
        raise RecipientError.of(f"the header cannot be read: {first.fault}", path=str(path), line=1)
    headers = tuple(_APOSTROPHE.sub("", cell) for cell in first.cells)
    rows = sum(any(cell.strip() for cell in record.cells) for record in records)
    ignored = _ignored(headers, {f.name for f in fields if f.owner == "recipient"}, str(path))
    return RecipientList(path, headers, dialect, rows, ignored)


def _ignored(headers: tuple[str, ...], own_fields: Set[str], path: str) -> tuple[str, ...]:
    """The headers that stand for nothing.

    Raises `RecipientError` where two headers stand for the same, or none for anything.
    """
    problems = []
    seen: dict[str, str] = {}
    ignored = []
    for header in headers:
        name = columns().named(header)
        if header in own_fields or header.startswith(ASK_PREFIX):
            meaning = header
        elif name is not None:
            meaning = f"{name.column}_{name.language}" if name.language else name.column
        else:
            if header != ERROR_HEADER:
                ignored.append(header)
            continue
        if meaning in seen:
            problems.append(
                Problem(
                    f"two columns mean {meaning}",
                    path=path,
                    line=1,
                    found=f"{shown(seen[meaning])} and {shown(header)}",
                    hint="Rename or remove one of them.",
                )
            )
        seen[meaning] = header
    if not seen:
        problems.append(
            Problem(
                "the first line names no column that letter-kit knows",
                path=path,
                line=1,
                expected="headers such as office, country, family_name",
                found=shown(", ".join(headers)),
            )
        )
    if problems:
        raise RecipientError(problems)
    return tuple(ignored)


def load_row(
    path: str | Path,
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
