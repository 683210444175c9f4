"""The plain, frozen data that the parts of letter-kit hand to each other.

Texts that differ by language are mappings from language code to text; the key ``""``
holds the text that is the same in every language.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from letter_kit.writing import is_east_asian

__all__ = [
    "Ask",
    "Asset",
    "Campaign",
    "CampaignField",
    "CampaignText",
    "ChosenAsk",
    "Document",
    "Letter",
    "LetterheadEntry",
    "OnlyFor",
    "Organisation",
    "Recipient",
    "Sender",
    "Signatory",
    "Signature",
    "Stance",
    "localised",
]

Gender = Literal["m", "f", "x"]
Register = Literal["plain", "formal", "diplomatic"]
Stance = Literal["ask", "thank", "skip"]
LocalText = Mapping[str, str]
_NO_TEXTS: LocalText = {}


def localised(texts: LocalText, language: str) -> str | None:
    """The text in ``language``, else the one that serves every language, else ``None``."""
    return texts.get(language) or texts.get(language.partition("-")[0]) or texts.get("")


class Asset(NamedTuple):
    """A picture, by its bytes: what a letter embeds is read once, and never from elsewhere."""

    name: str
    media_type: str
    content: bytes


# --- campaigns ------------------------------------------------------------------------


class OnlyFor(NamedTuple):
    """Whom an ask is for; an empty tuple sets no condition."""

    offices: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def admits(self, recipient: "Recipient") -> bool:
        """Whether the recipient meets every condition."""
        return (
            (not self.offices or recipient.office in self.offices)
            and (not self.countries or recipient.represents_country in self.countries)
            and (not self.tags or bool(set(self.tags) & set(recipient.tags)))
        )


class Ask(NamedTuple):
    """One thing that a campaign asks for. Its words are in the `CampaignText` of each language."""

    id: str
    required: bool = False
    default: bool = True
    only_for: OnlyFor = OnlyFor()


class ChosenAsk(NamedTuple):
    """An ask that stands in a letter, as a request or as thanks for what was done."""

    id: str
    stance: Stance = "ask"


class CampaignField(NamedTuple):
    """A value that the campaign needs from ``recipient`` or ``sender`` beyond the usual ones."""

    owner: Literal["recipient", "sender"]
    name: str
    type: Literal["text", "number", "date", "flag"] = "text"
    required: bool = False
    default: str | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class CampaignText:
    """All the words of a campaign in one language: ``<lang>.md``."""

    language: str
    title: str
    subject: str
    body: str
    path: str
    body_line: int
    """The line of the file on which the body begins, counted from 1."""
    source: str
    """The whole file."""
    summary: str = ""
    background: str = ""
    asks: LocalText = field(default_factory=dict)
    thanks: LocalText = field(default_factory=dict)
    enclosures: tuple[str, ...] = ()
    translated_from: str | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each front matter text (``subject``, ``asks.ID``, …)."""

    @property
    def fingerprint(self) -> str:
        """Eight hex digits that change when the words do, for ``translated_from``.

        White space at the ends of lines and of the file does not count.
        """
        from hashlib import sha256

        words = "\n".join(line.rstrip() for line in self.source.strip().splitlines())
        return sha256(words.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is asked, of whom, in which languages."""

    id: str
    path: str
    asks: tuple[Ask, ...]
    texts: Mapping[str, CampaignText]
    source_language: str
    organisers: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    recipients: str | None = None
    offices: tuple[str, ...] = ()
    """The offices that the campaign is meant for; an empty tuple means every office."""
    mentions: tuple[str, ...] = ()
    """Countries that its texts name on purpose."""
    layout: str | None = None
    max_pages: int = 1
    fields: tuple[CampaignField, ...] = ()
    assets: Mapping[str, Asset] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The source language first, then the others by their code."""
        others = sorted(set(self.texts) - {self.source_language})
        return (self.source_language, *others)


# --- people ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a letter goes: a person, an office, or an institution without a name.

    Countries are ISO 3166-1 alpha-2 codes, languages BCP 47. ``gender`` is ``x`` where it
    is not known, and is never guessed. ``salutation``, ``address_block`` and ``closing``
    override what protocol would say.
    """

    office: str
    id: str = ""
    gender: Gender = "x"
    honorific_prefix: str | None = None
    given_name: str | None = None
    patronymic: str | None = None
    family_name: str | None = None
    full_name: str | None = None
    honorific_suffix: str | None = None
    office_title: LocalText = field(default_factory=dict)
    organisation: LocalText = field(default_factory=dict)
    represents_country: str | None = None
    host_country: str | None = None
    language: str | None = None
    street_1: str | None = None
    street_2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    email: str | None = None
    delivery: str | None = None
    cc: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    as_of: dt.date | None = None
    source: str | None = None
    in_office_until: dt.date | None = None
    salutation: str | None = None
    address_block: tuple[str, ...] = ()
    closing: str | None = None
    asks: Mapping[str, Stance] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """The name as it stands on an envelope, or ``None`` for an office without a name."""
        return self.full_name or _full_name(self.given_name, self.patronymic, self.family_name)


# A letter asks for the name in many places.
@lru_cache(maxsize=64)
def _full_name(given: str | None, patronymic: str | None, family: str | None) -> str | None:
    parts = [part for part in (given, patronymic, family) if part]
    if parts and all(map(is_east_asian, "".join(parts))):
        return "".join(reversed(parts))
    return " ".join(parts) or None


class Organisation(NamedTuple):
    """An organisation that sends the letter; the first of a sender leads."""

    name: LocalText
    address: tuple[str, ...] = ()
    logo: Asset | None = None
    email: str | None = None
    website: str | None = None
    phone: str | None = None
    registration: str | None = None

    def name_in(self, language: str) -> str:
        """The name in ``language``, or in the first language it is given in."""
        return localised(self.name, language) or next(iter(self.name.values()))


class Signatory(NamedTuple):
    """Who signs. ``signature`` is a picture of the handwriting."""

    name: str
    title: LocalText = _NO_TEXTS
    organisation: LocalText = _NO_TEXTS
    signature: Asset | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom a letter comes. ``country`` decides forms of address and the country line."""

    country: str
    organisations: tuple[Organisation, ...]
    signatories: tuple[Signatory, ...]
    place: LocalText = field(default_factory=dict)
    layout: str | None = None
    register: Register | None = None
    """How formally to write, where not as is usual for the recipient's office."""
    reference: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


# --- letters --------------------------------------------------------------------------


def _documented(text: str) -> dict[str, str]:
    return {"doc": text}


@dataclass(frozen=True, slots=True)
class LetterheadEntry:
    """One organisation of the letterhead, in the letter's language."""

    name: str = field(metadata=_documented("Its name."))
    address: tuple[str, ...] = field(metadata=_documented("Its address, line by line."))
    contacts: tuple[str, ...] = field(
        metadata=_documented("Telephone, e-mail and web address, as far as there are any.")
    )
    registration: str | None = field(metadata=_documented("Its registration line."))
    logo: str | None = field(metadata=_documented("The name of its logo among the assets."))


@dataclass(frozen=True, slots=True)
class Signature:
    """One signatory, in the letter's language."""

    name: str = field(metadata=_documented("The signatory's name."))
    title: str | None = field(metadata=_documented("Office held, in the letter's language."))
    organisation: str | None = field(metadata=_documented("For whom the person signs."))
    picture: str | None = field(
        metadata=_documented("The name of the handwriting's picture among the assets.")
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A merged letter, complete and without a form yet. Its body is Markdown."""

    language: str = field(metadata=_documented("The language, as a BCP 47 code."))
    direction: str = field(metadata=_documented("`ltr` or `rtl`."))
    title: str = field(metadata=_documented("The document's title: campaign and recipient."))
    date: dt.date = field(metadata=_documented("The letter's date."))
    letterhead: tuple[LetterheadEntry, ...] = field(
        metadata=_documented("The sending organisations, the leading one first.")
    )
    return_line: str = field(
        metadata=_documented("The sender's address in one line, for the envelope's window.")
    )
    address: tuple[str, ...] = field(metadata=_documented("The address block, line by line."))
    address_direction: str = field(
        metadata=_documented("`ltr` or `rtl`: the direction of the address block.")
    )
    place_and_date: str = field(metadata=_documented("*Paris, le 3 septembre 2019*."))
    reference: str | None = field(metadata=_documented("The sender's reference."))
    subject: str = field(metadata=_documented("The subject, without its label."))
    body: str = field(metadata=_documented("Salutation to closing, in Markdown."))
    signatures: tuple[Signature, ...] = field(metadata=_documented("Who signs."))
    enclosures: tuple[str, ...] = field(metadata=_documented("What is enclosed."))
    cc: tuple[str, ...] = field(metadata=_documented("Who receives a copy."))
    labels: Mapping[str, str] = field(
        metadata=_documented(
            "The words of the frame in the letter's language: `subject`, `reference`, "
            "`enclosures`, `cc`, `page`, `colon`, `comma`."
        )
    )
    assets: Mapping[str, Asset] = field(metadata=_documented("The pictures, by name."))


class Document(NamedTuple):
    """A letter in its final form. ``pages`` is ``None`` where the form has no pages.

    ``filled`` says whether it was filled into what another letter had laid out.
    """

    content: bytes
    media_type: str
    suffix: str
    pages: int | None = None
    filled: bool = False
