"""Dates, country names and typography of each language."""

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from letter_kit import InputError
from letter_kit.language import (
    Rule,
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
        (dt.date(2019, 9, 3), "en-CA", "September 3, 2019"),
        (dt.date(2019, 9, 3), "es", "3 de septiembre de 2019"),
        (dt.date(2019, 5, 1), "es", "1 de mayo de 2019"),
        (dt.date(2019, 9, 3), "de", "3. September 2019"),
        (dt.date(2019, 1, 3), "de-AT", "3. Jänner 2019"),
        (dt.date(2019, 9, 1), "it", "1º settembre 2019"),
        (dt.date(2019, 9, 1), "pt", "1º de setembro de 2019"),
        (dt.date(2019, 9, 1), "pt-PT", "1 de setembro de 2019"),
        (dt.date(2019, 9, 3), "ru", "3 сентября 2019 года"),
        (dt.date(2019, 9, 3), "ar", "3 أيلول/سبتمبر 2019"),
        (dt.date(2019, 9, 3), "ar-EG", "3 سبتمبر 2019"),
        (dt.date(2019, 9, 3), "zh", "2019年9月3日"),
    ],
)
def test_dates_are_written_as_the_language_does(date: dt.date, code: str, expected: str) -> None:
    assert format_date(date, code) == expected


def test_place_and_date() -> None:
    assert place_and_date("Paris", dt.date(2019, 9, 3), "fr") == "Paris, le 3 septembre 2019"
    assert place_and_date(None, dt.date(2019, 9, 3), "fr") == "3 septembre 2019"
    assert place_and_date("Paris", dt.date(2019, 9, 3), "zh") == "2019年9月3日于Paris"
    # An Arabic word stands between a place in Latin letters and the day, or they change sides.
    assert place_and_date("Paris", dt.date(2019, 9, 3), "ar") == "Paris، في 3 أيلول/سبتمبر 2019"


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


@pytest.mark.parametrize(
    ("code", "plain", "expected"),
    [
        # French: Imprimerie nationale, Lexique; Quebec: OQLF; Switzerland: Guide du typographe.
        ("fr", "Quoi? Oui; non: fin!", "Quoi\u202f? Oui\u202f; non\u00a0: fin\u202f!"),
        ("fr", 'l\'an «mot» "dit"', "l’an «\u00a0mot\u00a0» «\u00a0dit\u00a0»"),
        ("fr", "M. Fall, 5 %, n° 3", "M.\u00a0Fall, 5\u00a0%, n°\u00a03"),
        ("fr-CA", "Quoi ? Oui ; non : fin !", "Quoi? Oui; non\u00a0: fin!"),
        ("fr-CH", "non : «mot»", "non\u202f: «\u202fmot\u202f»"),
        # English: New Hart's Rules for Britain, Chicago Manual of Style elsewhere.
        ("en", "the \"Compact\" and its 'aims'", "the “Compact” and its ‘aims’"),
        ("en-GB", 'the "Compact"', "the ‘Compact’"),
        ("en", "It's the States' right, 5\" long", 'It’s the States’ right, 5" long'),
        ("en", '"a" and "b"', "“a” and “b”"),
        # Spanish: Diccionario panhispánico de dudas, «y», «o».
        ("es", "España y Italia, madre y hija", "España e Italia, madre e hija"),
        ("es", "agua y hielo, uno o otro", "agua y hielo, uno u otro"),
        ("es", '3 de mayo, "así"', "3\u00a0de\u00a0mayo, «así»"),
        # German: DIN 5008, Duden.
        ("de", 'z. B. "so" am 3. Mai', "z.\u202fB. „so“ am 3.\u00a0Mai"),
        ("de-CH", '"so"', "«so»"),
        ("it", "l'Italia, art. 3", "l’Italia, art.\u00a03"),
        ("pt", 'em 3 de maio, "sim"', "em 3\u00a0de\u00a0maio, “sim”"),
        ("ru", '"да" — № 5, 3 мая', "«да»\u00a0— №\u00a05, 3\u00a0мая"),
        ("ar", "نعم, لا; ماذا?", "نعم، لا؛ ماذا؟"),
        ("zh", "联合国 的 会员国, 谢谢!", "联合国的会员国，谢谢！"),
        ("zh", '他说"好"(是).', "他说“好”（是）。"),
    ],
)
def test_each_language_has_its_typography(code: str, plain: str, expected: str) -> None:
    assert typeset(plain, code) == expected
    assert typeset(expected, code) == expected


LEFT_ALONE = (
    "https://x.org/a?b=c;d:e'f", "www.x.org/l'an?x", "a.b-c@x-y.org", "14:30", "`l'an ; \"x\"`",
    "[x](https://x.org/a'b \"t\")", "<https://x.org/?q=1;2>", "&amp;",
)  # fmt: skip


@pytest.mark.parametrize("text", LEFT_ALONE)
@pytest.mark.parametrize("code", [*languages(), "fr-CA", "fr-CH", "en-GB", "en-US", "de-CH"])
def test_addresses_times_and_code_stay_as_they_are(code: str, text: str) -> None:
    assert text in typeset(f"x {text} x", code)
    assert typeset(text, code) == text


@pytest.mark.parametrize("path", sorted((ROOT / "campaigns").glob("*/*.md")), ids=str)
def test_typography_done_twice_is_done_once(path: Path) -> None:
    body = path.read_text("utf-8").split("+++")[2]
    once = typeset(body, path.stem)
    assert typeset(once, path.stem) == once


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize(
    "text",
    [
        "a " * 50_000,
        "'" * 50_000,
        '"a' * 30_000,
        "(" * 50_000,
        "1 " * 50_000,
        "« " * 30_000,
        "a@" * 40_000,
        "www." * 20_000,
        "a" + " " * 50_000 + "b",
        "a" + "\u00a0" * 50_000 + ";",
        "5" + " " * 50_000 + "%",
        "«" + "\u202f" * 50_000,
        "\n" * 50_000 + ":",
    ],
    ids=lambda text: f"{text[:4]!r}",
)
def test_no_text_takes_typography_long(code: str, text: str) -> None:
    """A pattern that goes back over what it read would take minutes, not a second or two."""
    began = time.process_time()
    typeset(text, code)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("code", languages())
def test_every_language_has_its_labels_and_forms_of_address(code: str) -> None:
    for label in ("reference", "enclosures", "cc", "page", "colon", "comma", "and"):
        assert language(code).label(label)
        assert language(code).label(label, 2)
    assert language(code).direction in {"ltr", "rtl"}
    assert len(language(code).quotes) == 4
    assert code in protocol_languages()


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(InputError, match="tlh"):
        language("tlh")


RULES = [(code, rule) for code in ("fr-CA", "fr-CH", "en-US", *languages())
         for rule in language(code).typography if rule.only_with]  # fmt: skip


@pytest.mark.parametrize(("code", "rule"), RULES)
@settings(max_examples=40)
@given(data=st.data())
def test_a_rule_finds_nothing_without_its_signs(code: str, rule: Rule, data: st.DataObject) -> None:
    words = re.findall(r"[^\W\d_]+", rule.find.pattern)
    pieces = st.sampled_from(
        [*words, *rule.find.pattern, *" \u00a0\u202f.,;:!?()«»–-19", "AB", "ar"]
    )
    text = "".join(data.draw(st.lists(pieces, max_size=12)))
    if rule.find.search(text):
        assert not rule.only_with.isdisjoint(text), code
    sentence = "".join(sign for sign in text if sign not in rule.only_with)
    assert not rule.find.search(sentence), code
