"""Cells are words, not codes: they are read by tables, refused, or left, and never guessed."""

import csv
import time
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import ROOT

from letter_kit import RecipientError, Sender, recipient_from_values
from letter_kit.people import Note, understand
from letter_kit.people.columns import columns_of, folded
from letter_kit.people.countries import country_names
from letter_kit.people.offices import read_office
from letter_kit.people.phrases import words, words_table
from letter_kit.protocol import forms_of_address, offices

with (Path(__file__).parent / "data" / "cells.csv").open(encoding="utf-8", newline="") as lines:
    CELLS = [tuple(row.values()) for row in csv.DictReader(lines)]
REFUSED = "refused: "
BASE = {"office": "official", "organisation": "Ministry"}
TITLES = {"honorific_prefix": "honorific_prefix", "full_name": "full_name"}


def test_there_are_enough_words_of_real_lists() -> None:
    assert len(CELLS) >= 250
    assert len(set(CELLS)) == len(CELLS)


@pytest.mark.parametrize(("column", "found", "expected"), CELLS)
def test_a_cell_means_what_it_says(column: str, found: str, expected: str) -> None:
    values = {**BASE, column: found}
    if expected.startswith(REFUSED):
        with pytest.raises(RecipientError) as caught:
            understand(values, ignore_unknown=True)
        (problem,) = caught.value.problems
        assert expected.removeprefix(REFUSED) in str(problem)
        assert problem.key == column
        return
    understood = understand(values, ignore_unknown=True)
    recipient = understood.recipient
    if expected == "blank":
        assert understood.notes == (Note(column, found, "nothing", "blank"),)
        return
    if column in TITLES:
        gender, _, text = expected.partition("|")
        if column == "full_name" and recipient.honorific_prefix:
            assert f"{recipient.honorific_prefix} {recipient.full_name}" == text
        else:
            assert getattr(recipient, column) == (text or None)
        assert recipient.gender == gender
    else:
        assert str(getattr(recipient, column)) == expected
        assert understood.notes or folded(expected) == folded(found), "a guess is never silent"


