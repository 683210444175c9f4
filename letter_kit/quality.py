"""What should be looked at before a letter is sent.

Each check says one thing that a reader at the ministry would notice. What makes a letter
unsendable (an address outside the window, a character that no font has) is an error
where it is found; these are warnings.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from letter_kit.errors import Problem
from letter_kit.language import Language, countries_named, country_name, typeset
from letter_kit.language import language as language_table
from letter_kit.layout import Layout
from letter_kit.merging.composing import Stationery
from letter_kit.merging.escaping import escape_markdown
from letter_kit.models import Campaign, CampaignText, Document, Letter, Recipient, Sender, localised
from letter_kit.protocol import FormsOfAddress

__all__ = ["FRESH", "Expectations", "expectations", "letter_warnings", "page_warnings", "stale"]

FRESH = dt.timedelta(days=365)
"""How long what was verified of a recipient is taken to hold."""


class Expectations(NamedTuple):
    """What all letters of a campaign and sender in one language are held against."""

    campaign: Campaign
    period: tuple[Problem, ...]
    """What is wrong with their date."""
    sender_words: tuple[Problem, ...]
    """What the sender has not in their language."""
    countries: frozenset[str]
    """Those that they may name, whoever the recipient is."""
    names: tuple[str, ...]
    """The sender's names, which may have a country's in them."""


def expectations(campaign: Campaign, sender: Sender, on: Stationery) -> Expectations:
    """What is looked at once for all letters on that stationery."""
    names = [entry.name for entry in on.letterhead]
    names += [signature.name for signature in on.signatures]
    return Expectations(
        campaign,
        tuple(_period(campaign, on.date)),
        tuple(_sender_words(sender, on.language)),
        frozenset((sender.country, *campaign.mentions)),
        tuple(names),
    )


def letter_warnings(
    against: Expectations, recipients: Sequence[Recipient], forms: FormsOfAddress, letter: Letter
) -> Iterator[Problem]:
    """Every warning of a letter that does not depend on its format."""
    campaign = against.campaign
    for fallback in forms.fallbacks:
        yield _warning(fallback)
    lead = recipients[0]
    if lead.closing and lead.salutation and forms.vocative not in lead.closing:
        yield _warning(
            "the recipient's own closing does not repeat their own salutation",
            found=repr(lead.closing),
        )
    yield from against.period
    for recipient in recipients:
        yield from stale(recipient, letter.date)
        if campaign.offices and recipient.office not in campaign.offices:
            yield _warning(
                f"the campaign {campaign.id} is not meant for this office",
                expected=", ".join(campaign.offices),
                found=recipient.office,
            )
    yield from _region(lead, letter.address)
    yield from _other_languages(lead, letter.language)
    yield from against.sender_words
    if len(recipients) > 1:
        yield from _joint(recipients)
    yield from _other_countries(against, recipients, letter)


def stale(recipient: Recipient, date: dt.date) -> Iterator[Problem]:
    """What is said of the recipient and may hold no more on ``date``."""
    if recipient.as_of is not None and date - recipient.as_of > FRESH:
        yield _warning(
            "what is known of the recipient was verified more than a year before",
            found=str(recipient.as_of),
            hint="Verify it, and write the day into as_of.",
        )
    if recipient.in_office_until is not None and date > recipient.in_office_until:
        yield _warning(
            "the recipient has left the office by then",
            found=f"in office until {recipient.in_office_until}",
        )


def page_warnings(
    campaign: Campaign, text: CampaignText, document: Document, page: Layout
) -> Iterator[Problem]:
    """A letter of more pages than its campaign allows."""
    if document.pages is not None and document.pages > campaign.max_pages:
        yield _warning(
            f"the letter has {document.pages} pages",
            path=text.path,
            expected=f"at most {campaign.max_pages} in the layout {page.id}",
            hint="Make fewer asks, or shorten the text.",
        )


def _period(campaign: Campaign, date: dt.date) -> Iterator[Problem]:
    first, last = campaign.valid_from, campaign.valid_until
    if (first and date < first) or (last and date > last):
        yield _warning(
            f"the letter's date lies outside the campaign's period: {campaign.id}",
            expected=f"{first or '…'} to {last or '…'}",
            found=str(date),
            hint="Give the date with --date.",
        )


def _region(recipient: Recipient, address: Iterable[str]) -> Iterator[Problem]:
    """A region that addresses in the recipient's country have no place for."""
    region = recipient.region
    if not region or recipient.address_block:
        return
    if not any(region.casefold() in line.casefold() for line in address):
        yield _warning(
            f"addresses in {recipient.country or 'a country that is not given'} have no region,"
            " and it is left out",
            key="region",
            found=repr(region),
            hint="Write it into street_2 where it is needed, or give an address_block.",
        )


