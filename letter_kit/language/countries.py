"""The names of countries, from CLDR."""

from letter_kit.language.tables import language

__all__ = ["country_name"]


def country_name(country: str, code: str) -> str:
    """The short name of a country (ISO 3166-1 alpha-2) in the language ``code``.

    >>> country_name("SN", "fr")
    'Sénégal'
    """
    from babel import Locale

    names = Locale.parse(language(code).locale).territories
    return str(names.get(country, country))
