"""Forms of address: the expectations come from the named sources, not from the code."""

from dataclasses import replace
from itertools import product

import pytest

from letter_kit import Recipient, RecipientError, Sender
from letter_kit.models import Organisation, Register, Signatory
from letter_kit.people import recipient_from_values
from letter_kit.people.columns import columns
from letter_kit.protocol import (
    address_block,
    forms,
    forms_of_address,
    offices,
    protocol,
    protocol_languages,
)


def sender(country: str) -> Sender:
    return Sender(country, (Organisation({"": "O"}),), (Signatory("S"),))


def minister(gender: str, name: str | None = "A. Fall", **values: str) -> Recipient:
    base = {"office": "foreign_minister", "country": "SN", "gender": gender}
    return recipient_from_values(base | ({"name": name} if name else {}) | values)


# language, sender's country, gender -> salutation, closing, first line of the address.
# fr: usage protocolaire, as in shared usage guides and the circular of 21 November 2017;
# en-UN: UN Correspondence Manual §§104-106, UNHCR Handbook 1999 ch. 9 §66;
# en-GB, en-CA: Dear Minister / Yours sincerely (UK guides; Canada, Styles of address);
# en-US: FHWA Correspondence Manual, Appendix C.
FRENCH = "Je vous prie d’agréer, {}, l’expression de ma très haute considération."
UN = "Accept, {}, the assurances of my highest consideration."
CASES = [
    ("fr", "FR", "f", "Madame la Ministre,", FRENCH.format("Madame la Ministre"),
     "Son Excellence Madame A. Fall"),
    ("fr", "FR", "m", "Monsieur le Ministre,", FRENCH.format("Monsieur le Ministre"),
     "Son Excellence Monsieur A. Fall"),
    ("fr", "FR", "x", "Madame, Monsieur,", FRENCH.format("Madame, Monsieur"),
     "Son Excellence A. Fall"),
    ("fr", "SN", "f", "Madame la Ministre,", FRENCH.format("Madame la Ministre"),
     "Madame A. Fall"),
    ("en", "FR", "f", "Madam,", UN.format("Madam"), "Her Excellency Ms. A. Fall"),
    ("en", "FR", "m", "Sir,", UN.format("Sir"), "His Excellency Mr. A. Fall"),
    ("en", "FR", "x", "Excellency,", UN.format("Excellency"), "H.E. A. Fall"),
    ("en", "SN", "x", "Dear Minister,", "Yours sincerely,", "A. Fall"),
    ("en", "SN", "m", "Sir,", UN.format("Sir"), "Mr. A. Fall"),
    ("en", "GB", "f", "Dear Minister,", "Yours sincerely,", "Her Excellency Ms A. Fall"),
    ("en", "GB", "x", "Dear Minister,", "Yours sincerely,", "HE A. Fall"),
    ("en", "US", "f", "Dear Madam Minister:", "Sincerely,", "Her Excellency A. Fall"),
    ("en", "US", "m", "Dear Mr. Minister:", "Sincerely,", "His Excellency A. Fall"),
    ("en", "CA", "m", "Dear Minister:", "Yours sincerely,", "His Excellency A. Fall"),
    ("en-GB", "FR", "m", "Dear Minister,", "Yours sincerely,", "His Excellency Mr A. Fall"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "country", "gender", "salutation", "closing", "line"), CASES)
def test_a_foreign_minister(
    language: str, country: str, gender: str, salutation: str, closing: str, line: str
) -> None:
    recipient = minister(gender)
    forms = forms_of_address(recipient, sender(country), language)
    address = address_block(recipient, sender(country), forms, language)
    assert (forms.salutation, forms.closing, address[0]) == (salutation, closing, line)
    assert forms.fallbacks == ()


@pytest.mark.parametrize(
    ("language", "gender", "expected"),
    [
        ("fr", "f", "Madame la Ministre des Affaires étrangères"),
        ("fr", "m", "Monsieur le Ministre des Affaires étrangères"),
        ("fr", "x", "Ministre des Affaires étrangères"),
        ("en", "f", "The Minister for Foreign Affairs"),
    ],
)
def test_an_office_without_a_name(language: str, gender: str, expected: str) -> None:
    recipient = minister(gender, name=None)
    forms = forms_of_address(recipient, sender("FR"), language)
    address = address_block(recipient, sender("FR"), forms, language)
    assert address == (expected, "SÉNÉGAL")  # in the sender's language, whatever the letter's


