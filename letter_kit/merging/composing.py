"""Merged text, people and address become the `Letter`, complete and without a form yet."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from letter_kit.language import direction, place_and_date, typeset
from letter_kit.language import language as language_table
from letter_kit.merging.merged import MergedText
from letter_kit.models import (
    Asset,
    CampaignText,
    Letter,
    LetterheadEntry,
    Organisation,
    Recipient,
    Sender,
    Signature,
    localised,
)

__all__ = ["Stationery", "compose_letter", "stationery"]


class Stationery(NamedTuple):
    """What stands on every letter of a sender alike, in one language."""

    language: str
    direction: str
    date: dt.date
    letterhead: tuple[LetterheadEntry, ...]
    return_line: str
    place_and_date: str
    reference: str | None
    signatures: tuple[Signature, ...]
    enclosures: tuple[str, ...]
    labels: Mapping[str, str]
    assets: Mapping[str, Asset]


def stationery(
    sender: Sender,
    text: CampaignText,
    language: str,
    date: dt.date,
    campaign_assets: Mapping[str, Asset],
) -> Stationery:
    """What the letters made of ``text`` have in common."""
    table = language_table(language)
    assets = dict(campaign_assets)
    letterhead = tuple(
        _letterhead(organisation, language, _kept(assets, "logo", index, organisation.logo))
        for index, organisation in enumerate(sender.organisations, start=1)
    )
    signatures = tuple(
        Signature(
            name=typeset(signatory.name, language),
            title=_typeset(localised(signatory.title, language), language),
            organisation=_typeset(localised(signatory.organisation, language), language),
            picture=_kept(assets, "signature", index, signatory.signature),
        )
        for index, signatory in enumerate(sender.signatories, start=1)
    )
    leading = letterhead[0]
    return Stationery(
        language=language,
        direction=table.direction,
        date=date,
        letterhead=letterhead,
        return_line=" · ".join((leading.name, *leading.address)),
        place_and_date=place_and_date(localised(sender.place, language), date, language),
        reference=sender.reference,
        signatures=signatures,
        enclosures=tuple(typeset(enclosure, language) for enclosure in text.enclosures),
        labels={
            "subject": table.label("subject"),
            "reference": table.label("reference"),
            "enclosures": table.label("enclosures", len(text.enclosures)),
            "cc": table.label("cc"),
            "page": table.label("page"),
            "colon": table.label("colon"),
            "comma": table.label("comma"),
        },
        assets=assets,
    )


def compose_letter(
    merged: MergedText,
    recipient: Recipient,
    address: tuple[str, ...],
    *,
    title: str,
    on: Stationery,
) -> Letter:
    """The letter, with everything that stands on its pages and nothing that is elsewhere."""
    return Letter(
        language=on.language,
        direction=on.direction,
        title=typeset(title, on.language),
        date=on.date,
        letterhead=on.letterhead,
        return_line=on.return_line,
        address=address,
        address_direction=direction("".join(address)),
        place_and_date=on.place_and_date,
        reference=on.reference,
        subject=merged.subject,
        body=merged.body,
        signatures=on.signatures,
        enclosures=on.enclosures,
        cc=tuple([typeset(copy, on.language) for copy in recipient.cc]),
        labels=on.labels,
        assets=on.assets,
    )


def _letterhead(organisation: Organisation, language: str, logo: str | None) -> LetterheadEntry:
    contacts = (organisation.phone, organisation.email, organisation.website)
    return LetterheadEntry(
        name=typeset(organisation.name_in(language), language),
        address=organisation.address,
        contacts=tuple(contact for contact in contacts if contact),
        registration=organisation.registration,
        logo=logo,
    )


def _typeset(text: str | None, language: str) -> str | None:
    return typeset(text, language) if text else text


def _kept(assets: dict[str, Asset], kind: str, index: int, picture: Asset | None) -> str | None:
    """The name under which a sender's picture stands among the letter's assets."""
    if picture is None:
        return None
    name = f"sender/{kind}-{index}"
    assets[name] = picture
    return name
