"""Texts that people typed: made clean, and shown in messages."""

import unicodedata

__all__ = ["clean_text", "control_character", "shown"]


def shown(value: object, limit: int = 60) -> str:
    """A value as an error message shows it: quoted, and never endless."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clean_text(value: str) -> str:
    """NFC, with white space at the ends removed."""
    return unicodedata.normalize("NFC", value).strip()


def control_character(value: str, *, multiline: bool = False) -> str | None:
    """The name of the first character that has no place in a text, or ``None``."""
    for char in value:
        if char == "\n" and multiline:
            continue
        if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in "\ufffe\uffff":
            return {"\n": "a line break", "\t": "a tab"}.get(char, f"U+{ord(char):04X}")
    return None
