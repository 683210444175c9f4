"""The merge context is documented both ways, and the page in docs/ says what the code says."""

import sys
from dataclasses import fields
from typing import Any

import pytest
from conftest import ROOT

from letter_kit import Campaign, Sender
from letter_kit.context import (
    build_context,
    campaign_context,
    documented_fields,
    sender_context,
)
from letter_kit.merging.environment import TextEnvironment
from letter_kit.merging.filters import FILTER_DOCS
from letter_kit.models import Letter, LetterheadEntry, Signature
from letter_kit.people import recipient_from_values
from letter_kit.protocol import address_block, forms_of_address

sys.path.insert(0, str(ROOT / "scripts"))
from make_docs import pages

FIELDS = list(documented_fields())


@pytest.fixture(scope="module")
def context(un2020: Campaign, sender: Sender) -> Any:
    recipient = recipient_from_values(
        {
            "office": "foreign_minister", "country": "SN", "gender": "f", "given_name": "Awa",
            "family_name": "Ndiaye", "honorific_prefix": "Dr", "office_title": "T",
            "organisation": "O", "city": "Dakar", "tags": "a;b",
        }
    )  # fmt: skip
    forms = forms_of_address(recipient, sender, "fr", 2)
    address = address_block(recipient, sender, forms, "fr")
    return build_context(
        recipient, forms, address, sender=sender_context(sender, "fr"),
        campaign=campaign_context(un2020, un2020.texts["fr"]), language="fr", date="3 mai",
    )  # fmt: skip


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.path)
def test_every_field_is_documented(field: Any) -> None:
    assert field.doc.endswith("."), field.path


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.path)
def test_every_documented_field_exists(context: Any, field: Any) -> None:
    values = [context]
    for name in field.path.split("."):
        values = [getattr(value, name.removesuffix("[]")) for value in values]
        if name.endswith("[]"):
            values = [item for value in values for item in value]
    for value in values:
        assert field.optional or value is not None


def test_the_page_names_every_field_and_filter_and_no_other() -> None:
    page = (ROOT / "docs" / "merge-fields.md").read_text("utf-8")
    for field in FIELDS:
        name = field.path.removeprefix("recipients[].")  # the same as recipient, and said once
        if name != field.path:
            name = f"recipient.{name}"
        assert f"`{name.rpartition('[].')[2]}`" in page
    for name in FILTER_DOCS:
        assert f"| `{name}` |" in page


@pytest.mark.parametrize("model", [Letter, LetterheadEntry, Signature])
def test_every_field_of_a_frame_is_documented(model: Any) -> None:
    for field in fields(model):
        assert field.metadata["doc"].endswith((".", ".)")), field.name


def test_every_filter_is_documented_and_there() -> None:
    environment = TextEnvironment(str, str)
    assert set(environment.filters) == set(FILTER_DOCS)


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_pages_made_from_the_code_are_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == pages()[name], "run: make docs"
