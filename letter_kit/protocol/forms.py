"""The words of protocol for one letter, made of the records that were chosen."""

from collections.abc import Sequence
from typing import NamedTuple

from letter_kit.language import language as language_table
from letter_kit.models import Gender, Recipient, Sender
from letter_kit.protocol.addressee import addressee, filled, loses_its_country, values_of
from letter_kit.protocol.choosing import choose, known_names, relation_of
from letter_kit.protocol.records import Form, Protocol, offices, protocol

__all__ = ["FormsOfAddress", "forms_of_address"]


class FormsOfAddress(NamedTuple):
    """The words of protocol for one letter, and where they come from."""

    salutation: str
    vocative: str
    closing: str
    inline: str
    addressee: tuple[str, ...]
    """The lines of the address block that name the persons and their offices."""
    rule: str
    source: str
    fallbacks: tuple[str, ...] = ()
    """What was wanted and not there, in words; empty where the exact record was found."""
    notes: tuple[str, ...] = ()
    """What else decided, in words; nothing that must be looked at."""


class _Addressed(NamedTuple):
    """One of the people a letter is addressed to, with their record."""

    recipient: Recipient
    form: Form
    vocative: str
    inline: str
    addressee: tuple[str, ...]
    fallbacks: tuple[str, ...]


def forms_of_address(
    recipient: Recipient,
    sender: Sender,
    language: str,
    signatories: int = 1,
    also_to: Sequence[Recipient] = (),
) -> FormsOfAddress:
    """The forms of address for a letter from ``sender`` to ``recipient`` in ``language``.

    The record is looked up by office, region, register and relation (see `choose`). The
    region follows from the sender's country, or from the language (``fr-CA``); the register
    is the sender's wish. ``also_to`` are further people to whom the same letter goes. The
    recipient's own salutation, title and closing go first, and a closing that repeats the
    salutation repeats that one.

    Raises `RecipientError` where no form applies, `InputError` where the language has none.
    """
    base, _, region = language.partition("-")
    records = protocol(base)
    region = region or records.sender_regions.get(sender.country) or records.default_region
    people = [_addressed(records, person, sender, region, base) for person in (recipient, *also_to)]
    lead = people[0].form
    ends = records.salutation_ends
    vocative = _joint_vocative(records, people)
    salutation = vocative + ends.get(region, ends["default"])
    closings = dict.fromkeys(person.form.closing[person.recipient.gender] for person in people)
    common = records.joint.closing if len(closings) > 1 else None
    closing = records.closings[common or lead.closing[recipient.gender]]
    rule = f"{base}: " + " + ".join(p.form.rule(p.recipient.gender) for p in people)
    if recipient.closing:
        rule += " with the recipient's own closing"
    if recipient.salutation:
        salutation = recipient.salutation
        vocative = salutation.rstrip(" ,;:!.،：，！\u00a0\u202f")
        if records.own_salutation_closing:
            closing = records.closings[records.own_salutation_closing]
        rule += " with the recipient's own salutation"
    return FormsOfAddress(
        salutation=salutation,
        vocative=vocative,
        closing=recipient.closing
        or closing.pattern(signatories, len(people)).replace("{vocative}", vocative),
        inline=_listed([person.inline for person in people], base),
        addressee=tuple(line for person in people for line in person.addressee),
        rule=rule,
        source=lead.source,
        fallbacks=tuple(
            dict.fromkeys(
                told for person in people for told in (*person.fallbacks, *_unusual(person))
            )
        ),
        notes=_notes(people),
    )


def _addressed(
    records: Protocol, recipient: Recipient, sender: Sender, region: str, language: str
) -> _Addressed:
    relation = relation_of(recipient, sender)
    known = known_names(records, recipient)
    form, fallbacks = choose(records, recipient, known, region, relation, sender.register)
    values = values_of(records, form, recipient, known, language)
    if loses_its_country(form, recipient, values, language):
        fallbacks += (
            f"the country {recipient.represents_country} cannot be declined in {language}, so the"
            " title stands without it; give an office_title",
        )
    return _Addressed(
        recipient,
        form,
        vocative=filled(form.vocative[recipient.gender], values),
        inline=filled(form.inline[recipient.gender], values),
        addressee=addressee(records, form, recipient, region, relation, values),
        fallbacks=fallbacks,
    )


def _joint_vocative(records: Protocol, people: Sequence[_Addressed]) -> str:
    """One vocative after the other; those who share one are greeted in the plural."""
    if len(people) == 1:
        return people[0].vocative
    joint = records.joint
    groups: dict[object, list[_Addressed]] = {}
    for person in people:
        together = person.form.office if joint.plural_first else person.vocative
        groups.setdefault(together, []).append(person)
    first, *others = dict.fromkeys(text for group in groups.values() for text in _greeted(group))
    small = [
        text[:1].lower() + text[1:] if text.partition(" ")[0] in joint.small else text
        for text in others
    ]
    return joint.separator.join((first, *small))


def _greeted(group: Sequence[_Addressed]) -> list[str]:
    """The plural of a group of holders of an office, where there is one."""
    genders = {person.recipient.gender for person in group}
    gender: Gender = genders.pop() if len(genders) == 1 else "x"
    plurals = {person.form.plural.get(gender) for person in group}
    plural = plurals.pop() if len(plurals) == 1 else None
    if len(group) > 1 and plural is not None:
        return [plural]
    return [person.vocative for person in group]


def _unusual(person: _Addressed) -> list[str]:
    """A title that is taken from other countries, where the country's own is another."""
    recipient, form = person.recipient, person.form
    differs = recipient.represents_country in offices()[form.office].titles_differ
    if not differs or form.represents or form.relation == "own" or recipient.office_title:
        return []
    return [
        f"in {recipient.represents_country} the {recipient.office} may have another title;"
        " give an office_title and a salutation"
    ]


def _listed(texts: Sequence[str], language: str) -> str:
    *others, last = dict.fromkeys(texts)
    if not others:
        return last
    label = language_table(language).label
    return label("and").join((label("comma").join(others), last))


def _notes(people: Sequence[_Addressed]) -> tuple[str, ...]:
    if any(p.recipient.gender == "x" and p.form.office != "body" for p in people):
        return ("the gender is not known, so the neutral form serves",)
    return ()
