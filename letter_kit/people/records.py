"""What every list gives, however it is kept: records, and how it is written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from letter_kit.errors import Problem

__all__ = ["Dialect", "Knows", "Record", "Records", "Survey", "header_among", "is_blank"]

Knows = Callable[[Sequence[str]], int]
"""How many of these cells are headers that letter-kit knows."""
_A_HEADER_BELOW = 2
"""How many headers it takes to tell a header from a title that stands above it."""


class Record(NamedTuple):
    """One record and the line on which it begins; ``fault`` where it cannot be taken apart."""

    line: int
    cells: tuple[str, ...]
    fault: str | None = None


class Dialect(NamedTuple):
    """How ``failed.csv`` is written, so that what reads the list reads it too.

    ``bom`` says whether a byte order mark goes before it; the text is UTF-8.
    """

    delimiter: str
    bom: bool


class Survey(NamedTuple):
    """What looking through the records below the header showed."""

    rows: int
    """How many are not blank, broken ones included."""
    numbers: Mapping[int, tuple[int, int]]
    """The columns that hold numbers: how many, and the line of the first."""


class Records(Protocol):
    """A list that was opened: its records can be gone through as often as is wanted."""

    dialect: Dialect
    header: Record
    warnings: tuple[Problem, ...]

    def survey(self) -> Survey:
        """Go through all records. Raises `RecipientError` where they cannot be read."""

    def rows(self) -> Iterator[Record]:
        """The records below the header, blank ones included."""


def is_blank(cells: Sequence[str]) -> bool:
    """Whether nothing but white space stands in the cells."""
    return not any(map(str.strip, cells))


def header_among(first: Sequence[Sequence[str]], knows: Knows) -> int:
    """Which of the ``first`` records is the header: titles and dates may stand above it."""
    for index, cells in enumerate(first):
        if knows(cells) >= (_A_HEADER_BELOW if index else 1):
            return index
    return 0
