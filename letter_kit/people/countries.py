"""Countries and languages by their names, in any language and spelling (``names/*.csv``)."""

import csv
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["Names", "country_names", "folded_name", "language_names"]


_LONGEST = 120
"""Characters of a name."""


def folded_name(text: str) -> str:
    """Without case, accents and signs; the vowel signs of India and its neighbours stay.

    >>> folded_name("Côte d'Ivoire") == folded_name("COTE D’IVOIRE")
    True
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum() or "\u0900" <= char <= "\u17ff")


class Names(NamedTuple):
    """Codes by folded names, and an English name by code.

    A name that means several of them is in ``ambiguous`` and in nothing else.
    """

    codes: dict[str, str]
    english: dict[str, str]
    ambiguous: dict[str, tuple[str, ...]]

    def find(self, text: str) -> tuple[str, ...]:
        """The codes that ``text`` may mean: one, or several, or none."""
        key = folded_name(text[:_LONGEST])
        if key in self.ambiguous:
            return self.ambiguous[key]
        return (self.codes[key],) if key in self.codes else ()

    def said(self, code: str) -> str:
        """``Senegal (SN)``."""
        return f"{self.english[code]} ({code})" if code in self.english else code

    def near(self, text: str) -> str | None:
        """The next step for a name that is not known: what it is most like."""
        from difflib import get_close_matches

        key = folded_name(text[:_LONGEST])
        like = [name for name in self.codes if abs(len(name) - len(key)) <= 4]
        close = get_close_matches(key, like, n=1, cutoff=0.75)
        return f"Did you mean {self.said(self.codes[close[0]])}?" if close else None


@cache
def country_names() -> Names:
    """Countries by their ISO 3166-1 alpha-2 codes."""
    return _names("countries.csv")


@cache
def language_names() -> Names:
    """Languages by their BCP 47 codes."""
    return _names("languages.csv")


def _names(file: str) -> Names:
    codes: dict[str, str] = {}
    english: dict[str, str] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    with (Path(__file__).parent / "names" / file).open(encoding="utf-8", newline="") as lines:
        for code, name, keys in csv.reader(lines):
            if " " in code:
                ambiguous.update(dict.fromkeys(keys.split(), tuple(code.split())))
                continue
            english[code] = name
            codes.update(dict.fromkeys(keys.split(), code))
    return Names(codes, english, ambiguous)
