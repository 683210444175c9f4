"""A mailing: what is the same for all letters of a run, and what follows from it."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from letter_kit.errors import InputError, Problem, did_you_mean
from letter_kit.frames import Frame
from letter_kit.language import language as language_table
from letter_kit.models import Campaign, CampaignText, Recipient, Sender
from letter_kit.people.columns import language_code

__all__ = ["LanguageChoice", "Mailing", "choose_language", "letter_language", "text_in"]


# Two mailings are the same where they are one object: so it can be looked up at once.
@dataclass(frozen=True, slots=True, eq=False)
class Mailing:
    """What is the same for all letters of a run; it can be pickled.

    ``formats`` are names of formats. ``language`` is a BCP 47 code; the recipient's
    language is taken where it is not given. ``asks`` are the ids of the asks to make,
    besides the required ones. ``layout`` is a layout's id. ``overlay`` draws the window
    and the folds on the page. ``strict`` makes every warning an error.
    """

    campaign: Campaign
    sender: Sender
    date: dt.date
    formats: tuple[str, ...]
    frame: Frame
    language: str | None = None
    asks: tuple[str, ...] | None = None
    layout: str | None = None
    overlay: bool = False
    strict: bool = False


class LanguageChoice(NamedTuple):
    """The campaign's text, the letter's language with its region, and why."""

    text: CampaignText
    language: str
    reason: str
    warnings: tuple[Problem, ...] = ()


def letter_language(mailing: Mailing, recipient: Recipient) -> str:
    """The language of the recipient's letter, with its region where that differs: ``en-US``.

    Raises `InputError` where the mailing's language is none, or the campaign has no text
    in it.
    """
    return choose_language(mailing, recipient.language).language


def choose_language(mailing: Mailing, preferred: str | None) -> LanguageChoice:
    """The language of a letter to someone who prefers ``preferred``. See `letter_language`."""
    campaign = mailing.campaign
    warnings: tuple[Problem, ...] = ()
    if mailing.language is not None:
        text, code = text_in(campaign, mailing.language)
        reason = "it was asked for"
    elif preferred is None:
        text, code = text_in(campaign, campaign.source_language)
        reason = "no other is known; the campaign is written in it"
    else:
        try:
            text, code = text_in(campaign, preferred)
            reason = "it is the recipient's language"
        except InputError:
            text, code = text_in(campaign, campaign.source_language)
            reason = "the campaign has no text in the recipient's language"
            message = (
                f"the recipient's language is {preferred}, in which the campaign"
                f" {campaign.id} has no text; the letter is in {code}"
            )
            warnings = (Problem(message, severity="warning"),)
    if code == text.language:
        code = language_table(code).in_region(mailing.sender.country)
    return LanguageChoice(text, code, reason, warnings)


def text_in(campaign: Campaign, language: str) -> tuple[CampaignText, str]:
    """The campaign's text that serves ``language``, and the code as it is rightly written.

    Raises `InputError` where the code is none, or the campaign has no such text.
    """
    code = language_code(language)
    text = campaign.texts.get(code or "") or campaign.texts.get((code or "").partition("-")[0])
    if code is None or text is None:
        raise InputError.of(
            f"the campaign {campaign.id} has no text in the language {language[:40]!r}",
            expected=", ".join(campaign.languages),
            hint=did_you_mean(language, campaign.languages),
        )
    return text, code
