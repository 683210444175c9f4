"""Lists of recipients: tables of any kind, read row by row as they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from letter_kit.errors import Problem, RecipientError, did_you_mean
from letter_kit.models import CampaignField, Recipient
from letter_kit.people.columns import columns, columns_of
from letter_kit.people.notes import Understood
from letter_kit.people.recipients import ASK_PREFIX, understand, understand_cells, used_columns
from letter_kit.people.records import Dialect, Records, Survey, is_blank
from letter_kit.people.sources import open_list
from letter_kit.reading import shown

__all__ = ["ERROR_HEADER", "RecipientList", "Row", "load_recipients", "load_row"]

_APOSTROPHE = re.compile(r"\A'(?=[=+\-@\t\r])")
"""What letter-kit puts before a cell that a spreadsheet would take for a formula."""
ERROR_HEADER = "error"
"""What letter-kit itself adds to ``failed.csv``."""
_LOSE_ZEROS = ("postal_code", "id")
_IDS_SHOWN = 300


# Rows travel to workers, and tuples travel fast.
class Row(NamedTuple):
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

    @property
    def id(self) -> str:
        """The row's own id, else its number."""
        column = _id_column(self.headers)
        own = self.cells[column].strip() if column is not None and column < len(self.cells) else ""
        return own or str(self.number)

    def recipient(
        self, fields: Sequence[CampaignField] = (), overrides: Mapping[str, str] | None = None
    ) -> Recipient:
        """The row's recipient. Raises `RecipientError` with every problem of the row."""
        return self.understood(fields, overrides).recipient

    def understood(
        self, fields: Sequence[CampaignField] = (), overrides: Mapping[str, str] | None = None
    ) -> Understood:
        """The row's recipient, and what was made of cells that are words and not codes.

        ``fields`` are what the campaign asks for besides; ``overrides`` replace cells.
        Raises `RecipientError` with every problem of the row.
        """
        self._check()
        if overrides:
            values = columns().overlaid(self.values, overrides)
            return understand(values, fields, path=self.path, line=self.line, ignore_unknown=True)
        own = tuple(f for f in fields if f.owner == "recipient")
        used = used_columns(self.headers, own)
        cells = self.cells
        found = [(header, name, cells[at]) for at, header, name in used if cells[at]]
        return understand_cells(found, own, path=self.path, line=self.line)

    def _check(self) -> None:
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


@lru_cache(maxsize=64)
def _id_column(headers: tuple[str, ...]) -> int | None:
    for index, name in enumerate(columns_of(headers)):
        if name is not None and name.column == "id":
            return index
    return None


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
    columns: tuple[tuple[str, str | None], ...]
    """Each header with what it stands for; ``None`` where it is ignored."""
    warnings: tuple[Problem, ...]
    """What is doubtful of the list as a whole: other sheets, postal codes kept as numbers."""
    _records: Records = field(repr=False)

    def __iter__(self) -> Iterator[Row]:
        number = 0
        path = str(self.path)
        for record in self._records.rows():
            if is_blank(record.cells):
                continue
            number += 1
            yield Row(number, record.line, _plain(record.cells), self.headers, path, record.fault)


