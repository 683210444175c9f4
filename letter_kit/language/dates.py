"""Dates as a letter writes them."""

import datetime as dt

from letter_kit.errors import InputError
from letter_kit.language.tables import language

__all__ = ["format_date", "place_and_date"]


def format_date(date: dt.date, code: str) -> str:
    """The date in words, in the language ``code``.

    >>> format_date(dt.date(2019, 9, 1), "fr")
    '1er septembre 2019'
    """
    from babel.core import UnknownLocaleError
    from babel.dates import format_date as babel_format_date

    rules = language(code)
    pattern = rules.date
    if rules.months:
        pattern = pattern.replace("MMMM", f"'{rules.months[date.month - 1]}'")
    try:
        said = babel_format_date(date, pattern, locale=rules.locale)
    except (UnknownLocaleError, ValueError, KeyError, AttributeError) as exc:
        raise InputError.of(
            f"a date cannot be written: {exc}"[:200],
            path=rules.path,
            key="locale, date",
            expected="a CLDR locale such as fr, and a pattern such as d MMMM y",
            found=f"{rules.locale!r}, {rules.date!r}",
        ) from None
    if date.day == 1 and rules.first_of_month and said.startswith("1 "):
        return rules.first_of_month + said[1:]
    return said


def place_and_date(place: str | None, date: dt.date, code: str) -> str:
    """*Paris, le 3 septembre 2019*; without a place, the date alone."""
    said = format_date(date, code)
    return language(code).place_and_date.format(place=place, date=said) if place else said
