"""The use case: one campaign, one recipient, one sender become one letter."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import NamedTuple

from letter_kit.campaigns import choose_asks
from letter_kit.context import MergeContext, build_context
from letter_kit.engines import GuardedWorker, Worker
from letter_kit.errors import LetterError, Problem
from letter_kit.formats import render, warm_up
from letter_kit.frames import Frame, load_frame
from letter_kit.language import look_again, staying
from letter_kit.mailing import (
    Mailing,
    choose_language,
    letter_language,
    own_field_names,
    prepared,
    shared,
    text_in,
)
from letter_kit.merging.composing import compose_letter
from letter_kit.merging.merged import MergedText
from letter_kit.models import (
    Campaign,
    CampaignText,
    ChosenAsk,
    Document,
    Letter,
    Recipient,
    Sender,
)
from letter_kit.protocol import address_block, forms_of_address
from letter_kit.quality import letter_warnings, page_warnings

__all__ = [
    "Explanation",
    "Mailing",
    "WrittenLetter",
    "letter_language",
    "merge",
    "own_field_names",
    "text_in",
    "write_letter",
    "write_letters",
]


class Explanation(NamedTuple):
    """Why the letter is as it is."""

    language: str
    language_reason: str
    rule: str
    source: str
    fallbacks: tuple[str, ...]
    notes: tuple[str, ...]
    layout: str


class WrittenLetter(NamedTuple):
    """A letter, its document, why it is so, and what should be looked at before sending."""

    letter: Letter
    document: Document
    asks: tuple[ChosenAsk, ...]
    explanation: Explanation
    warnings: tuple[Problem, ...]


def write_letter(
    campaign: Campaign,
    recipient: Recipient,
    sender: Sender,
    *,
    date: dt.date | None = None,
    format: str = "markdown",
    language: str | None = None,
    asks: Sequence[str] | None = None,
    layout: str | None = None,
    template: str | Frame = "classic",
    overlay: bool = False,
    also_to: Sequence[Recipient] = (),
    strict: bool = False,
    worker: Worker | None = None,
) -> WrittenLetter:
    """Write one letter.

    ``date`` is the letter's date, today where not given. ``language`` is a BCP 47 code; the
    recipient's language is taken where it is not given. ``asks`` are the ids of the asks
    to make, besides the required ones. ``overlay`` draws the window, what it always shows
    and the folds on the page, to look at. ``also_to`` are further people to whom the same
    letter goes; language, country and asks are those of ``recipient``. ``strict`` makes every
    warning an error. Templates run in ``worker``, a process with limits;
    pass one to use it for many letters.

    Raises `InputError` for whatever is wrong with what was given (its subclasses say
    what), `SetupError` for a library that is missing.
    """
    mailing = Mailing(
        campaign,
        sender,
        date or dt.date.today(),
        formats=(format,),
        frame=template if isinstance(template, Frame) else load_frame(template),
        language=language,
        asks=None if asks is None else tuple(asks),
        layout=layout,
        overlay=overlay,
        strict=strict,
    )
    with nullcontext(worker) if worker is not None else GuardedWorker() as at_work:
        (written,) = write_letters(mailing, recipient, also_to, worker=at_work)
    return written


def write_letters(
    mailing: Mailing,
    recipient: Recipient,
    also_to: Sequence[Recipient] = (),
    *,
    worker: Worker,
) -> list[WrittenLetter]:
    """The same letter in each of the mailing's formats, merged once. See `write_letter`."""
    with staying():
        return _written(mailing, recipient, also_to, worker)


def _written(
    mailing: Mailing, recipient: Recipient, also_to: Sequence[Recipient], worker: Worker
) -> list[WrittenLetter]:
    ready = prepared(mailing)
    text, spoken, reason, told = choose_language(mailing, recipient.language)
    same = shared(mailing, text.language, spoken)
    sender, frame = mailing.sender, mailing.frame

    forms = forms_of_address(recipient, sender, spoken, len(sender.signatories), also_to)
    address = address_block(recipient, sender, forms, spoken, also_to)
    chosen = choose_asks(mailing.campaign, recipient, mailing.asks)
    context = build_context(
        recipient,
        forms,
        address,
        sender=same.sender,
        campaign=same.campaign,
        language=spoken,
        date=same.date,
        also_to=also_to,
    )
    for form in ready.formats:
        worker.prepare(warm_up, form)
    merged = worker.run(
        merge, text, context, chosen, ready.own_fields, ready.edition, what=text.path
    )
    letter = compose_letter(
        merged,
        recipient,
        address,
        title=f"{text.title} – {recipient.name or address[0]}",
        on=same.on,
    )
    documents = [
        worker.run(render, letter, form, frame, ready.page, what=frame.path)
        for form in ready.formats
    ]

    explanation = Explanation(
        language=spoken,
        language_reason=reason,
        rule=forms.rule,
        source=forms.source,
        fallbacks=forms.fallbacks,
        notes=forms.notes,
        layout=ready.page.id,
    )
    recipients = (recipient, *also_to)
    told = (*told, *letter_warnings(same.expectations, recipients, forms, letter))
    written = []
    for document in documents:
        warnings = (*told, *page_warnings(mailing.campaign, text, document, ready.page))
        if mailing.strict and warnings:
            raise LetterError(replace(warning, severity="error") for warning in warnings)
        written.append(WrittenLetter(letter, document, chosen, explanation, warnings))
    return written


def merge(
    text: CampaignText,
    context: MergeContext,
    chosen: Sequence[ChosenAsk],
    own_fields: Mapping[str, tuple[str, ...]],
    edition: int,
) -> MergedText:
    """`merge_text`, with Jinja imported where it runs: only the guarded process needs it.

    That process sees languages' files as its parent does: as they were in ``edition``.
    """
    from letter_kit.merging.merge import merge_text

    look_again(edition)
    return merge_text(text, context, chosen, own_fields)