def load_recipients(
    path: str | Path,
    fields: Sequence[CampaignField] = (),
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> RecipientList:
    """The list in ``path``: its header understood, its rows counted and still to be read.

    The list is CSV, TSV, XLSX, XLS or ODS. A text is in UTF-8, or says itself what it is in,
    or is in ``encoding``; the delimiter shows in the header, or is ``delimiter`` (a
    character, or ``comma``, ``semicolon``, ``tab``, ``pipe``).

    Raises `RecipientError` where the file cannot be read to its end, is empty, or has a
    header that is no header. Rows raise their own errors when they are asked for their
    recipient.
    """
    path = Path(path)
    own = {f.name for f in fields if f.owner == "recipient"}

    def knows(cells: Sequence[str]) -> int:
        return sum(meaning is not None for meaning in _meanings(tuple(cells), own))

    records = open_list(path, encoding, delimiter, knows)
    headers = _plain(records.header.cells)
    meanings = tuple(zip(headers, _meanings(headers, own), strict=True))
    _check_headers(meanings, str(path), records.header.line)
    survey = records.survey()
    ignored = tuple(
        header
        for header, meaning in meanings
        if meaning is None and header.strip() and header != ERROR_HEADER
    )
    warnings = (*records.warnings, *_lost_zeros(meanings, survey, str(path)))
    return RecipientList(
        path, headers, records.dialect, survey.rows, ignored, meanings, warnings, records
    )


def _plain(cells: tuple[str, ...]) -> tuple[str, ...]:
    if any(cell.startswith("'") for cell in cells):
        return tuple(_APOSTROPHE.sub("", cell) for cell in cells)
    return cells


def _meanings(headers: tuple[str, ...], own_fields: Set[str]) -> tuple[str | None, ...]:
    """What each header stands for: a column, an ask, or a field of the campaign's own."""
    meanings: list[str | None] = []
    for header, name in zip(headers, columns_of(headers), strict=True):
        if header in own_fields or header.startswith(ASK_PREFIX):
            meanings.append(header)
        elif name is not None:
            meanings.append(f"{name.column}_{name.language}" if name.language else name.column)
        else:
            meanings.append(None)
    return tuple(meanings)


def _check_headers(meanings: Sequence[tuple[str, str | None]], path: str, line: int) -> None:
    """Raise `RecipientError` where two headers stand for the same, or none for anything."""
    problems = []
    seen: dict[str, str] = {}
    for header, meaning in meanings:
        if meaning is None:
            continue
        if meaning in seen:
            problems.append(
                Problem(
                    f"two columns mean {meaning}",
                    path=path,
                    line=line,
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
                line=line,
                expected="headers such as office, country, family_name",
                found=shown(", ".join(header for header, _ in meanings)),
            )
        )
    if problems:
        raise RecipientError(problems)


def _lost_zeros(
    meanings: Sequence[tuple[str, str | None]], survey: Survey, path: str
) -> Iterator[Problem]:
    for index, (header, meaning) in enumerate(meanings):
        if meaning in _LOSE_ZEROS and index in survey.numbers:
            count, line = survey.numbers[index]
            yield Problem(
                "kept as numbers, which have no zeros at their beginning",
                path=path,
                line=line,
                key=header,
                found=f"{count} of {survey.rows} cells",
                hint="Format the column as text, and type the zeros that are missing.",
                severity="warning",
            )


def load_row(
    path: str | Path,
    wanted: str,
    fields: Sequence[CampaignField] = (),
    overrides: Mapping[str, str] | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Recipient:
    """The recipient of ``FILE.csv#wanted``: a row's id, else its number counted from 1.

    Raises `RecipientError` where there is no such row, or more than one with that id.
    """
    recipients = load_recipients(path, fields, encoding=encoding, delimiter=delimiter)
    by_id: list[Row] = []
    by_number: list[Row] = []
    ids: list[str] = []
    for row in recipients:
        if row.id == wanted:
            by_id.append(row)
        elif str(row.number) == wanted:
            by_number.append(row)
        elif len(ids) < _IDS_SHOWN and not row.id.isdigit():
            ids.append(row.id)
    if len(by_id) > 1:
        raise RecipientError.of(
            f"the id {wanted} stands in {len(by_id)} rows",
            path=str(path),
            line=by_id[1].line,
            hint="Give the rows different ids.",
        )
    found = by_id or by_number
    if not found:
        raise RecipientError.of(
            f"there is no row {wanted}",
            path=str(path),
            expected=f"a row number from 1 to {recipients.rows}, or a row's id",
            hint=did_you_mean(wanted, ids),
        )
    return found[0].recipient(fields, overrides)
