"""Recipients and senders: tables and mappings to `Recipient` and `Sender`."""

from letter_kit.people.lists import Row, load_row, load_recipients
from letter_kit.people.recipients import load_recipient, recipient_from_values
from letter_kit.people.senders import load_sender

__all__ = [
    "Row",
    "load_recipient",
    "load_row",
    "load_sender",
    "load_recipients",
    "recipient_from_values",
]
