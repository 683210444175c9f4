"""Texts that people typed: made clean, and shown in messages."""

import datetime as dt
import re
import unicodedata

__all__ = ["FIELD_TYPES", "clean_text", "control_character", "fits", "matches", "shown"]

EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")
_LONGEST_FORM = 500

FIELD_TYPES = {
    "text": "a text",
    "number": "a number such as 12 or 3.5",
    "date": "a date such as 2019-09-03",
    "flag": "true or false",
}
"""The types of a campaign's own fields, in words."""


_INVISIBLE = {ord(char): None for char in "\u200b\u2060\ufeff"}
"""What copying and pasting leaves behind: spaces of no width and byte order marks."""
_NAMED = {"\n": "a line break", "\t": "a tab"}
# Formatting characters that names in some scripts need: soft hyphen, joiners, and the
# marks of direction. The others turn the text around them, or hide in it.
_HARMLESS_FORMATS = frozenset("\u00ad\u061c\u200c\u200d\u200e\u200f")


def shown(value: object, limit: int = 60) -> str:
    """A value as an error message shows it: quoted, and never endless."""
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        text = repr(value)
    except ValueError:  # Python refuses to print numbers of thousands of digits
        return "a very large number"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clean_text(value: str) -> str:
    """NFC, without white space at the ends and without characters of no width."""
    if value.isprintable() and unicodedata.is_normalized("NFC", value):
        return value.strip()  # nothing printable is of no width
    return unicodedata.normalize("NFC", value.translate(_INVISIBLE)).strip()


def control_character(value: str, *, multiline: bool = False, formats: bool = False) -> str | None:
    """The name of the first character that has no place in a text, or ``None``.

    These are control characters, halves of surrogate pairs and, unless ``formats`` allows
    them, characters that turn the direction of the text around them.
    """
    if value.isprintable():
        return None
    for char in value:
        if char.isprintable() or char == " " or (multiline and char in "\n\t"):
            continue
        category = unicodedata.category(char)
        turning = category == "Cf" and char not in _HARMLESS_FORMATS and not formats
        if category in {"Cc", "Cs", "Zl", "Zp"} or turning or char in "\ufffe\uffff":
            return _NAMED.get(char, f"the character U+{ord(char):04X}")
    return None


def matches(pattern: re.Pattern[str], text: str) -> bool:
    """Whether ``pattern`` matches all of ``text``; what has a form is never long.

    The bound keeps patterns that go back over what they read from taking minutes.
    """
    return len(text) <= _LONGEST_FORM and pattern.fullmatch(text) is not None


def fits(text: str, kind: str) -> bool:
    """Whether ``text`` is of one of the `FIELD_TYPES`."""
    if kind == "number":
        return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
    if kind == "flag":
        return text in {"true", "false"}
    if kind == "date":
        try:
            dt.date.fromisoformat(text)
        except ValueError:
            return False
    return True
