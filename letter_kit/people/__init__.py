"""Recipients and senders: tables and mappings to `Recipient` and `Sender`."""

from letter_kit.people.lists import ERROR_HEADER, RecipientList, Row, load_recipients, load_row
from letter_kit.people.notes import Note, Understood
from letter_kit.people.recipients import (
    load_recipient,
    recipient_from_toml,
    recipient_from_values,
    understand,
)
from letter_kit.people.records import Dialect
from letter_kit.people.senders import load_sender

__all__ = [
    "ERROR_HEADER",
    "Dialect",
    "Note",
    "RecipientList",
    "Row",
    "Understood",
    "load_recipient",
    "load_recipients",
    "load_row",
    "load_sender",
    "recipient_from_toml",
    "recipient_from_values",
    "understand",
]
