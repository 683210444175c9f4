"""Merged text, people and address become the `Letter`, complete and without a form yet."""

import datetime as dt
from collections.abc import Mapping

from letter_kit.language import direction, place_and_date, typeset
from letter_kit.language import language as language_table
from letter_kit.merging.merged import MergedText
from letter_kit.models import (
    Asset,
    Letter,
    LetterheadEntry,
    Organisation,
    Recipient,
    Sender,
    Signature,
    localised,
)

__all__ = ["compose_letter"]


def compose_letter(
    merged: MergedText,
    recipient: Recipient,
    sender: Sender,
    address: tuple[str, ...],
    *,
    title: str,
    language: str,
    date: dt.date,
    campaign_assets: Mapping[str, Asset],
) -> Letter:
    """The letter, with everything that stands on its pages and nothing that is elsewhere."""
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
    return Letter(
        language=language,
        direction=table.direction,
        title=typeset(title, language),
        date=date,
        letterhead=letterhead,
        return_line=" · ".join((leading.name, *leading.address)),
        address=address,
        address_direction=direction("".join(address)),
        place_and_date=place_and_date(localised(sender.place, language), date, language),
        reference=sender.reference,
        subject=merged.subject,
        body=merged.body,
        signatures=signatures,
        enclosures=tuple(typeset(text, language) for text in merged.enclosures),
        cc=tuple(typeset(text, language) for text in recipient.cc),
        labels={
            "subject": table.label("subject"),
            "reference": table.label("reference"),
            "enclosures": table.label("enclosures", len(merged.enclosures)),
            "cc": table.label("cc"),
            "page": table.label("page"),
            "colon": table.label("colon"),
            "comma": table.label("comma"),
        },
        assets=assets,
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
