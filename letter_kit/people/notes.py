"""What was made of cells that do not speak for themselves: a guess is never silent."""

from typing import Literal, NamedTuple

from letter_kit.models import Recipient

__all__ = ["Note", "NoteKind", "Understood"]

NoteKind = Literal["read", "guess", "blank", "unclear"]
"""``read``: a word of the tables; ``guess``: it follows from another cell's words, such as the
gender from a title; ``blank``: a placeholder, taken for nothing; ``unclear``: left as it is."""


class Note(NamedTuple):
    """``found`` in the column ``column`` (its header) was taken to mean ``meaning``."""

    column: str
    found: str
    meaning: str
    kind: NoteKind


class Understood(NamedTuple):
    """A recipient, and what was made of the cells that are words and not codes."""

    recipient: Recipient
    notes: tuple[Note, ...]
