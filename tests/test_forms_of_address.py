"""Forms of address case by case: each expectation comes from the source named beside it."""

import csv
from pathlib import Path

import pytest

from letter_kit.models import Organisation, Sender, Signatory
from letter_kit.people import recipient_from_values
from letter_kit.protocol import address_block, forms_of_address
from letter_kit.protocol.records import Register

DATA = Path(__file__).parent / "data"
CASES = [
    pytest.param(row, id=f"{path.stem}:{number}")
    for path in sorted(DATA.glob("forms-*.csv"))
    for number, row in enumerate(csv.DictReader(path.read_text("utf-8").splitlines()), start=2)
]
NAMES = ("given_name", "patronymic", "family_name")


def test_there_are_enough_cases_and_each_names_its_source() -> None:
    assert len(CASES) >= 300
    assert all(case.values[0]["source"].strip() for case in CASES)  # type: ignore[call-overload]


@pytest.mark.parametrize("case", CASES)
def test_forms_of_address(case: dict[str, str]) -> None:
    known = {name: case[name] for name in ("office", "gender", *NAMES) if case[name]}
    if case["represents"]:
        known["represents_country"] = case["represents"]
    recipient = recipient_from_values(known)
    register: Register | None = case["register"] or None  # type: ignore[assignment]
    sender = Sender(
        case["sender"], (Organisation({"": "O"}),), (Signatory("S"),), register=register
    )
    forms = forms_of_address(recipient, sender, case["language"])
    found = {"salutation": forms.salutation, "closing": forms.closing, "inline": forms.inline}
    lines = (
        (*address_block(recipient, sender, forms, case["language"]), "", "")
        if (case["address_1"] or case["address_2"])
        else ("", "")
    )
    found |= {"address_1": lines[0], "address_2": lines[1]}
    expected = {name: case[name] for name in found if case[name]}
    assert expected, "the case expects nothing"
    assert {name: found[name] for name in expected} == expected, forms.rule
