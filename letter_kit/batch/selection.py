"""Which rows of a list are written to, and which of them belong together."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from letter_kit.errors import InputError, RecipientError, did_you_mean
from letter_kit.people import RecipientList, Row, recipient_from_values
from letter_kit.people.columns import columns

__all__ = ["Condition", "Exclusions", "check_columns", "condition", "group_key", "meaning"]

_CONDITION = re.compile(r"\s*(?P<column>[^=!]+?)\s*(?P<operator>!?=)\s*(?P<values>.*?)\s*")
_TYPED = {"office", "gender", "country", "language"}
"""Kinds of columns whose cells are words for a code."""
_STANDS_IN = {"represents_country": "country"}
"""What a column means where the list does not have it."""


class Condition(NamedTuple):
    """``country=FR,BE`` or ``tags!=old``: a column whose cell is one of some values, or none."""

    column: str
    values: frozenset[str]
    wanted: bool
    said: str

    def admits(self, row: Row) -> bool:
        """Whether the row meets it.

        A cell that cannot be understood meets every condition: its row is then told as one
        that failed, and does not vanish.
        """
        if row.fault is not None or len(row.cells) != len(row.headers):
            return True
        header = self.column_in(row.headers)
        cell = row.cells[row.headers.index(header)] if header is not None else ""
        found = meaning(self.column, cell)
        return found is None or (not self.values.isdisjoint(found)) is self.wanted

    def column_in(self, headers: Sequence[str]) -> str | None:
        """The header of its column."""
        return _header_of(self.column, tuple(headers))


def condition(text: str, recipients: RecipientList) -> Condition:
    """The condition that ``text`` states for a list.

    Raises `InputError` where it states none, or the list has no such column.
    """
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise InputError.of(
            "the condition cannot be read",
            expected="COLUMN=VALUE or COLUMN!=VALUE, such as country=FR",
            found=repr(text)[:80],
        )
    column = match["column"]
    if _header_of(column, recipients.headers) is None:
        raise _no_column(column, recipients)
    values: set[str] = set()
    for value in match["values"].split(","):
        understood = meaning(column, value)
        if understood is None:
            raise InputError.of(
                f"no row can have the {column} {value!r}",
                hint="Write the value as a cell of the list would have it.",
            )
        values |= understood
    return Condition(column, frozenset(values), match["operator"] == "=", text)


@lru_cache(maxsize=10_000)
def meaning(column: str, cell: str) -> frozenset[str] | None:
    """What a cell of a column means, in a form that can be compared: a country by its code.

    A cell that holds a list means each of its entries. ``None`` where it cannot be understood.
    """
    name = columns().named(column)
    text = " ".join(cell.split())
    if name is None or not text:
        return frozenset({text.casefold()})
    kind = columns().kinds[name.column]
    if kind == "list":
        return frozenset(part.strip().casefold() for part in text.split(";"))
    if kind not in _TYPED:
        return frozenset({text.casefold()})
    try:
        recipient = recipient_from_values({name.column: text, "organisation": "x"})
    except RecipientError:
        return None
    return frozenset({str(getattr(recipient, name.column)).casefold()})


@lru_cache(maxsize=100)
def _header_of(column: str, headers: tuple[str, ...]) -> str | None:
    """The header that a person means who names a column."""
    if column in headers:
        return column
    wanted = columns().named(column)
    by_meaning = {columns().named(header): header for header in reversed(headers)}
    if wanted is not None and wanted in by_meaning:
        return by_meaning[wanted]
    stand_in = columns().named(_STANDS_IN.get(wanted.column, "")) if wanted else None
    if stand_in is not None and stand_in in by_meaning:
        return by_meaning[stand_in]
    return next((h for h in headers if h.strip().casefold() == column.strip().casefold()), None)


class Exclusions:
    """The people that are left out, from a list of them or a file with an id or address a line.

    A row of the list leaves out whoever has its ``id``; where it gives none, whoever has its
    ``email``; where it gives none either, whoever is the same in every column it gives.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._keys: set[tuple[tuple[str, str], ...]] = set()
        self._shapes: set[tuple[str, ...]] = set()
        for row in rows:
            given = _given(row)
            for column in ("id", "email"):
                if column in given:
                    given = {column: given[column]}
                    break
            if given:
                self._keys.add(tuple(sorted(given.items())))
                self._shapes.add(tuple(sorted(given)))

    def __contains__(self, row: Row) -> bool:
        if not self._keys:
            return False
        given = _given(row)
        return any(
            tuple((column, given[column]) for column in shape) in self._keys
            for shape in self._shapes
            if given.keys() >= set(shape)
        )


def _given(row: Row) -> dict[str, str]:
    """The cells of a row that are not blank, by column, in a form that can be compared."""
    given = {}
    for header, cell in zip(row.headers, row.cells, strict=False):
        name = columns().named(header)
        if name is not None and cell.strip():
            understood = meaning(header, cell)
            given[name.column] = ";".join(sorted(understood)) if understood else cell.casefold()
    return given


def group_key(row: Row, by: Sequence[str]) -> bytes | None:
    """What rows share that mean the same in every column of ``by``; ``None`` where all are blank.

    A cell that cannot be understood stands for itself.
    """
    values = row.values
    cells = [values.get(_header_of(column, row.headers) or "", "") for column in by]
    if not any(cell.strip() for cell in cells):
        return None
    meant = [sorted(meaning(c, cell) or (cell,)) for c, cell in zip(by, cells, strict=True)]
    return repr(meant).encode("utf-8", "surrogatepass")


def check_columns(by: Sequence[str], recipients: RecipientList) -> None:
    """Raise `InputError` where the list lacks one of the columns ``by``."""
    for column in by:
        if _header_of(column, recipients.headers) is None:
            raise _no_column(column, recipients)


def _no_column(column: str, recipients: RecipientList) -> InputError:
    return InputError.of(
        f"the list has no column {column}",
        path=str(recipients.path),
        line=1,
        hint=did_you_mean(column, recipients.headers),
    )
