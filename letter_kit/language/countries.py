"""The names of countries and their grammar (``languages/<code>/countries.csv``).

Each column of the table is a form; a name that is not in the table is CLDR's, without
grammar.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from letter_kit.errors import InputError, did_you_mean
from letter_kit.language.tables import Source, language, source_of, text_of

__all__ = [
    "FORMS",
    "Country",
    "CountryTable",
    "country",
    "country_form",
    "country_name",
    "country_table",
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


# A table is itself and no other, so that what is found with it can be kept by it.
@dataclass(frozen=True, slots=True, eq=False)
class CountryTable:
    """The names of countries in one language, by ISO 3166-1 code and column."""

    path: str
    by_code: Mapping[str, Mapping[str, str]]


def country(code: str, spoken: str) -> Country:
    """The country of that ISO 3166-1 code, by its short name in the language ``spoken``."""
    return Country(country_name(code, spoken), code)


def country_name(code: str, spoken: str) -> str:
    """The short name of a country as the United Nations use it, without article.

    >>> country_name("SN", "fr")
    'Sénégal'
    """
    row = country_table(spoken).by_code.get(code)
    return row["short"] if row else _cldr_name(code, spoken)


def postal_name(code: str, spoken: str) -> str:
    """The country's name as the last line of an address: shorter where the short one is long."""
    row = country_table(spoken).by_code.get(code)
    return (row and row.get("postal")) or country_name(code, spoken)


def country_form(named: Country, spoken: str, form: str) -> str:
    """A form of the country's name, of its formal name where ``named`` is the formal one.

    >>> country_form(country("PE", "fr"), "fr", "in")
    'au Pérou'

    Raises `InputError` where the language has no such form, or the country is not among
    those whose grammar is known.
    """
    names = country_table(spoken)
    row = names.by_code.get(named.code)
    if row is None:
        raise InputError.of(
            f"the grammar of {named} ({named.code}) is not known in {language(spoken).name}",
            path=names.path,
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
    return code in country_table(spoken).by_code


def country_table(spoken: str) -> CountryTable:
    """The countries in the language ``spoken``. Raises `InputError` where they cannot be read."""
    return _read(source_of(spoken, "countries.csv"))


@lru_cache(maxsize=32)
def _read(source: Source) -> CountryTable:
    lines = text_of(source.path).splitlines()
    reader = csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ",")
    columns = reader.fieldnames or ()
    if missing := [name for name in ("code", "short", "formal", "aliases") if name not in columns]:
        raise InputError.of(
            f"the table of countries cannot be read: it has no column {missing[0]}",
            path=source.file,
            line=1,
            expected="code,short,formal,the,in,to,of_title,…,aliases",
        )
    rows: dict[str, Mapping[str, str]] = {}
    for row in reader:
        if len(row) != len(columns) or None in row.values():
            raise InputError.of(
                "the row has not as many cells as the header has columns",
                path=source.file,
                line=reader.line_num,
            )
        rows[row["code"].strip().upper()] = row
    return CountryTable(source.file, rows)


def _cldr_name(code: str, spoken: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale.parse(language(spoken).locale).territories
    except (UnknownLocaleError, ValueError):  # told where a date is written
        return code
    return str(names.get(code, code))
