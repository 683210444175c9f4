"""A mailing: what is the same for all letters of a run, and what follows from it."""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from letter_kit.context import CampaignContext, SenderContext, campaign_context, sender_context
from letter_kit.errors import InputError, Problem, did_you_mean
from letter_kit.formats import Format, format_named
from letter_kit.frames import Frame
from letter_kit.language import format_date, look_again
from letter_kit.language import language as language_table
from letter_kit.layout import Layout, choose_layout
from letter_kit.merging.composing import Stationery, stationery
from letter_kit.models import Campaign, CampaignText, Recipient, Sender
from letter_kit.people.columns import language_code
from letter_kit.quality import Expectations, expectations

__all__ = [
    "LanguageChoice",
    "Mailing",
    "Prepared",
    "Shared",
    "choose_language",
    "letter_language",
    "own_field_names",
    "prepared",
    "shared",
    "text_in",
]


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


class Prepared(NamedTuple):
    """What follows from a mailing alone."""

    formats: tuple[Format, ...]
    page: Layout
    own_fields: Mapping[str, tuple[str, ...]]
    edition: int
    """Files of languages are taken to be as they were when the mailing began."""


class Shared(NamedTuple):
    """What the letters of a mailing in one language have in common."""

    sender: SenderContext
    campaign: CampaignContext
    date: str
    on: Stationery
    expectations: Expectations


class LanguageChoice(NamedTuple):
    """The campaign's text, the letter's language with its region, and why."""

    text: CampaignText
    language: str
    reason: str
    warnings: tuple[Problem, ...] = ()


@lru_cache(maxsize=8)
def prepared(mailing: Mailing) -> Prepared:
    """What is made ready before the first letter. Raises `InputError`."""
    edition = time.monotonic_ns()
    look_again(edition)
    sender, campaign = mailing.sender, mailing.campaign
    page = choose_layout(sender.country, mailing.layout, sender.layout, campaign.layout)
    return Prepared(
        formats=tuple(format_named(name) for name in mailing.formats),
        page=page._replace(overlay=mailing.overlay),
        own_fields=own_field_names(campaign),
        edition=edition,
    )


@lru_cache(maxsize=64)
def shared(mailing: Mailing, text_language: str, language: str) -> Shared:
    """What is made ready before the first letter in ``language``. Raises `InputError`."""
    sender, campaign = mailing.sender, mailing.campaign
    text = campaign.texts[text_language]
    on = stationery(sender, text, language, mailing.date, campaign.assets)
    return Shared(
        sender=sender_context(sender, language),
        campaign=campaign_context(campaign, text),
        date=format_date(mailing.date, language),
        on=on,
        expectations=expectations(campaign, sender, on),
    )


def letter_language(mailing: Mailing, recipient: Recipient) -> str:
    """The language of the recipient's letter, with its region where that differs: ``en-US``.

    Raises `InputError` where the mailing's language is none, or the campaign has no text
    in it.
    """
    return choose_language(mailing, recipient.language).language


@lru_cache(maxsize=256)
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


def own_field_names(campaign: Campaign) -> Mapping[str, tuple[str, ...]]:
    """The names of the campaign's own fields, by owner."""
    return {
        owner: tuple(field.name for field in campaign.fields if field.owner == owner)
        for owner in ("recipient", "sender")
    }
