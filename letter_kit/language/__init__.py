"""What a language asks of a letter: dates, names of countries, typography, direction, labels.

Each language is one file in ``data/``; adding a language is adding a file.
"""

from letter_kit.language.countries import country_name
from letter_kit.language.dates import format_date, place_and_date
from letter_kit.language.tables import Language, language, languages
from letter_kit.language.typography import typeset

__all__ = [
    "Language",
    "country_name",
    "format_date",
    "language",
    "languages",
    "place_and_date",
    "typeset",
]