def _other_languages(recipient: Recipient, language: str) -> Iterator[Problem]:
    """Words of the recipient's own that are in their language, and the letter in another."""
    if recipient.language is None or _base(recipient.language) == _base(language):
        return
    own = {
        "salutation": recipient.salutation,
        "closing": recipient.closing,
        "office_title": recipient.office_title.get(""),
    }
    for field, text in own.items():
        if text:
            yield _warning(
                f"the recipient's own {field} may not be in the letter's language",
                expected=language,
                found=f"{text!r} of a recipient who reads {recipient.language}",
            )


def _sender_words(sender: Sender, language: str) -> Iterator[Problem]:
    """What the sender has in other languages, and not in the letter's."""
    texts = [("place", sender.place)]
    texts += [(f"title of {signatory.name}", signatory.title) for signatory in sender.signatories]
    for what, said in texts:
        if said and localised(said, language) is None:
            yield _warning(
                f"the sender's {what} is not given in the letter's language, and is left out",
                expected=_base(language),
                found=", ".join(sorted(said)),
            )


def _joint(recipients: Sequence[Recipient]) -> Iterator[Problem]:
    """What a letter to several people leaves out."""
    lead, *others = recipients
    if any(other.country not in {None, lead.country} for other in others):
        yield _warning(
            "the recipients of the letter are in different countries",
            found=", ".join(person.country or "?" for person in recipients),
            hint="It goes to the first one's address; write the others letters of their own.",
        )
    if lead.address_block and others:
        yield _warning("the first recipient's own address_block leaves the other recipients out")
    if any(other.salutation or other.closing or other.address_block for other in others):
        yield _warning("of a joint letter's recipients, only the first one's own words are used")


def _base(language: str) -> str:
    return language.partition("-")[0]


def _other_countries(
    against: Expectations, recipients: Sequence[Recipient], letter: Letter
) -> Iterator[Problem]:
    """A country named that is neither the recipient's nor the sender's: a letter gone astray.

    Names of people and institutions may have a country in them and are left out.
    """
    text = f"{letter.subject}\n{letter.body}"
    meant: set[str | None] = {*against.countries}
    for recipient in recipients:
        meant |= {recipient.represents_country, recipient.host_country, recipient.country}
    if countries_named(text, letter.language) <= meant:
        return
    names = [*against.names, *_names_of(recipients, language_table(letter.language))]
    for name in sorted(names, key=len, reverse=True):
        escaped = escape_markdown(name)
        if escaped != name:
            text = text.replace(escaped, "")
        text = text.replace(name, "")
    for code in sorted(countries_named(text, letter.language) - meant):
        yield _warning(
            "the letter names a country that is not the recipient's",
            found=f"{country_name(code, letter.language)} ({code})",
            hint="Write {{ recipient.country }} where the recipient's country is meant; a country"
            " that is meant by its name stands in campaign.toml under mentions.",
        )


def _names_of(recipients: Sequence[Recipient], language: Language) -> Iterator[str]:
    for recipient in recipients:
        for name in (
            recipient.name, recipient.family_name, recipient.salutation,
            *recipient.organisation.values(), *recipient.office_title.values(),
        ):  # fmt: skip
            if name:
                yield typeset(name, language)


def _warning(message: str, **details: str | None) -> Problem:
    return Problem(message, severity="warning", **details)  # type: ignore[arg-type]  # all are texts
