"""How the files of a run are named, from a pattern such as ``{row:05}-{country}-{name}``."""

import re
import string

from letter_kit.errors import InputError, did_you_mean
from letter_kit.models import Recipient, localised
from letter_kit.output import safe_name, subfolder
from letter_kit.people import Row

__all__ = ["DEFAULT_NAME", "check_pattern", "is_unique", "placed", "stem_of"]

DEFAULT_NAME = "{row:05}-{country}-{name}"
_FIELDS = ("row", "id", "country", "name", "language", "office")
_BEGINS_WITH_ROW = re.compile(r"\{row(:\d{1,3})?\}([-_.]|\Z)")
_WIDTH = re.compile(r"0?\d{1,2}", re.ASCII)
"""Digits; a name that consists of zeros, cut off before the number, would not be unique."""


def check_pattern(pattern: str) -> None:
    """Raise `InputError` where ``pattern`` names what there is not, or cannot be read."""
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as exc:
        raise InputError.of(
            f"the name pattern cannot be read: {exc}", expected=DEFAULT_NAME, found=pattern
        ) from None
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in _FIELDS:
            raise InputError.of(
                f"the name pattern has an unknown field {{{name}}}",
                hint=did_you_mean(name, _FIELDS),
            )
        if conversion or (spec and not (name == "row" and _WIDTH.fullmatch(spec))):
            raise InputError.of(
                "the name pattern cannot be read", expected=DEFAULT_NAME, found=pattern
            )


def is_unique(pattern: str) -> bool:
    """Whether names differ because they begin with the row's number.

    Else the names that are taken have to be remembered.
    """
    return _BEGINS_WITH_ROW.match(pattern) is not None


def stem_of(pattern: str, row: Row, recipient: Recipient, language: str) -> str:
    """The file's name without folder and suffix."""
    name = recipient.name
    return safe_name(
        pattern.format(
            row=row.number,
            id=row.id if "{id" in pattern else "",
            country=recipient.represents_country or "XX",
            name=name or localised(recipient.organisation, language) or recipient.office,
            language=language,
            office=recipient.office,
        )
    )


def placed(stem: str, row: Row) -> str:
    """``stem`` in the folder for its row."""
    folder = subfolder(row.number)
    return f"{folder}/{stem}" if folder else stem
