"""Forms of address: who is written to, by whom, in which language, to the right words.

The words are data (``languages/<code>/protocol.toml``, each record with its source); this
package only chooses among them and says which record it chose. Adding a language, an
office or a region is adding records.
"""

from letter_kit.protocol.address import address_block, language_of_the_post
from letter_kit.protocol.forms import FormsOfAddress, forms_of_address
from letter_kit.protocol.records import (
    Closing,
    Form,
    Office,
    Protocol,
    check_protocol,
    forms,
    offices,
    protocol,
    protocol_languages,
)

__all__ = [
    "Closing",
    "Form",
    "FormsOfAddress",
    "Office",
    "Protocol",
    "address_block",
    "check_protocol",
    "forms",
    "forms_of_address",
    "language_of_the_post",
    "offices",
    "protocol",
    "protocol_languages",
]
