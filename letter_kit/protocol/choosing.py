"""Which record serves a recipient, and what it says about them."""

from itertools import product
from typing import NamedTuple

from letter_kit.errors import RecipientError
from letter_kit.models import Recipient, Sender, localised
from letter_kit.protocol.records import Closing, Form, Protocol, protocol

__all__ = ["FormsOfAddress", "forms_of_address"]

_NEXT_OFFICE = {"foreign_minister": "minister", "junior_minister": "minister"}
"""The office whose forms serve where an office has none; all others fall to ``official``."""


class FormsOfAddress(NamedTuple):
    """The words of protocol for one letter, and where they come from."""

    salutation: str
    vocative: str
    closing: str
    inline: str
    addressee: tuple[str, ...]
    """The lines of the address block that name the person and the office."""
    rule: str
    source: str
    fallbacks: tuple[str, ...] = ()
    """What was wanted and not there, in words; empty where the exact record was found."""


def forms_of_address(
    recipient: Recipient, sender: Sender, language: str, signatories: int = 1
) -> FormsOfAddress:
    """The forms of address for a letter from ``sender`` to ``recipient`` in ``language``.

    The record is looked up by office, region, gender and relation. What is missing falls
    back in this order: the region to every region, the gender to the neutral form, the
    office to the next in rank; the fallback is reported. The region follows from the
    sender's country, or from the language (``fr-CA``). The recipient's own salutation and
    closing go first, and a closing that repeats the salutation repeats that one.

    Raises `RecipientError` where no form applies, `InputError` where the language has none.
    """
    base, _, region = language.partition("-")
    records = protocol(base)
    region = region or records.sender_regions.get(sender.country) or records.default_region
    form, fallbacks = _choose(records, recipient, region, _relation(recipient, sender))
    vocative = _filled(form.vocative, recipient)
    ends = records.salutation_ends
    salutation = vocative + ends.get(region, ends["default"])
    closing = records.closings[form.closing]
    rule = f"{base}: {form.rule}"
    if recipient.salutation:
        salutation = recipient.salutation
        vocative = salutation.rstrip(" ,:!.")
        if records.own_salutation_closing:
            closing = records.closings[records.own_salutation_closing]
        rule += " with the recipient's own salutation"
    return FormsOfAddress(
        salutation=salutation,
        vocative=vocative,
        closing=recipient.closing or _close(closing, vocative, signatories),
        inline=_filled(form.inline, recipient),
        addressee=_addressee(form, recipient, base, _relation(recipient, sender)),
        rule=rule,
        source=form.source,
        fallbacks=fallbacks,
    )


def _relation(recipient: Recipient, sender: Sender) -> str | None:
    """Whether the recipient serves the sender's country or another; unknown is ``None``."""
    if recipient.represents_country is None:
        return None
    return "own" if recipient.represents_country == sender.country else "foreign"


def _choose(
    records: Protocol, recipient: Recipient, region: str, relation: str | None
) -> tuple[Form, tuple[str, ...]]:
    has = {name for name in ("name", "family_name") if getattr(recipient, name) is not None}
    by_key = {(f.office, f.gender, f.region, f.relation): f for f in records.forms}
    keys = product(
        _offices(recipient.office),
        dict.fromkeys((recipient.gender, "x")),
        (region, None),
        dict.fromkeys((relation, None)),
    )
    passed_over: list[str] = []
    for key in keys:
        form = by_key.get(key)
        if form is not None and form.needs <= has:
            if form.office != recipient.office:
                said = f"there is no form for {recipient.office}; that of {form.office} serves"
                passed_over.append(said)
            return form, tuple(dict.fromkeys(passed_over))
        if form is not None:
            missing = " and ".join(sorted(form.needs - has)).replace("_", " ")
            passed_over.append(f"without a {missing}, the usual form cannot be used")
    raise RecipientError.of(
        "no form of address applies",
        expected="a name, or an office with a form of its own",
        found=f"the office {recipient.office} without a name",
        hint="Give the recipient a name, or a salutation and an address_block of its own.",
    )


def _offices(office: str) -> tuple[str, ...]:
    if office == "body":
        return ("body",)
    chain = [office]
    while chain[-1] in _NEXT_OFFICE:
        chain.append(_NEXT_OFFICE[chain[-1]])
    return tuple(dict.fromkeys((*chain, "official", "body")))


def _filled(text: str, recipient: Recipient) -> str:
    """``text`` with its placeholders filled; braces in names stay as they are."""
    for name in ("family_name", "name"):
        text = text.replace(f"{{{name}}}", getattr(recipient, name) or "")
    return text


def _close(closing: Closing, vocative: str, signatories: int) -> str:
    pattern = closing.one if signatories == 1 else closing.many
    return pattern.replace("{vocative}", vocative)


def _addressee(
    form: Form, recipient: Recipient, language: str, relation: str | None
) -> tuple[str, ...]:
    title = localised(recipient.office_title, language) or form.title
    if recipient.name:
        style = form.excellency if relation == "foreign" else None
        honorific = recipient.honorific_prefix or form.honorific
        name = " ".join(part for part in (style, honorific, recipient.name) if part)
        if recipient.honorific_suffix:
            name += f", {recipient.honorific_suffix}"
        return (name, title) if title else (name,)
    if title and form.without_name:
        return (form.without_name.replace("{title}", title),)
    return (title,) if title else ()
