"""A mailing holds what its letters share, and letters come out the same wherever they are made."""

import pickle
from dataclasses import replace

import pytest
from conftest import DATE

from letter_kit import (
    Campaign,
    DirectWorker,
    GuardedWorker,
    InputError,
    LetterError,
    Mailing,
    Sender,
    letter_language,
    recipient_from_values,
    write_letter,
    write_letters,
)
from letter_kit.frames import load_frame

WHO = recipient_from_values(
    {"office": "foreign_minister", "country": "SN", "full_name": "D. Exemple", "language": "fr"}
)


@pytest.fixture(scope="module")
def mailing(un2020: Campaign, sender: Sender) -> Mailing:
    return Mailing(un2020, sender, DATE, ("markdown", "html"), load_frame("classic"))


def test_a_mailing_that_travelled_writes_the_same_letters(mailing: Mailing) -> None:
    travelled = pickle.loads(pickle.dumps(mailing))  # noqa: S301  # our own
    here = write_letters(mailing, WHO, worker=DirectWorker())
    there = write_letters(travelled, WHO, worker=DirectWorker())
    assert [w.document for w in here] == [w.document for w in there]
    assert [w.document.suffix for w in here] == [".md", ".html"]


def test_letters_made_here_and_in_a_guarded_process_are_the_same(
    mailing: Mailing, worker: GuardedWorker
) -> None:
    guarded = write_letters(mailing, WHO, worker=worker)
    assert guarded == write_letters(mailing, WHO, worker=DirectWorker())


def test_one_letter_is_a_mailing_of_one(mailing: Mailing) -> None:
    first, _ = write_letters(mailing, WHO, worker=DirectWorker())
    alone = write_letter(mailing.campaign, WHO, mailing.sender, date=DATE, worker=DirectWorker())
    assert first == alone


def test_a_strict_mailing_refuses_a_letter_with_a_warning(mailing: Mailing) -> None:
    late = replace(mailing, strict=True, date=DATE.replace(year=2039))
    with pytest.raises(LetterError, match="outside the campaign's period"):
        write_letters(late, WHO, worker=DirectWorker())


@pytest.mark.parametrize(
    ("wanted", "preferred", "expected"),
    [(None, "fr", "fr"), (None, None, "fr"), (None, "ja", "fr"), ("en", "fr", "en")],
)
def test_the_language_of_a_letter_is_told_before_it_is_written(
    mailing: Mailing, wanted: str | None, preferred: str | None, expected: str
) -> None:
    mailing = replace(mailing, language=wanted)
    who = replace(WHO, language=preferred)
    assert letter_language(mailing, who) == expected
    written, _ = write_letters(mailing, who, worker=DirectWorker())
    assert written.letter.language == expected


def test_a_language_that_the_campaign_has_not_is_told(mailing: Mailing) -> None:
    with pytest.raises(InputError, match="has no text in the language 'it'"):
        letter_language(replace(mailing, language="it"), WHO)


def test_letters_made_here_print_nothing(
    mailing: Mailing, capfd: pytest.CaptureFixture[str]
) -> None:
    chinese = replace(WHO, language="zh", full_name="李丽", city="塞内加尔")
    for who in (WHO, chinese):
        write_letters(mailing, who, worker=DirectWorker())
    assert capfd.readouterr() == ("", "")
