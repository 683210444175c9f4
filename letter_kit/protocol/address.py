"""The address block: who, where, and the country where the letter goes abroad."""

import re
from collections.abc import Sequence
from functools import lru_cache

from letter_kit.errors import RecipientError
from letter_kit.language import Language, languages, postal_name, typeset
from letter_kit.language import language as language_table
from letter_kit.models import Recipient, Sender, localised
from letter_kit.protocol.forms import FormsOfAddress
from letter_kit.protocol.postal import postal_lines

__all__ = ["address_block", "language_of_the_post"]


def address_block(
    recipient: Recipient,
    sender: Sender,
    forms: FormsOfAddress,
    language: str,
    also_to: Sequence[Recipient] = (),
) -> tuple[str, ...]:
    """The lines of the address, the person before the institution.

    As the Universal Postal Union asks (*Addressing the world*): left aligned, no blank
    lines; the lines in the order of the country of destination; the country alone on the
    last line, in capitals, in the sender's language, and on letters abroad only.
    ``also_to`` are further people of a joint letter, which goes to the first one's address.

    Raises `RecipientError` where not one line would stand.
    """
    if recipient.address_block:
        return recipient.address_block
    abroad = recipient.country is not None and recipient.country != sender.country
    institutions = [
        name
        for name in dict.fromkeys(_institution(who, language) for who in (recipient, *also_to))
        if name
    ]
    names = [who.name for who in (recipient, *also_to) if who.name]
    titles = [line for line in forms.addressee if not any(name in line for name in names)]
    said = {name for name in institutions if _is_said(name, titles)}
    spoken = language_table(language)
    lines = postal_lines(
        recipient.country,
        persons=[_typeset(line, spoken) for line in forms.addressee],
        institutions=[_typeset(name, spoken) for name in institutions if name not in said],
        street=[
            _typeset(line, spoken) for line in (recipient.street_1, recipient.street_2) if line
        ],
        town=_typeset(recipient.city or "", spoken),
        region=None if _alike(recipient.region, recipient.city) else recipient.region,
        postal_code=recipient.postal_code,
        abroad=abroad,
    )
    if not forms.addressee and not institutions:
        raise RecipientError.of(
            "the letter has no address",
            expected="a name, an organisation or an office with a title",
            found=f"the office {recipient.office} alone",
            hint="Give a full_name, an organisation or an office_title.",
        )
    if abroad:
        assert recipient.country is not None
        read = language_of_the_post(sender.country, language)
        lines = (*lines, postal_name(recipient.country, read).upper())
    return lines


def _typeset(line: str, language: Language) -> str:
    """The line's quotation marks and apostrophes; its spaces stay plain, as the post has them."""
    return " ".join(typeset(line, language).split()) if line else ""


def _institution(recipient: Recipient, language: str) -> str | None:
    """The institution's name in the letter's language, else in the recipient's own, else in any."""
    names = recipient.organisation
    return (
        localised(names, language)
        or localised(names, recipient.language or "")
        or next(iter(names.values()), None)
    )


def _alike(region: str | None, town: str | None) -> bool:
    return (region or "").casefold() == (town or "").casefold()


def _is_said(name: str, lines: Sequence[str]) -> bool:
    """Whether a line names the institution already: *Titular del Ministerio de …*."""
    if not any(name.lower() in line.lower() for line in lines):
        return False
    words = _words(name)
    return any(words.search(line) for line in lines)


@lru_cache(maxsize=1024)
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def language_of_the_post(sender_country: str, language: str = "") -> str:
    """The language in which the sender's post reads the country's name.

    The letter's own where it is official there, else the first official one that letters can
    be written in, else English, which with French is the language of the
    Universal Postal Union.
    """
    return _language_of_the_post(sender_country, language.partition("-")[0], languages())


@lru_cache(maxsize=256)
def _language_of_the_post(sender_country: str, letters: str, known: tuple[str, ...]) -> str:
    from babel.languages import get_official_languages

    official = get_official_languages(sender_country, de_facto=True)
    if letters in official:
        return letters
    # A second language is a matter of politics, unless it is one of the Union's own.
    first, *others = official or ("en",)
    return first if first in known else "fr" if "fr" in others else "en"
