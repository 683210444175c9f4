"""A cell by the kind of its column: the value it stands for, and what is to be told of it."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from letter_kit.errors import did_you_mean
from letter_kit.people.columns import columns, language_code
from letter_kit.people.countries import Names, country_names, language_names
from letter_kit.people.courtesy import read_title
from letter_kit.people.notes import NoteKind
from letter_kit.people.offices import read_office
from letter_kit.people.phrases import words_table
from letter_kit.reading import EMAIL, matches, shown

__all__ = ["FREE", "Cell", "is_placeholder", "read_cell"]

FREE = frozenset({"text", "local", "list", "lines"})
"""Kinds whose cells may say anything."""
_SIGNS = re.compile(r"[.…]+|([-–—_?*/\\·•=~,;:+])(?:\s?\1)*")
_FORMULA_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|ERROR!|SPILL!|CALC!)|Err:\d{3}"
)
_IN_COUNTRY = re.compile(r"(.+?)\s*\((.+)\)|([A-Za-z]{2})[-_]([A-Za-z]{2})")
"""*English (UK)*, and ``en-UK``, whose country has another code."""
_WITH_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?")
_LONGEST_NAME = 100
"""Characters of a language with its country."""


class Cell(NamedTuple):
    """What a cell stands for; ``None`` as value where it counts as blank or cannot be read.

    ``meaning`` is told where it is not the cell's own text; ``problem`` holds a message and
    the details of a `Problem`. ``language`` is that of an office's words which say more than
    the office, and ``gender`` what they tell.
    """

    value: Any
    meaning: str | None = None
    note: NoteKind = "read"
    problem: tuple[str, Mapping[str, str]] | None = None
    language: str | None = None
    gender: str | None = None


def is_placeholder(text: str, column: str, kind: str) -> bool:
    """Whether a cell says that there is nothing: *…*, *n/a*, *vacant*.

    Words that may be a name, such as *None*, count only where no name can stand.
    """
    if len(text) > _longest_placeholder():
        return False
    if not text[0].isalnum() and _SIGNS.fullmatch(text):
        return True
    key = text.casefold()
    table = _placeholders()
    return (
        key in table["any"]
        or (kind not in FREE and key in table["words"])
        or key in table.get(column, ())
    )


@cache
def _placeholders() -> dict[str, frozenset[str]]:
    table = words_table()["placeholders"]
    return {name: frozenset(text.casefold() for text in texts) for name, texts in table.items()}


@cache
def _longest_placeholder() -> int:
    return max(len(text) for texts in _placeholders().values() for text in texts)


@lru_cache(maxsize=20_000)
def read_cell(column: str, kind: str, text: str) -> Cell:
    """What ``text``, which was cleaned and is not empty, stands for in ``column``."""
    if _FORMULA_ERROR.fullmatch(text):
        hint = "Mend the formula in the spreadsheet, or clear the cell."
        return _wrong("holds a formula's error", found=text, hint=hint)
    is_code = kind == "country" and text.upper() in columns().countries
    if not is_code and is_placeholder(text, column, kind):
        return Cell(None, "nothing", "blank")
    reader = _READERS.get(kind)
    return reader(text) if reader else Cell(text)


def _wrong(message: str, **details: str | None) -> Cell:
    return Cell(None, problem=(message, {key: text for key, text in details.items() if text}))


def _office(text: str) -> Cell:
    said = read_office(text)
    codes = columns().words["office"]
    if said is None:
        return _wrong(
            "is not known",
            found=shown(text),
            hint=f"{did_you_mean(text, codes.values()) or ''} Anyone else is an official.".strip(),
        )
    if len(said.offices) > 1:
        return _wrong(
            "means different offices in different countries",
            expected=" or ".join(said.offices),
            found=shown(text),
            hint="Write the one that is meant.",
        )
    office = said.offices[0]
    if text == office:
        return Cell(office)
    says_more = office == "official" or not (said.exact or text.isupper())
    return Cell(
        office,
        office,
        language=said.language if says_more else None,
        gender=said.gender,
    )


def _word(kind: str, text: str) -> Cell:
    code = columns().word(kind, text)
    if code is None:
        codes = dict.fromkeys(columns().words[kind].values())
        return _wrong("is not known", found=shown(text), hint=did_you_mean(text, codes))
    return Cell(code, code if text.casefold() != code else None)


def _gender(text: str) -> Cell:
    title = read_title(text) if columns().word("gender", text) is None else None
    if title is not None and title.gender is not None and not title.rest:
        return Cell(title.gender, title.gender)  # some lists have Mr and Mrs in this column
    return _word("gender", text)


def _stance(text: str) -> Cell:
    return _word("stance", text)


def _country(text: str) -> Cell:
    code = text.upper()
    if code in columns().countries:
        return Cell(code)
    return _named(text, country_names(), "country", "an ISO 3166-1 code such as SN, or a name")


def _language(text: str) -> Cell:
    code = language_code(text)
    names = language_names()
    if code is not None and len(code.partition("-")[0]) == 2:
        return Cell(code)
    if len(text) <= _LONGEST_NAME and (match := _IN_COUNTRY.fullmatch(text)):
        spoken = names.find(match[1] or match[3])
        places = country_names().find(match[2] or match[4])
        if len(spoken) == len(places) == 1:
            return Cell(f"{spoken[0]}-{places[0]}", f"{spoken[0]}-{places[0]}")
    if code is not None and not names.find(text):
        return Cell(code)
    return _named(text, names, "language", "a code such as fr or en-GB, or a name")


def _named(text: str, names: Names, what: str, expected: str) -> Cell:
    codes = names.find(text)
    if len(codes) == 1:
        return Cell(codes[0], names.said(codes[0]))
    if codes:
        return _wrong(
            f"is the name of more than one {what}",
            expected=" or ".join(map(country_names().said, codes)),
            found=shown(text),
            hint="Write the code of the one that is meant.",
        )
    return _wrong(f"is no {what}", expected=expected, found=shown(text), hint=names.near(text))


def _date(text: str) -> Cell:
    with_time = _WITH_TIME.fullmatch(text)
    try:
        date = dt.date.fromisoformat(with_time[1] if with_time else text)
    except ValueError:
        return _wrong(
            "is no date",
            expected="a date such as 2019-09-03",
            found=shown(text),
            hint="Year, month, day: others are read differently in different countries.",
        )
    return Cell(date, date.isoformat() if text != date.isoformat() else None)


def _email(text: str) -> Cell:
    if not matches(EMAIL, text):
        return _wrong("is no e-mail address", found=shown(text))
    return Cell(text)


def _list(text: str) -> Cell:
    return Cell(tuple(part.strip() for part in text.split(";") if part.strip()))


def _lines(text: str) -> Cell:
    return Cell(tuple(part.strip() for part in re.split(r"[\n|]", text) if part.strip()))


_READERS: dict[str, Callable[[str], Cell]] = {
    "office": _office,
    "gender": _gender,
    "stance": _stance,
    "country": _country,
    "language": _language,
    "date": _date,
    "email": _email,
    "list": _list,
    "lines": _lines,
}
