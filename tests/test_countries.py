"""Names of countries and their grammar: expectations from the sources named beside them."""

import csv
import pickle
import unicodedata
from pathlib import Path

import pytest
from conftest import ROOT

from letter_kit import InputError
from letter_kit.language import (
    FORMS,
    Country,
    countries_named,
    country,
    country_form,
    country_name,
    languages,
    postal_name,
)
from letter_kit.people.columns import columns

CASES = list(
    csv.DictReader(
        (Path(__file__).parent / "data" / "countries.csv").read_text("utf-8").splitlines()
    )
)
UN_LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


def table(code: str) -> list[dict[str, str]]:
    text = (ROOT / "languages" / code / "countries.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['language']}-{c['code']}-{c['form']}")
def test_names_and_forms(case: dict[str, str]) -> None:
    named = country(case["code"], case["language"])
    form = case["form"]
    if form == "short":
        found = str(named)
    elif form.startswith("formal_"):
        formal = country_form(named, case["language"], "formal")
        named = Country(formal, case["code"], formal=True)
        found = country_form(named, case["language"], form.removeprefix("formal_"))
    else:
        found = country_form(named, case["language"], form)
    assert found == case["expected"], case["source"]


@pytest.mark.parametrize("code", languages())
def test_every_table_is_whole(code: str) -> None:
    rows = table(code)
    known = [row["code"] for row in rows]
    assert len(known) == len(set(known)) == 195  # 193 members, the Holy See, Palestine
    assert known == sorted(known)
    assert set(known) <= columns().countries
    for row in rows:
        for column, text in row.items():
            assert text == unicodedata.normalize("NFC", text.strip())
            assert text or column in {"aliases", "postal"}, (row["code"], column)
            assert "'" not in text


@pytest.mark.parametrize("code", languages())
def test_a_country_is_found_by_each_of_its_names_and_no_other(code: str) -> None:
    for row in table(code):
        for column in ("short", "formal", *(f for f in FORMS if f in row), "aliases"):
            for name in row[column].split(" | "):
                if name:
                    assert countries_named(name, code) == {row["code"]}, name


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("Le Gouvernement du Sénégal et celui de la Guinée-Bissau", "fr", {"SN", "GW"}),
        ("the Niger, not Nigeria; South Sudan, not the Sudan", "en", {"NE", "NG", "SS", "SD"}),
        ("Mali-based romance of Oman and Romania", "en", {"ML", "OM", "RO"}),
        ("New Mexico, the Gulf of Guinea, a jordan almond", "en", set()),
        ("в Российской Федерации и во Франции", "ru", {"RU", "FR"}),
        ("索马里和马里，不是内蒙古", "zh", {"SO", "ML"}),
        ("حكومة السنغال وللسنغال وبمصر", "ar", {"SN", "EG"}),
        ("Königreich Belgien\nund die Schweiz", "de", {"BE", "CH"}),
    ],
)
def test_countries_are_found_in_texts(text: str, code: str, found: set[str]) -> None:
    assert countries_named(text, code) == found


@pytest.mark.parametrize("code", UN_LANGUAGES)
def test_where_the_united_nations_and_cldr_agree_so_do_we(code: str) -> None:
    """A name that CLDR has otherwise is found by CLDR's name as well, or is known to differ."""
    from babel import Locale

    territories = Locale.parse(code).territories
    alike = sum(
        territories[row["code"]].replace("'", "’") == row["short"]
        or row["code"] in countries_named(territories[row["code"]], code)
        for row in table(code)
    )
    assert alike >= 150


def test_the_post_has_shorter_names() -> None:
    assert postal_name("GB", "fr") == "Royaume-Uni"
    assert country_name("GB", "fr").endswith("d’Irlande du Nord")
    assert postal_name("SN", "fr") == "Sénégal"


def test_a_form_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match="no form dative in français"):
        country_form(country("PE", "fr"), "fr", "dative")
    with pytest.raises(InputError, match=r"grammar of .*Hongkong"):
        country_form(country("HK", "de"), "de", "in")


def test_a_country_travels_between_processes_and_keeps_its_code() -> None:
    again = pickle.loads(pickle.dumps(country("PE", "fr")))  # noqa: S301  # our own
    assert (again, again.code, again.formal) == ("Pérou", "PE", False)
