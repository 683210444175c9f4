"""The address block: who, where, and the country where the letter goes abroad."""

from letter_kit.errors import RecipientError
from letter_kit.language import country_name
from letter_kit.models import Recipient, Sender, localised
from letter_kit.protocol.choosing import FormsOfAddress

__all__ = ["address_block"]


def address_block(
    recipient: Recipient, sender: Sender, forms: FormsOfAddress, language: str
) -> tuple[str, ...]:
    """The lines of the address, the person before the institution.

    As the Universal Postal Union asks (*Addressing the world*): left aligned, no blank
    lines; town and country in capitals; the country alone on the last line, in French or
    English or the sender's language, and on letters abroad only.

    Raises `RecipientError` where not one line would stand.
    """
    if recipient.address_block:
        return recipient.address_block
    town = " ".join(part for part in (recipient.postal_code, recipient.city) if part)
    lines = [
        *forms.addressee,
        localised(recipient.organisation, language)
        or next(iter(recipient.organisation.values()), None),
        recipient.street_1,
        recipient.street_2,
        town.upper(),
    ]
    if recipient.country and recipient.country != sender.country:
        lines.append(country_name(recipient.country, language).upper())
    kept = tuple(line for line in lines if line)
    if not kept:
        raise RecipientError.of(
            "the letter has no address",
            expected="a name, an organisation or an office with a title",
            found=f"the office {recipient.office} alone",
        )
    return kept
