"""The table of each language (``data/<lang>.toml``), with its regions laid over it."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from letter_kit.errors import InputError, did_you_mean

__all__ = ["Language", "language", "languages"]

_DATA = Path(__file__).parent / "data"


class Language(NamedTuple):
    """One language, or one of its regions, as letters need it."""

    code: str
    name: str
    direction: str
    locale: str
    date: str
    """The pattern of a date, in the letters of CLDR."""
    place_and_date: str
    first_of_month: str | None
    labels: Mapping[str, Any]
    spacing: tuple[tuple[re.Pattern[str], str], ...]
    regions: tuple[str, ...]

    def in_region(self, country: str) -> str:
        """The code with its region where the language differs there: ``en`` becomes ``en-US``."""
        return f"{self.code}-{country}" if country in self.regions else self.code

    def label(self, name: str, count: int = 1) -> str:
        """A word of the letter's frame, such as *Subject*; some differ by ``count``."""
        label = self.labels[name]
        return str(label if isinstance(label, str) else label["one" if count == 1 else "many"])


def languages() -> tuple[str, ...]:
    """The codes of the languages that letters can be written in."""
    return tuple(sorted(path.stem for path in _DATA.glob("*.toml")))


@cache
def language(code: str) -> Language:
    """The language ``fr`` or its region ``fr-CA``; an unknown region is the plain language.

    Raises `InputError` where the language is not known.
    """
    base, _, region = code.partition("-")
    if base not in languages():
        raise InputError.of(
            f"letters cannot be written in the language {code} yet",
            hint=did_you_mean(base, languages()),
        )
    data = tomllib.loads((_DATA / f"{base}.toml").read_text("utf-8"))
    regions = data.pop("regions", {})
    data |= regions.get(region, {})
    return Language(
        code=code,
        name=data["name"],
        direction=data["direction"],
        locale=data["locale"],
        date=data["date"],
        place_and_date=data["place_and_date"],
        first_of_month=data.get("first_of_month"),
        labels=data["labels"],
        spacing=tuple(
            (re.compile(rule["find"], re.MULTILINE), rule["put"])
            for rule in data.get("spacing", ())
        ),
        regions=tuple(regions),
    )
