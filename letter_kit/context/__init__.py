"""The merge context: what a campaign's text may say about recipient, sender and letter.

These dataclasses are the contract with campaign authors. Each field carries its own
documentation, from which ``docs/merge-fields.md`` is made.
"""

from letter_kit.context.building import build_context, campaign_context, sender_context
from letter_kit.context.fields import (
    CampaignContext,
    MergeContext,
    RecipientContext,
    SenderContext,
    SignatoryContext,
    documented_fields,
)

__all__ = [
    "CampaignContext",
    "MergeContext",
    "RecipientContext",
    "SenderContext",
    "SignatoryContext",
    "build_context",
    "campaign_context",
    "documented_fields",
    "sender_context",
]
