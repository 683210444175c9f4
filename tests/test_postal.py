"""Addresses in the order of the country they go to.

Expectations from the posts' own rules, as the Universal Postal Union publishes them
(*Addressing the world*, postal addressing systems), not from the code.
"""

import pytest

from letter_kit import Recipient, Sender
from letter_kit.models import Organisation, Signatory
from letter_kit.people import recipient_from_values
from letter_kit.protocol import address_block, forms_of_address

STREET = {"full_name": "A. Fall", "organisation": "Ministry", "street_1": "1 Main Road"}


def block(
    country: str, sender: str = "FR", letter: str = "en", also_to: tuple[Recipient, ...] = (),
    **values: str,
) -> list[str]:  # fmt: skip
    recipient = recipient_from_values({"office": "official", "country": country, **values})
    author = Sender(sender, (Organisation({"": "O"}),), (Signatory("S"),))
    forms = forms_of_address(recipient, author, letter, also_to=also_to)
    return list(address_block(recipient, author, forms, letter, also_to))


@pytest.mark.parametrize(
    ("country", "town", "lines"),
    [
        ("FR", {"postal_code": "75007", "city": "Paris"}, ["75007 PARIS", "FRANCE"]),
        ("DE", {"postal_code": "10117", "city": "Berlin"}, ["10117 BERLIN", "GERMANY"]),
        ("CH", {"postal_code": "3003", "city": "Bern"}, ["3003 BERN", "SWITZERLAND"]),
        ("GB", {"postal_code": "SW1A 2AH", "city": "London"},
         ["LONDON", "SW1A 2AH", "UNITED KINGDOM"]),
        ("US", {"postal_code": "20520", "city": "Washington", "region": "DC"},
         ["WASHINGTON, DC 20520", "UNITED STATES OF AMERICA"]),
        ("CA", {"postal_code": "K1A 0G2", "city": "Ottawa", "region": "ON"},
         ["OTTAWA ON K1A 0G2", "CANADA"]),
        ("BR", {"postal_code": "70170-900", "city": "Brasília", "region": "DF"},
         ["BRASÍLIA-DF", "70170-900", "BRAZIL"]),
        ("IT", {"postal_code": "00135", "city": "Roma", "region": "RM"},
         ["00135 ROMA RM", "ITALY"]),
        ("LU", {"postal_code": "1273", "city": "Luxembourg"}, ["1273 LUXEMBOURG", "LUXEMBOURG"]),
        ("SE", {"postal_code": "103 39", "city": "Stockholm"}, ["103 39 STOCKHOLM", "SWEDEN"]),
        ("JP", {"postal_code": "100-8919", "city": "Chiyoda-ku", "region": "Tokyo"},
         ["CHIYODA-KU, TOKYO", "100-8919", "JAPAN"]),
        ("SG", {"postal_code": "248163", "city": "Singapore"}, ["SINGAPORE 248163", "SINGAPORE"]),
        ("CI", {"city": "Abidjan"}, ["ABIDJAN", "CÔTE D’IVOIRE"]),
        ("IE", {"postal_code": "D02 VX03", "city": "Dublin"}, ["DUBLIN", "D02 VX03", "IRELAND"]),
        ("AU", {"postal_code": "0221", "city": "Barton", "region": "ACT"},
         ["BARTON ACT 0221", "AUSTRALIA"]),
        ("NR", {"city": "Yaren"}, ["YAREN", "NAOERO"]),
        ("AE", {"city": "Abu Dhabi"}, ["ABU DHABI", "UNITED ARAB EMIRATES"]),
        ("HK", {"city": "Kowloon"}, ["KOWLOON", "HONG KONG SAR CHINA"]),
    ],
)  # fmt: skip
def test_the_town_stands_as_the_country_has_it(
    country: str, town: dict[str, str], lines: list[str]
) -> None:
    sender = "GB" if country != "GB" else "US"
    assert block(country, sender, **STREET, **town) == [
        "A. Fall",
        "Ministry",
        "1 Main Road",
        *lines,
    ]


def test_in_its_own_writing_an_address_goes_from_the_large_to_the_small() -> None:
    assert block(
        "JP", letter="zh", full_name="山田花子", organisation="外務省", postal_code="100-8919",
        region="東京都", city="千代田区", street_1="霞が関二丁目",
    ) == [
        "〒100-8919", "東京都千代田区", "霞が関二丁目", "外務省", "山田花子", "JAPON"]  # fmt: skip


def test_the_town_is_written_as_it_is_where_the_post_at_home_has_it_so() -> None:
    town = {"postal_code": "10117", "city": "Berlin"}
    assert block("DE", "DE", **STREET, **town)[-1] == "10117 Berlin"
    assert block("FR", "FR", **STREET, postal_code="75007", city="Paris")[-1] == "75007 PARIS"


@pytest.mark.parametrize(
    ("sender", "language", "line"),
    [
        ("FR", "en", "ALLEMAGNE"), ("FR", "ar", "ALLEMAGNE"), ("US", "fr", "GERMANY"),
        ("CH", "fr", "ALLEMAGNE"), ("CH", "en", "DEUTSCHLAND"), ("CA", "fr", "ALLEMAGNE"),
        ("BE", "en", "ALLEMAGNE"), ("EG", "fr", "ألمانيا"), ("RU", "en", "ГЕРМАНИЯ"),
        ("BR", "en", "ALEMANHA"), ("JP", "fr", "GERMANY"), ("SE", "fr", "GERMANY"),
    ],
)  # fmt: skip
def test_the_country_is_named_for_the_senders_post(sender: str, language: str, line: str) -> None:
    assert block("DE", sender, language, **STREET, city="Berlin")[-1] == line


def test_a_line_that_names_the_institution_already_is_enough() -> None:
    lines = block(
        "PE", letter="es", office="foreign_minister", city="Lima",
        organisation_es="Ministerio de Relaciones Exteriores",
    )  # fmt: skip
    assert lines == ["Titular del Ministerio de Relaciones Exteriores", "LIMA", "PÉROU"]


def test_an_institution_is_named_in_the_recipients_language_where_the_letters_has_no_name() -> None:
    lines = block(
        "PE", letter="fr", organisation_en="Ministry", organisation_es="Ministerio",
        full_name="A. Fall", city="Lima", language="es",
    )  # fmt: skip
    assert "Ministerio" in lines


def test_a_joint_letter_names_each_institution_once() -> None:
    other = recipient_from_values({"name": "B. Diop", "organisation": "Parliament"})
    again = recipient_from_values({"name": "C. Sow", "organisation": "Ministry"})
    lines = block("SN", also_to=(other, again), **STREET, city="Dakar")
    assert lines == [
        "A. Fall", "B. Diop", "C. Sow", "Ministry", "Parliament", "1 Main Road", "DAKAR", "SÉNÉGAL"
    ]  # fmt: skip
