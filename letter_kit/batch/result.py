"""The account of a run, as a program and the command line see it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from letter_kit.people import Note, Row

__all__ = ["BatchResult", "Told"]

_LINES_KEPT = 8
_MOST_TOLD = 200
_AND_OTHERS = "… and others; manifest.csv has them all"
Key = TypeVar("Key")


class Told(NamedTuple):
    """Something that was told of several rows: of how many, and the first of their lines."""

    rows: int
    lines: tuple[int, ...]


@dataclass(slots=True)
class BatchResult:
    """The account of a run: done + failed + skipped = rows read.

    Its size does not grow with the rows.
    """

    folder: Path
    done: int = 0
    failed: int = 0
    skipped: int = 0
    files: int = 0
    """Files that this run wrote."""
    kept: int = 0
    """Rows of those done whose letters were there already, as they must be."""
    languages: Counter[str] = field(default_factory=Counter)
    offices: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    warnings: dict[str, Told] = field(default_factory=dict)
    reasons: dict[str, Told] = field(default_factory=dict)
    """Why rows were skipped."""
    notes: dict[Note, Told] = field(default_factory=dict)
    """What was made of cells that do not speak for themselves."""
    duplicates: list[list[int]] = field(default_factory=list)
    """Rows that are for the same person at the same address, together."""
    bundles: list[Path] = field(default_factory=list)
    """The combined PDFs and the zip that were made of all letters."""
    first: Row | None = None
    """The first row that has a letter."""
    left_over: int = 0
    """Rows on record that the list does not have any more; their letters were left alone."""
    filled: int = 0
    """PDFs that were filled into what another letter had laid out."""
    laid_out: int = 0
    """PDFs that were laid out in full."""
    stopped: bool = False
    """Whether somebody stopped the run before its end."""

    @property
    def rows(self) -> int:
        """The rows that were read."""
        return self.done + self.failed + self.skipped

    def warn(self, text: str, line: int) -> None:
        """Count a warning for the row on ``line``."""
        _tell(self.warnings, text, line, _AND_OTHERS)

    def note(self, note: Note, line: int) -> None:
        """Count what was made of a cell of the row on ``line``."""
        _tell(self.notes, note, line, Note("…", "…", "…", note.kind))

    def skip(self, reason: str, line: int) -> None:
        """Count a row that was skipped."""
        self.skipped += 1
        _tell(self.reasons, reason, line, _AND_OTHERS)


def _tell(told: dict[Key, Told], key: Key, line: int, others: Key) -> None:
    if key not in told and len(told) >= _MOST_TOLD:
        key = others
    rows, lines = told.get(key, Told(0, ()))
    told[key] = Told(rows + 1, tuple(sorted((*lines, line))[:_LINES_KEPT]))
