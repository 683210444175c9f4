"""Dates, country names and typography of each language."""

import datetime as dt

import pytest

from letter_kit import InputError
from letter_kit.language import (
    country_name,
    format_date,
    language,
    languages,
    place_and_date,
    typeset,
)
from letter_kit.protocol import protocol_languages


@pytest.mark.parametrize(
    ("date", "code", "expected"),
    [
        (dt.date(2026, 3, 1), "fr", "1er mars 2026"),
        (dt.date(2026, 3, 11), "fr", "11 mars 2026"),
        (dt.date(2019, 9, 3), "en", "3 September 2019"),
        (dt.date(2019, 9, 3), "en-US", "September 3, 2019"),
        (dt.date(2019, 9, 3), "en-GB", "3 September 2019"),
    ],
)
def test_dates_are_written_as_the_language_does(date: dt.date, code: str, expected: str) -> None:
    assert format_date(date, code) == expected


def test_place_and_date() -> None:
    assert place_and_date("Paris", dt.date(2019, 9, 3), "fr") == "Paris, le 3 septembre 2019"
    assert place_and_date(None, dt.date(2019, 9, 3), "fr") == "3 septembre 2019"


def test_country_names() -> None:
    assert country_name("CI", "fr") == "Côte d’Ivoire"
    assert country_name("DE", "en") == "Germany"


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("Oui ! Non ; si ?", "Oui\u202f! Non\u202f; si\u202f?"),
        ("voici : a", "voici\u00a0: a"),
        ("« mot »", "«\u00a0mot\u00a0»"),
        ("le 3 septembre 2019", "le 3\u00a0septembre 2019"),
        ("le 1er mai", "le 1er\u00a0mai"),
        ("https://x.org/?a=b;c 14:30 a@x.org", "https://x.org/?a=b;c 14:30 a@x.org"),
        ("**gras** ;", "**gras**\u202f;"),
    ],
)
def test_french_spaces_do_not_break(plain: str, expected: str) -> None:
    assert typeset(plain, "fr") == expected


def test_english_spaces_are_left_alone_but_in_dates() -> None:
    assert typeset("Oui ! a : b on 3 May 2019", "en") == "Oui ! a : b on 3\u00a0May 2019"


@pytest.mark.parametrize("code", languages())
def test_every_language_has_its_labels_and_forms_of_address(code: str) -> None:
    for label in ("subject", "reference", "enclosures", "cc", "page", "colon"):
        assert language(code).label(label)
        assert language(code).label(label, 2)
    assert code in protocol_languages()


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(InputError, match="tlh"):
        language("tlh")
