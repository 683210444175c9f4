"""The fields of the merge context, each with its documentation and an example."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, NamedTuple, get_args, get_type_hints

__all__ = [
    "CampaignContext",
    "DocumentedField",
    "MergeContext",
    "RecipientContext",
    "SenderContext",
    "SignatoryContext",
    "documented_fields",
    "element_type",
]


def _doc(text: str, example: str = "") -> Any:
    return field(metadata={"doc": text, "example": example})


@dataclass(frozen=True, slots=True)
class RecipientContext:
    """`recipient`: to whom the letter goes. What is not known is empty."""

    name: str | None = _doc("The name as on the envelope.", "Awa Ndiaye")
    honorific_prefix: str | None = _doc("What stands before the name.", "Dr")
    given_name: str | None = _doc("Given name.", "Awa")
    family_name: str | None = _doc("Family name.", "Ndiaye")
    gender: str = _doc("`m`, `f`, or `x` where it is not known.", "f")
    office: str = _doc("The office's code.", "foreign_minister")
    office_title: str | None = _doc(
        "The office in the letter's language, where the recipient's data give it.",
        "Ministre des Affaires étrangères",
    )
    organisation: str | None = _doc(
        "The institution, in the letter's language where given.",
        "Ministère des Affaires étrangères",
    )
    country: str | None = _doc(
        "The short name, as the United Nations use it, of the country that the recipient serves,"
        " in the letter's language and without article; the filters `in`, `the`, `of_title` and"
        " others decline it.",
        "Sénégal",
    )
    country_code: str | None = _doc("The same as an ISO 3166-1 code.", "SN")
    city: str | None = _doc("The town of the address.", "Dakar")
    tags: tuple[str, ...] = _doc("The recipient's tags.", "troop-contributor")
    address: tuple[str, ...] = _doc(
        "The address block, line by line.", "Madame la Ministre des Affaires étrangères"
    )
    inline: str = _doc("How the running text speaks to the recipient.", "Madame la Ministre")
    extra: Mapping[str, str] = _doc(
        "The campaign's own fields, also as `recipient.NAME`.", "committee"
    )


@dataclass(frozen=True, slots=True)
class SignatoryContext:
    """One entry of `sender.signatories`."""

    name: str = _doc("Name.", "Claire Dupont")
    title: str | None = _doc("Office held, in the letter's language.", "Présidente")
    organisation: str | None = _doc(
        "For whom the person signs.", "Association pour les Nations Unies"
    )


@dataclass(frozen=True, slots=True)
class SenderContext:
    """`sender`: from whom the letter comes."""

    organisation: str = _doc("The leading organisation.", "Association pour les Nations Unies")
    organisations: tuple[str, ...] = _doc(
        "All organisations, the leading one first.", "Association pour les Nations Unies"
    )
    signatories: tuple[SignatoryContext, ...] = _doc("Who signs, in order.", "")
    several: bool = _doc("Whether more than one person signs: *we* rather than *I*.", "false")
    country: str = _doc("The sender's country, in the letter's language.", "France")
    country_code: str = _doc("The same as an ISO 3166-1 code.", "FR")
    place: str | None = _doc("The place the letter is written from.", "Paris")
    email: str | None = _doc("The leading organisation's e-mail address.", "contact@example.org")
    website: str | None = _doc("Its web address.", "www.example.org")
    extra: Mapping[str, str] = _doc("The campaign's own fields, also as `sender.NAME`.", "members")


@dataclass(frozen=True, slots=True)
class CampaignContext:
    """`campaign`: what the letter belongs to."""

    id: str = _doc("The campaign's name.", "un2020")
    title: str = _doc("Its title in the letter's language.", "ONU2020")
    organisers: tuple[str, ...] = _doc("Who organises it.", "UN2020")
    contacts: tuple[str, ...] = _doc("E-mail addresses of the organisers.", "info@example.org")
    links: tuple[str, ...] = _doc("Its web addresses.", "https://www.example.org")
    hashtags: tuple[str, ...] = _doc("Its hashtags, with their sign.", "#multilateralismmatters")
    valid_from: dt.date | None = _doc("First day, for the filter `date`.", "1 juillet 2019")
    valid_until: dt.date | None = _doc("Last day, for the filter `date`.", "21 septembre 2020")


@dataclass(frozen=True, slots=True)
class MergeContext:
    """What stands at the top of a campaign's text."""

    salutation: str = _doc("The salutation, with its comma or colon.", "Madame la Ministre,")
    closing: str = _doc(
        "The complimentary close; in French it repeats the salutation.",
        "Nous vous prions d’agréer, Madame la Ministre, …",
    )
    asks: tuple[str, ...] = _doc(
        "The texts of the chosen asks, in the campaign's order. Not in asks and the subject.",
        "Contribuer au fonds …",
    )
    thanks: tuple[str, ...] = _doc(
        "The texts of thanks for asks that were met. Not in asks and the subject.",
        "Votre pays a contribué au fonds …",
    )
    date: str = _doc("The letter's date in words.", "3 septembre 2019")
    language: str = _doc("The letter's language, as a code.", "fr")
    recipient: RecipientContext = _doc("To whom the letter goes.")
    recipients: tuple[RecipientContext, ...] = _doc(
        "Everyone to whom a joint letter goes; the first is `recipient`."
    )
    sender: SenderContext = _doc("From whom it comes.")
    campaign: CampaignContext = _doc("What it belongs to.")


class DocumentedField(NamedTuple):
    """One field as the docs show it: ``recipient.country``."""

    path: str
    type: Any
    doc: str
    example: str

    @property
    def optional(self) -> bool:
        """Whether the field may be empty, so that a text must ask ``{% if … %}`` first."""
        return type(None) in get_args(self.type)


def documented_fields(context: type = MergeContext, prefix: str = "") -> Iterator[DocumentedField]:
    """Every field of the context, depth first, in the order of the classes."""
    hints = get_type_hints(context)
    for entry in fields(context):
        hint = hints[entry.name]
        path = f"{prefix}{entry.name}"
        yield DocumentedField(
            path, hint, entry.metadata.get("doc", ""), entry.metadata.get("example", "")
        )
        item = element_type(hint)
        if isinstance(item, type) and is_dataclass(item):
            yield from documented_fields(item, f"{path}[].")
        elif isinstance(hint, type) and is_dataclass(hint):
            yield from documented_fields(hint, f"{path}.")


def element_type(hint: Any) -> Any:
    """The type of a tuple's elements, or ``None`` for what is no tuple."""
    arguments: tuple[Any, ...] = get_args(hint)
    return arguments[0] if len(arguments) == 2 and arguments[1] is Ellipsis else None
