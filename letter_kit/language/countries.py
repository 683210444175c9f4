"""The names of countries and their grammar (``languages/<code>/countries.csv``).

Each column of the table is a form; a name that is not in the table is CLDR's, without
grammar.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from letter_kit.errors import InputError, did_you_mean
from letter_kit.language.tables import language, language_file, text_of
from letter_kit.writing import is_east_asian

__all__ = [
    "FORMS",
    "Country",
    "countries_named",
    "country",
    "country_form",
    "country_name",
    "has_forms",
    "postal_name",
]

FORMS = {
    "formal": "the formal name: *République du Pérou*",
    "the": "with its article: *le Pérou*, *Israël*",
    "in": "in it: *au Pérou*, *en France*, *aux États-Unis d’Amérique*, *à Cuba*",
    "to": "to it: *au Pérou*, *à la France*",
    "of_title": "of it, in a title: *ambassadrice d’Allemagne*, *le Gouvernement du Pérou*",
    "of_article": "of it, with the article: *au nom de l’Allemagne*",
    "dative": "its dative (German, Russian): *der Schweiz*",
    "accusative": "its accusative (German, Russian): *die Schweiz*",
    "instrumental": "its instrumental (Russian): *Францией*",
    "prepositional": "its prepositional (Russian): *Франции*",
}
"""The forms a country's name may be asked for, with what they are."""


_ALIKE = {ord("'"): "’", 0xA0: " ", 0x202F: " ", ord("\n"): " "}
"""Signs that a name may be written with, and those by which it is compared."""
_NO_COUNTRY = ""
_SMALL_WORDS = re.compile(r"^(?:[a-zà-ÿа-я]+(?:[ ’]|$))+")
_JOINED = "وفبكل"
"""The letters that Arabic writes together with the word they stand before."""
_MOST_JOINED = 3
"""How many of them may stand before one word: و + ب + ل."""


class Country(str):
    """A country's name that still knows which country it is, so that it can be declined."""

    code: str
    formal: bool

    def __new__(cls, name: str, code: str, formal: bool = False) -> "Country":
        """``name`` as a text; ``formal`` where it is the formal name."""
        self = super().__new__(cls, name)
        self.code, self.formal = code, formal
        return self

    def __reduce__(self) -> tuple[type["Country"], tuple[str, str, bool]]:
        return Country, (str(self), self.code, self.formal)


class _Names(NamedTuple):
    """The table of one language."""

    path: Path
    by_code: Mapping[str, Mapping[str, str]]


def country(code: str, spoken: str) -> Country:
    """The country of that ISO 3166-1 code, by its short name in the language ``spoken``."""
    return Country(country_name(code, spoken), code)


def country_name(code: str, spoken: str) -> str:
    """The short name of a country as the United Nations use it, without article.

    >>> country_name("SN", "fr")
    'Sénégal'
    """
    row = _names(spoken).by_code.get(code)
    return row["short"] if row else _cldr_name(code, spoken)


def postal_name(code: str, spoken: str) -> str:
    """The country's name as the last line of an address: shorter where the short one is long."""
    row = _names(spoken).by_code.get(code)
    return (row and row.get("postal")) or country_name(code, spoken)


def country_form(named: Country, spoken: str, form: str) -> str:
    """A form of the country's name, of its formal name where ``named`` is the formal one.

    >>> country_form(country("PE", "fr"), "fr", "in")
    'au Pérou'

    Raises `InputError` where the language has no such form, or the country is not among
    those whose grammar is known.
    """
    names = _names(spoken)
    row = names.by_code.get(named.code)
    if row is None:
        raise InputError.of(
            f"the grammar of {named} ({named.code}) is not known in {language(spoken).name}",
            path=str(names.path),
            hint="Write around it, or leave the row out of this campaign.",
        )
    found = row.get(f"formal_{form}" if named.formal else form)
    if not found:
        known = [name for name in FORMS if (f"formal_{name}" if named.formal else name) in row]
        raise InputError.of(
            f"{'formal names' if named.formal else 'countries'} have no form {form} in"
            f" {language(spoken).name}",
            expected=", ".join(known),
            hint=did_you_mean(form, known),
        )
    return found