def test_every_name_of_languages_is_understood() -> None:
    for path in sorted((ROOT / "languages").glob("*/countries.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for name in (row["short"], row["formal"], row["the"]):
                    if "Congo" not in name or path.parent.name != "en":
                        found = country_names().find(name)
                        assert row["code"] in found, (path, name)
                assert country_names().said(row["code"]).endswith(f"({row['code']})")


def test_every_word_of_the_tables_is_read_as_its_office() -> None:
    table = words_table()
    ambiguous = {words(text) for text in table["ambiguous"]}
    for office, by_language in table["offices"].items():
        assert read_office(office) is not None
        for texts in by_language.values():
            for text in texts:
                read = read_office(text)
                assert read is not None, text
                assert office in read.offices or words(text) in ambiguous, text
    known = set(table["offices"])
    assert known == set(offices())
    assert set(table["reading"]["precedence"]) == known
    for candidates in table["ambiguous"].values():
        assert set(candidates) <= known
    for entry in table["patterns"]:
        assert entry["office"] in known


def test_no_word_stands_for_two_genders_or_stances() -> None:
    for kind in ("gender", "stance"):
        codes: dict[str, str] = {}
        for code, texts in words_table()[kind].items():
            for word in (code, *texts):
                assert codes.setdefault(folded(word), code) == code, word


@pytest.mark.parametrize(
    "values",
    [
        {"gender": "m", "honorific_prefix": "Mrs"},
        {"gender": "f", "full_name": "Mr. John Smith"},
        {"gender": "m", "office": "Ministra de Relaciones Exteriores"},
        {"honorific_prefix": "M.", "office": "Embajadora"},
        {"gender": "m", "title": "Mme"},
    ],
)
def test_what_contradicts_itself_is_an_error(values: dict[str, str]) -> None:
    with pytest.raises(RecipientError, match="contradicts the gender that the row has elsewhere"):
        understand({"name": "A", **values}, ignore_unknown=True)


def test_a_gender_that_is_said_not_to_be_known_is_not_inferred() -> None:
    understood = understand({"name": "A. Fall", "gender": "x", "prefix": "Mrs"})
    assert (understood.recipient.gender, understood.recipient.honorific_prefix) == ("x", "Mrs")
    assert understood.notes == ()


def test_a_title_of_courtesy_is_not_printed_twice() -> None:
    values = {"office": "foreign_minister", "country": "SN", "name": "Awa Fall"}
    sender = Sender("FR", (), ())
    for prefix in ("H.E. Mrs.", "Mrs", "Mme"):
        recipient = recipient_from_values({**values, "prefix": prefix})
        forms = forms_of_address(recipient, sender, "en")
        assert forms.addressee[0] == "Her Excellency Ms. Awa Fall"


def test_the_columns_of_outlook_are_told_apart() -> None:
    headers = ("Title", "First Name", "Last Name", "Company", "Job Title", "E-mail Address",
               "Business Street", "Business Postal Code", "Business City",
               "Business Country/Region")  # fmt: skip
    assert [name and name.column for name in columns_of(headers)] == [
        "honorific_prefix", "given_name", "family_name", "organisation", "office_title", "email",
        "street_1", "postal_code", "city", "country",
    ]  # fmt: skip
    assert columns_of(("TITLE", "ROLE", "ORG", "FN"))[:2] == (("office_title", ""), None)
    assert [name and name.column for name in columns_of(("Title", "Name", "Function"))] == [
        "honorific_prefix", "full_name", "office_title",
    ]  # fmt: skip


EXPORTS = {
    "CiviCRM": "External Identifier,Individual Prefix,First Name,Middle Name,Last Name,Job Title,"
    "Current Employer,Street Address,Supplemental Address 1,City,Postal Code,State,Country,"
    "Preferred Language,Email,Gender,Postal Greeting,Addressee",
    "Action Network": "first_name,last_name,zip_code,email,country,state,city,language,uuid",
    "Mailchimp": "Email Address,First Name,Last Name,Address",
    "UN Blue Book": "BB_Title,BB_FirstName,BB_LastName,BB_Function,BB_Dipl_Rank,BB_Country",
    "Google": "Name Prefix,First Name,Middle Name,Last Name,Name Suffix,Organization Name,"
    "Organization Title,E-mail 1 - Value,Address 1 - Street,Address 1 - City,Address 1 - Region,"
    "Address 1 - Postal Code,Address 1 - Country",
    "schema.org": "honorificPrefix,givenName,familyName,jobTitle,worksFor,addressCountry",
    "vCard": "FN,ORG,TITLE,GRAMGENDER,EMAIL,LANG",
    "French": "Civilité,Prénom,Nom,Fonction,Ministère,Adresse,Code postal,Ville,Pays,Courriel",
    "German": "Anrede,Vorname,Nachname,Funktion,Behörde,Straße,PLZ,Ort,Land,E-Mail,Sprache",
    "Spanish": "Tratamiento,Nombre,Apellidos,Cargo,Institución,Dirección,Código postal,Ciudad,País",
    "Italian": "Trattamento,Nome,Cognome,Carica,Ente,Indirizzo,CAP,Città,Paese,Lingua",
    "Portuguese": "Tratamento,Nome,Sobrenome,Cargo,Organização,Endereço,CEP,Cidade,País,Idioma",
    "Russian": "Фамилия,Имя,Отчество,Должность,Организация,Адрес,Индекс,Город,Страна,Язык",
    "Arabic": "الاسم,الجنس,المنصب,الوزارة,العنوان,المدينة,الدولة,اللغة,البريد الإلكتروني",
    "Chinese": "姓名,性别,职务,单位,地址,邮编,城市,国家,语言,电子邮件",
}


@pytest.mark.parametrize("kind", EXPORTS)
def test_every_header_of_an_export_stands_for_a_column_of_its_own(kind: str) -> None:
    names = columns_of(tuple(EXPORTS[kind].split(",")))
    assert None not in names
    assert len(set(names)) == len(names)


def test_notes_say_what_was_made_of_each_cell() -> None:
    understood = understand(
        {
            "Title": "Mrs.",
            "Nom": "Fall",
            "Job Title": "Minister for Foreign Affairs and Cooperation",
            "Pays": "Sénégal",
            "Langue": "français",
            "Ville": "…",
            "shoe size": "44",
        },
        ignore_unknown=True,
    )
    recipient = understood.recipient
    assert (recipient.office, recipient.gender, recipient.country) == (
        "foreign_minister",
        "f",
        "SN",
    )
    assert (recipient.language, recipient.city, recipient.honorific_prefix) == ("fr", None, None)
    title = "Minister for Foreign Affairs and Cooperation"
    assert recipient.office_title == {"en": title}, "a French letter has no English title"
    assert set(understood.notes) == {
        ("Pays", "Sénégal", "Senegal (SN)", "read"),
        ("Langue", "français", "French (fr)", "read"),
        ("Ville", "…", "nothing", "blank"),
        ("Title", "Mrs.", "gender f, the usual title", "guess"),
        ("Job Title", title, "foreign_minister; the title in letters in en", "guess"),
    }


@pytest.mark.parametrize(
    ("office", "title"),
    [
        ("Minister for Foreign Affairs and Cooperation", "en"),
        ("Ministre de l’Europe et des Affaires étrangères", "fr"),
        ("Deputy Permanent Representative", "en"),
        ("Minister for Foreign Affairs", None),
        ("MINISTER FOR FOREIGN AFFAIRS AND TRADE", None),
        ("H.E. the Minister of Foreign Affairs of Senegal", None),
        ("Ministro de Salud", None),
    ],
)
def test_words_that_say_more_than_the_office_are_the_title_in_their_language(
    office: str, title: str | None
) -> None:
    recipient = recipient_from_values({"office": office, "name": "A"})
    assert recipient.office_title == ({title: office} if title else {})
    given = recipient_from_values({"office": office, "name": "A", "office_title": "Own"})
    assert given.office_title == {"": "Own"}


def test_a_title_that_names_no_office_is_told() -> None:
    understood = understand({"name": "A. Fall", "job_title": "Chief Bottle Washer"})
    assert understood.recipient.office == "official"
    assert understood.recipient.office_title == {"": "Chief Bottle Washer"}
    (note,) = understood.notes
    assert (note.column, note.kind) == ("job_title", "unclear")


def test_an_institution_in_the_column_of_the_office_is_the_organisation() -> None:
    recipient = recipient_from_values({"office": "Ministry of Foreign Affairs", "country": "KE"})
    assert (recipient.office, recipient.organisation) == (
        "body",
        {"": "Ministry of Foreign Affairs"},
    )


def test_an_office_without_a_holder_keeps_its_row() -> None:
    recipient = recipient_from_values({"office": "Ambassador", "country": "SN", "name": "Vacant"})
    assert (recipient.office, recipient.name) == ("ambassador", None)


def test_reading_a_title_takes_bounded_time() -> None:
    began = time.monotonic()
    for text in ("and " * 5000, "Minister " * 5000, "M. " * 5000, "副" * 20_000, "(" * 20_000):
        for column in ("office", "job_title", "prefix", "name", "country", "language", "gender"):
            with suppress(RecipientError):
                understand({"organisation": "A", column: text})
    assert time.monotonic() - began < 5