@pytest.mark.parametrize(
    ("language", "salutation", "closing"),
    [
        ("fr", "Madame, Monsieur,", "Nous vous prions d’agréer, Madame, Monsieur, l’expression de"
         " notre considération distinguée."),
        ("en", "Dear Sir or Madam,", "Yours faithfully,"),
    ],
)  # fmt: skip
def test_an_institution_without_a_name(language: str, salutation: str, closing: str) -> None:
    recipient = recipient_from_values({"organisation": "Ministère", "city": "Tunis"})
    forms = forms_of_address(recipient, sender("FR"), language, signatories=2)
    assert (forms.salutation, forms.closing) == (salutation, closing)
    assert address_block(recipient, sender("FR"), forms, language) == ("Ministère", "TUNIS")


def test_several_signatories_close_as_we() -> None:
    forms = forms_of_address(minister("f"), sender("FR"), "fr", signatories=2)
    assert forms.closing == (
        "Nous vous prions d’agréer, Madame la Ministre, l’expression de notre très haute"
        " considération."
    )


def test_the_recipients_own_salutation_is_repeated_in_the_closing() -> None:
    own = minister("f", salutation="Madame le Ministre,")
    forms = forms_of_address(own, sender("FR"), "fr")
    assert forms.salutation == "Madame le Ministre,"
    assert forms.closing == FRENCH.format("Madame le Ministre")
    assert "own salutation" in forms.rule
    english = forms_of_address(minister("f", salutation="Dear Awa,"), sender("FR"), "en")
    assert english.closing == "Yours sincerely,"


def test_the_recipients_own_title_and_address_go_first() -> None:
    recipient = minister("m", office_title_fr="Ministre d’État", address_block="One|Two")
    forms = forms_of_address(recipient, sender("FR"), "fr")
    assert forms.addressee == ("Son Excellence Monsieur A. Fall", "Ministre d’État")
    assert address_block(recipient, sender("FR"), forms, "fr") == ("One", "Two")


def test_a_name_is_never_a_pattern() -> None:
    forms = forms_of_address(
        recipient_from_values({"name": "{vocative} {title}"}), sender("FR"), "en"
    )
    assert forms.salutation == "Dear {vocative} {title},"


def test_the_style_of_an_own_minister_is_not_excellency() -> None:
    for country, line in (("FR", "Son Excellence Madame A. Fall"), ("SN", "Madame A. Fall")):
        assert forms_of_address(minister("f"), sender(country), "fr").addressee[0] == line


def test_a_wished_register_is_followed_and_one_that_is_not_there_told() -> None:
    formal = replace(sender("FR"), register="formal")
    said = forms_of_address(minister("m"), formal, "en")
    assert (said.salutation, said.closing) == ("Dear Minister,", "Yours sincerely,")
    plain = replace(sender("FR"), register="plain")
    assert "there is no plain form" in forms_of_address(minister("m"), plain, "en").fallbacks[0]


@pytest.mark.parametrize(
    ("language", "genders", "salutation"),
    [
        ("fr", "mm", "Messieurs les Ministres,"),
        ("fr", "ff", "Mesdames les Ministres,"),
        ("fr", "fm", "Madame la Ministre, Monsieur le Ministre,"),
        ("en", "xx", "Excellencies,"),
        ("en", "mm", "Excellencies,"),
    ],
)
def test_a_joint_letter_greets_everyone(language: str, genders: str, salutation: str) -> None:
    lead, *others = (minister(gender, name=f"{gender}. Fall") for gender in genders)
    said = forms_of_address(lead, sender("FR"), language, also_to=others)
    assert said.salutation == salutation
    assert said.salutation.rstrip(",") in said.closing or language == "en"
    address = address_block(lead, sender("FR"), said, language, others)
    assert sum("Fall" in line for line in address) == 2


