"""Golden letters that a person can read, and how a letter's language is chosen.

The files in golden/ are what `write` makes; after a change that is meant, make them anew
with LETTER_KIT_GOLDEN=write and read the difference.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DATE

from letter_kit import (
    Campaign,
    GuardedWorker,
    InputError,
    Sender,
    recipient_from_values,
    write_letter,
)

GOLDEN = Path(__file__).parent / "golden"
PEOPLE = {
    "woman": {"office": "foreign_minister", "country": "SN", "gender": "f"},
    "man-with-name": {
        "office": "foreign_minister", "country": "SN", "gender": "m", "full_name": "Amadou Exemple",
        "organisation": "Ministère des Affaires étrangères", "street_1": "1 place de l’Exemple",
        "city": "Dakar", "ask.trust-fund": "thank",
    },
    "unknown": {"office": "foreign_minister", "country": "SN", "full_name": "D. Exemple"},
    "institution": {"organisation": "Ministère des Affaires étrangères", "country": "SN",
                    "city": "Dakar", "ask.summit": "skip", "ask.civil-society": "thank",
                    "ask.trust-fund": "thank"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("who", PEOPLE)
def test_the_letter_reads_as_it_did(
    un2020: Campaign, sender: Sender, worker: GuardedWorker, who: str, language: str
) -> None:
    written = write_letter(
        un2020, recipient_from_values(PEOPLE[who]), sender, date=DATE, language=language,
        worker=worker,
    )  # fmt: skip
    path = GOLDEN / "un2020" / f"{language}-{who}.md"
    if os.environ.get("LETTER_KIT_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written.document.content)
    assert written.document.content.decode() == path.read_text("utf-8")


def test_one_signatory_writes_as_one(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    alone = replace(sender, signatories=sender.signatories[:1])
    recipient = recipient_from_values(PEOPLE["woman"])
    body = write_letter(un2020, recipient, alone, date=DATE, worker=worker).letter.body
    assert "Au nom de notre organisation, j’ai l’honneur" in body
    assert "Je vous prie d’agréer, Madame la Ministre, l’expression de ma très haute" in body


@pytest.mark.parametrize(
    ("values", "requested", "language", "reason", "warned"),
    [
        ({"language": "en"}, None, "en", "it is the recipient's language", False),
        ({"language": "en-GB"}, None, "en-GB", "it is the recipient's language", False),
        ({"language": "en"}, "fr", "fr", "it was asked for", False),
        ({}, None, "fr", "no other is known", False),
        ({"language": "wo"}, None, "fr", "no text in the recipient's language", True),
    ],
)
def test_the_language_is_chosen_and_said_why(
    un2020: Campaign,
    sender: Sender,
    worker: GuardedWorker,
    values: dict[str, str],
    requested: str | None,
    language: str,
    reason: str,
    warned: bool,
) -> None:
    recipient = recipient_from_values(PEOPLE["woman"] | values)
    written = write_letter(un2020, recipient, sender, date=DATE, language=requested, worker=worker)
    assert written.letter.language == language
    assert reason in written.explanation.language_reason
    assert bool(written.warnings) is warned


def test_an_american_sender_dates_as_americans_do(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    american = replace(sender, country="US", place={"": "Boston"}, layout="din-5008-b")
    recipient = recipient_from_values(PEOPLE["woman"] | {"language": "en"})
    letter = write_letter(un2020, recipient, american, date=DATE, worker=worker).letter
    assert letter.place_and_date == "Boston, September 3, 2019"
    assert letter.body.startswith("Dear Madam Minister:")


def test_a_language_that_was_asked_for_must_be_there(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    recipient = recipient_from_values(PEOPLE["woman"])
    with pytest.raises(InputError, match="expected fr, ar, en"):
        write_letter(un2020, recipient, sender, language="de", worker=worker)