def has_forms(code: str, spoken: str) -> bool:
    """Whether the country's grammar is known in the language ``spoken``."""
    return code in _names(spoken).by_code


def countries_named(text: str, spoken: str) -> frozenset[str]:
    """The codes of the countries that ``text`` names, by any of their names, in any case."""
    text = unicodedata.normalize("NFC", text)
    by_start = _names_by_start(
        language_file(spoken, "countries.csv"), language(spoken).no_countries
    )
    folded = _folded(text)
    found = set()
    end = 0
    for at, char in enumerate(text):
        if at < end or not char.isalpha() or not _may_begin(text, at):
            continue
        for name, code in by_start.get(folded[at : at + 2], ()):
            if char.islower() and code != _NO_COUNTRY:
                continue  # turkey, not Turkey
            if folded.startswith(name, at) and _may_end(text, at + len(name)):
                found.add(code)
                end = at + len(name)
                break
    return frozenset(found - {_NO_COUNTRY})


def _names(spoken: str) -> _Names:
    path = language_file(spoken, "countries.csv")
    return _Names(path, _read(path))


@cache
def _read(path: Path) -> Mapping[str, Mapping[str, str]]:
    lines = text_of(path).splitlines()
    reader = csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ",")
    columns = reader.fieldnames or ()
    if missing := [name for name in ("code", "short", "formal", "aliases") if name not in columns]:
        raise InputError.of(
            f"the table of countries cannot be read: it has no column {missing[0]}",
            path=str(path),
            line=1,
            expected="code,short,formal,the,in,to,of_title,…,aliases",
        )
    rows: dict[str, Mapping[str, str]] = {}
    for row in reader:
        if len(row) != len(columns) or None in row.values():
            raise InputError.of(
                "the row has not as many cells as the header has columns",
                path=str(path),
                line=reader.line_num,
            )
        rows[row["code"].strip().upper()] = row
    return rows


def _cldr_name(code: str, spoken: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale.parse(language(spoken).locale).territories
    except (UnknownLocaleError, ValueError):  # told where a date is written
        return code
    return str(names.get(code, code))


@cache
def _names_by_start(
    path: Path, no_countries: tuple[str, ...]
) -> Mapping[str, list[tuple[str, str]]]:
    """Names with their country by their first two letters, the longest first."""
    by_name = {_folded(name): _NO_COUNTRY for name in no_countries}
    for code, row in _read(path).items():
        texts = [text for column, text in row.items() if column not in {"code", "aliases"}]
        for text in (*texts, *row.get("aliases", "").split(" | ")):
            # Without articles and prepositions, which begin small.
            name = _folded(_SMALL_WORDS.sub("", text.translate(_ALIKE)))
            if name:
                by_name.setdefault(name, code)
                if name.startswith("ال"):  # with the preposition ل the article loses its alif
                    by_name.setdefault(f"لل{name[2:]}", code)
    by_start: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(by_name, key=len, reverse=True):
        by_start.setdefault(name[:2], []).append((name, by_name[name]))
    return by_start


def _folded(text: str) -> str:
    """``text`` without regard to case and accents, letter for letter."""
    signs = unicodedata.normalize("NFC", text.translate(_ALIKE))
    return "".join(unicodedata.normalize("NFD", sign)[0].lower()[0] for sign in signs)


def _may_begin(text: str, at: int) -> bool:
    """Whether a name may begin here: not inside a word, but after letters joined in Arabic."""
    for start in range(at, max(at - _MOST_JOINED, 0) - 1, -1):
        before = text[start - 1] if start else " "
        if not before.isalpha() or is_east_asian(before):
            return True
        if before not in _JOINED:
            return False
    return False


def _may_end(text: str, at: int) -> bool:
    after = text[at : at + 1]
    return not after.isalpha() or is_east_asian(after)
