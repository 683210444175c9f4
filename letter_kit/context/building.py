"""Campaign, recipient, sender and address become the merge context: pure functions."""

from collections.abc import Sequence

from letter_kit.context.fields import (
    CampaignContext,
    MergeContext,
    RecipientContext,
    SenderContext,
    SignatoryContext,
)
from letter_kit.language import country
from letter_kit.models import Campaign, CampaignText, Recipient, Sender, localised
from letter_kit.protocol import FormsOfAddress

__all__ = ["build_context", "campaign_context", "sender_context"]


def build_context(
    recipient: Recipient,
    forms: FormsOfAddress,
    address: tuple[str, ...],
    *,
    sender: SenderContext,
    campaign: CampaignContext,
    language: str,
    date: str,
    also_to: Sequence[Recipient] = (),
) -> MergeContext:
    """The context of one letter. Its asks are filled in by merging, which renders them.

    ``language`` is that of the letter with its region, such as ``fr-CA``; ``date`` is the
    letter's date in words. ``also_to`` are the further people of a joint letter.
    """
    lead = _recipient(recipient, forms, address, language)
    others = [_recipient(person, forms, address, language) for person in also_to]
    return MergeContext(
        salutation=forms.salutation,
        closing=forms.closing,
        asks=(),
        thanks=(),
        date=date,
        language=language,
        recipient=lead,
        recipients=(lead, *others),
        sender=sender,
        campaign=campaign,
    )


def sender_context(sender: Sender, language: str) -> SenderContext:
    """What texts may say of the sender, the same in all letters in ``language``."""
    organisations = tuple(organisation.name_in(language) for organisation in sender.organisations)
    return SenderContext(
        organisation=organisations[0],
        organisations=organisations,
        signatories=tuple(
            SignatoryContext(
                s.name, localised(s.title, language), localised(s.organisation, language)
            )
            for s in sender.signatories
        ),
        several=len(sender.signatories) > 1,
        country=country(sender.country, language),
        country_code=sender.country,
        place=localised(sender.place, language),
        email=sender.organisations[0].email,
        website=sender.organisations[0].website,
        extra=sender.extra,
    )


def campaign_context(campaign: Campaign, text: CampaignText) -> CampaignContext:
    """What ``text`` may say of its campaign, the same in all letters made of it."""
    return CampaignContext(
        id=campaign.id,
        title=text.title,
        organisers=campaign.organisers,
        contacts=campaign.contacts,
        links=campaign.links,
        hashtags=campaign.hashtags,
        valid_from=campaign.valid_from,
        valid_until=campaign.valid_until,
    )


def _recipient(
    recipient: Recipient, forms: FormsOfAddress, address: tuple[str, ...], language: str
) -> RecipientContext:
    served = recipient.represents_country
    return RecipientContext(
        name=recipient.name,
        honorific_prefix=recipient.honorific_prefix,
        given_name=recipient.given_name,
        family_name=recipient.family_name,
        gender=recipient.gender,
        office=recipient.office,
        office_title=localised(recipient.office_title, language),
        organisation=localised(recipient.organisation, language),
        country=country(served, language) if served else None,
        country_code=served,
        city=recipient.city,
        tags=recipient.tags,
        address=address,
        inline=forms.inline,
        extra=recipient.extra,
    )
