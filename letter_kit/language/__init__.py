"""What a language asks of a letter: dates, names of countries, typography, direction, labels.

Each language is a folder ``languages/<code>``; adding a language is adding files.
"""

from letter_kit.language.countries import (
    FORMS,
    Country,
    CountryTable,
    country,
    country_form,
    country_name,
    country_table,
    has_forms,
    postal_name,
)
from letter_kit.language.dates import format_date, place_and_date
from letter_kit.language.naming import countries_named
from letter_kit.language.tables import (
    Language,
    Rule,
    Source,
    language,
    languages,
    look_again,
    read_language_file,
    source_of,
    staying,
    text_of,
)
from letter_kit.language.typography import direction, typeset, typeset_body

__all__ = [
    "FORMS",
    "Country",
    "CountryTable",
    "Language",
    "Rule",
    "Source",
    "countries_named",
    "country",
    "country_form",
    "country_name",
    "country_table",
    "direction",
    "format_date",
    "has_forms",
    "language",
    "languages",
    "look_again",
    "place_and_date",
    "postal_name",
    "read_language_file",
    "source_of",
    "staying",
    "text_of",
    "typeset",
    "typeset_body",
]