def test_a_joint_letter_to_two_offices_names_both() -> None:
    envoy = recipient_from_values({"office": "ambassador", "country": "DE", "gender": "f"})
    said = forms_of_address(minister("m"), sender("FR"), "fr", also_to=[envoy])
    assert said.salutation == "Monsieur le Ministre, Madame l’Ambassadrice,"
    assert said.inline == "Monsieur le Ministre et Madame l’Ambassadrice"
    assert "foreign_minister/*/m + ambassador/*/f" in said.rule


def test_there_is_no_country_line_on_domestic_mail() -> None:
    recipient = minister("f", name=None, city="Dakar")
    forms = forms_of_address(recipient, sender("SN"), "fr")
    assert address_block(recipient, sender("SN"), forms, "fr")[-1] == "DAKAR"


def test_an_office_alone_without_title_has_no_address() -> None:
    recipient = recipient_from_values({"office": "body"})
    forms = forms_of_address(recipient, sender("FR"), "fr")
    with pytest.raises(RecipientError, match="no address"):
        address_block(recipient, sender("FR"), forms, "fr")


@pytest.mark.parametrize("language", protocol_languages())
def test_every_record_is_sound(language: str) -> None:
    records = protocol(language)
    known = set(columns().words["office"].values())
    assert set(offices()) == known
    for office in offices():
        entries = forms(language, office)
        assert any(form.region is None and form.relation is None for form in entries), office
        for form in entries:
            assert form.source
            assert form.relation in {None, "own", "foreign"}
            assert form.register in {None, "plain", "formal", "diplomatic"}
            for gender, pattern in form.without_name.items():
                assert gender in {"m", "f", "x"}
                assert pattern.count("{title}") <= 1
    for closing in records.closings.values():
        assert closing.source
    for office in ("foreign_minister", "minister", "ambassador", "mp", "senator", "official"):
        assert any(form.plural for form in forms(language, office)), office


@pytest.mark.parametrize("language", protocol_languages())
@pytest.mark.parametrize("register", [None, "plain", "formal", "diplomatic"])
def test_whoever_it_is_some_form_applies(language: str, register: Register | None) -> None:
    writers = ("FR", "GB", "US", "CA", "CH", "SN")
    for office, gender, country in product(offices(), ("m", "f", "x"), ("SN", None)):
        for names in ({}, {"full_name": "A. Fall"}, {"given_name": "A.", "family_name": "Fall"}):
            recipient = Recipient(office, gender=gender, represents_country=country, **names)
            for writer in writers:
                author = replace(sender(writer), register=register)
                said = forms_of_address(recipient, author, language)
                texts = (said.salutation, said.closing, said.inline, *said.addressee)
                assert said.salutation.strip()
                assert not any("{" in text or "  " in text for text in texts), texts


def test_a_form_that_needs_what_is_not_known_is_passed_over_and_told() -> None:
    recipient = recipient_from_values({"name": "A. Fall", "gender": "f"})
    forms = forms_of_address(recipient, sender("FR"), "en")
    assert forms.salutation == "Dear A. Fall,"
    assert forms.fallbacks == ("without a family name, the usual form cannot be used",)


def test_an_institution_named_in_another_language_is_not_lost() -> None:
    recipient = minister("f", organisation_fr="Ministère")
    forms = forms_of_address(recipient, sender("FR"), "en")
    assert "Ministère" in address_block(recipient, sender("FR"), forms, "en")


def test_a_title_that_loses_its_country_is_told() -> None:
    def told(recipient: Recipient) -> bool:
        fallbacks = forms_of_address(recipient, sender("CH"), "fr").fallbacks
        return any("cannot be declined in fr" in text for text in fallbacks)

    king = Recipient(office="monarch", gender="m", represents_country="TW", full_name="A. Fall")
    assert forms_of_address(king, sender("CH"), "fr").addressee[-1] == "Roi"
    assert told(king)
    assert told(replace(king, full_name=None))
    assert not told(replace(king, represents_country="NO"))
    assert not told(replace(king, represents_country=None))
    assert not told(replace(king, office_title={"": "Souverain de Taïwan"}))
    assert not told(replace(king, office="foreign_minister")), "whose title names no country"
