"""Texts kept by the values that they were made of, within bounds.

What most values have said once is never asked for again: an address, a name. So a text is
kept from the second time on; of the first there is only a mark, in a table of fixed size.
"""

import datetime as dt
from array import array
from typing import Any

from markupsafe import Markup

from letter_kit.language import Country

__all__ = ["LONGEST_KEPT", "MOST_CHARACTERS", "MOST_KEPT", "Kept"]

MOST_KEPT = 4096
"""Texts; enough for each country and gender, and then some."""
MOST_CHARACTERS = 2_000_000
"""Characters of all texts, and of what they are kept by."""
LONGEST_KEPT = 20_000
"""Characters of one text, and of what it is kept by."""
_MARKS = 4096
_COMPARED = frozenset({Markup, bool, int, float, dt.date})
"""Types of values that are the same where they are equal."""

Values = tuple[object, ...]


class Kept:
    """Texts by their values; where there are too many, the oldest goes first."""

    def __init__(self) -> None:
        self.last: tuple[Values, str] | None = None
        """The values asked for last of those that are kept, and their text."""
        self._texts: dict[Values, str] = {}
        self._characters = 0
        self._marks: array[int] | None = None

    def is_new(self, values: Values) -> bool:
        """Whether nobody asked for such values before, as far as a mark tells."""
        if self._marks is None:
            self._marks = array("q", bytes(8 * _MARKS))
        try:
            mark = hash(values)
        except TypeError:
            mark = hash(_key(values))
        place = mark % _MARKS
        if self._marks[place] == mark:
            return False
        self._marks[place] = mark
        return True

    def get(self, values: Values) -> str | None:
        """The text of such values, if it is kept."""
        text = self._texts.get(_key(values))
        if text is not None:
            self.last = values, text
        return text

    def put(self, values: Values, text: str) -> None:
        """Keep the text, if it isn't too long."""
        key = _key(values)
        size = _size(key) + len(text)
        if size > LONGEST_KEPT:
            return
        while len(self._texts) >= MOST_KEPT or self._characters + size > MOST_CHARACTERS:
            oldest = next(iter(self._texts))
            self._characters -= _size(oldest) + len(self._texts.pop(oldest))
        self._texts[key] = text
        self._characters += size
        self.last = values, text


class _Same:
    """A value that is the same where it is the same object, as what a run's letters share is."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __hash__(self) -> int:
        return id(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other._value is self._value


def _key(values: Values) -> Values:
    """What is equal for values of which a template says the same, and for no others."""
    return tuple([_key_of(value) for value in values])


def _key_of(value: Any) -> object:
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is tuple:
        return _key(value)
    if kind in _COMPARED:
        return kind, value
    if kind is Country:
        return kind, str(value), value.code, value.formal
    return _Same(value)


def _size(key: object) -> int:
    """The characters of the texts in a key."""
    if isinstance(key, tuple):
        return sum(map(_size, key))
    return len(key) if isinstance(key, str) else 1
