"""What a language asks of a letter: dates, names of countries, typography, direction, labels.

Each language is a folder ``languages/<code>``; adding a language is adding files.
"""

from letter_kit.language.countries import (
    FORMS,
    Country,
    countries_named,
    country,
    country_form,
    country_name,
    has_forms,
    postal_name,
)
from letter_kit.language.dates import format_date, place_and_date
from letter_kit.language.tables import (
    Language,
    language,
    language_file,
    languages,
    read_language_file,
    text_of,
)
from letter_kit.language.typography import direction, typeset

__all__ = [
    "FORMS",
    "Country",
    "Language",
    "countries_named",
    "country",
    "country_form",
    "country_name",
    "direction",
    "format_date",
    "has_forms",
    "language",
    "language_file",
    "languages",
    "place_and_date",
    "postal_name",
    "read_language_file",
    "text_of",
    "typeset",
]
