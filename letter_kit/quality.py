"""What should be looked at before a letter is sent.

Each check says one thing that a reader at the ministry would notice. What makes a letter
unsendable (an address outside the window, a character that no font has) is an error
where it is found; these are warnings.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from letter_kit.errors import Problem
from letter_kit.language import countries_named, country_name
from letter_kit.layout import Layout
from letter_kit.models import Campaign, CampaignText, Document, Letter, Recipient, Sender
from letter_kit.protocol import FormsOfAddress

__all__ = ["FRESH", "letter_warnings", "page_warnings", "stale"]

FRESH = dt.timedelta(days=365)
"""How long what was verified of a recipient is taken to hold."""


def letter_warnings(
    campaign: Campaign,
    recipients: Sequence[Recipient],
    sender: Sender,
    forms: FormsOfAddress,
    letter: Letter,
) -> Iterator[Problem]:
    """Every warning of a letter that does not depend on its format."""
    for fallback in forms.fallbacks:
        yield _warning(fallback)
    lead = recipients[0]
    if lead.closing and lead.salutation and forms.vocative not in lead.closing:
        yield _warning(
            "the recipient's own closing does not repeat their own salutation",
            found=repr(lead.closing),
        )
    yield from _period(campaign, letter.date)
    for recipient in recipients:
        yield from stale(recipient, letter.date)
        if campaign.offices and recipient.office not in campaign.offices:
            yield _warning(
                f"the campaign {campaign.id} is not meant for this office",
                expected=", ".join(campaign.offices),
                found=recipient.office,
            )
    yield from _other_countries(campaign, recipients, sender, letter)


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


def _other_countries(
    campaign: Campaign, recipients: Sequence[Recipient], sender: Sender, letter: Letter
) -> Iterator[Problem]:
    """A country named that is neither the recipient's nor the sender's: a letter gone astray.

    Names of people and institutions may have a country in them and are left out.
    """
    meant: set[str | None] = {sender.country, *campaign.mentions}
    text = f"{letter.subject}\n{letter.body}"
    for recipient in recipients:
        meant |= {recipient.represents_country, recipient.host_country, recipient.country}
        for name in (recipient.name, *recipient.organisation.values()):
            text = text.replace(name, "") if name else text
    for entry in letter.letterhead:
        text = text.replace(entry.name, "")
    for signature in letter.signatures:
        text = text.replace(signature.name, "")
    for code in sorted(countries_named(text, letter.language)):
        if code in meant:
            continue
        yield _warning(
            "the letter names a country that is not the recipient's",
            found=f"{country_name(code, letter.language)} ({code})",
            hint="Write {{ recipient.country }} where the recipient's country is meant; a country"
            " that is meant by its name stands in campaign.toml under mentions.",
        )


def _warning(message: str, **details: str | None) -> Problem:
    return Problem(message, severity="warning", **details)  # type: ignore[arg-type]  # all are texts
