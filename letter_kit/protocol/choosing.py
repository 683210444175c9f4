"""Which record serves a recipient, and why."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from letter_kit.errors import RecipientError
from letter_kit.models import Gender, Recipient, Register, Sender
from letter_kit.protocol.records import Form, Protocol, forms, offices

__all__ = ["Choice", "choose", "known_names", "relation_of"]

_NAMES = ("name", "given_name", "patronymic", "family_name", "honorific_prefix")
"""The placeholders of a form that a recipient's name fills."""


_NEAREST: dict[str, tuple[Register, ...]] = {
    "plain": ("formal", "diplomatic"),
    "formal": ("plain", "diplomatic"),
    "diplomatic": ("formal", "plain"),
}
"""The register that serves where the wanted one is not there, the nearest first."""


class Choice(NamedTuple):
    """The record that serves, and what was wanted and not there, in words."""

    form: Form
    fallbacks: tuple[str, ...]


def choose(
    records: Protocol,
    recipient: Recipient,
    has: Iterable[str],
    region: str,
    relation: str | None,
    register: Register | None,
) -> Choice:
    """The record for ``recipient``, from the most special to the most general.

    ``has`` are the placeholders that the recipient's name fills (see `known_names`).

    The recipient's office goes before the one that it falls to. Within an office, a record
    of the region goes before one for every region, then one for the country that the
    recipient serves, then one of the register (where none is
    wished, that of the first record in the file), then one of the relation; among equals, the
    first in the file.

    Raises `RecipientError` where no form applies.
    """
    return _chosen(
        records,
        recipient.office,
        recipient.represents_country,
        recipient.gender,
        frozenset(has),
        region,
        relation,
        register,
    )


# These decide, and nothing else: people whose names differ share what was chosen.
@lru_cache(maxsize=4096)
def _chosen(
    records: Protocol,
    wanted_office: str,
    serves: str | None,
    gender: Gender,
    has: frozenset[str],
    region: str,
    relation: str | None,
    register: Register | None,
) -> Choice:
    fallbacks: list[str] = []
    for office in _chain(wanted_office):
        known = [
            form
            for form in forms(records.language, office)
            if not form.represents or serves in form.represents
        ]
        for form in _suited(known, region, relation, register):
            missing = form.needs(gender) - has
            if missing == {"honorific_prefix"}:
                continue
            if missing:
                said = " and ".join(sorted(missing)).replace("_", " ")
                fallbacks.append(f"without a {said}, the usual form cannot be used")
                continue
            if office != wanted_office:
                fallbacks.append(f"there is no form for {wanted_office}; that of {office} serves")
            if register is not None and form.register not in {register, None}:
                fallbacks.append(
                    f"there is no {register} form for {office}; the {form.register} one serves"
                )
            return Choice(form, tuple(dict.fromkeys(fallbacks)))
    raise RecipientError.of(
        "no form of address applies",
        expected="a name, or an office with a form of its own",
        found=f"the office {wanted_office} without a name",
        hint="Give the recipient a name, or a salutation and an address_block of its own.",
    )


def known_names(records: Protocol, recipient: Recipient) -> dict[str, str]:
    """What the recipient has for the placeholders of a form."""
    known = {name: text for name in _NAMES if (text := getattr(recipient, name)) is not None}
    words = (recipient.honorific_prefix or "").split()
    if words and set(words) <= set(records.academic_titles):
        known["academic_title"] = known["honorific_prefix"]
    return known


def _suited(
    known: Sequence[Form], region: str, relation: str | None, register: Register | None
) -> list[Form]:
    """The office's forms that may serve, the most special first.

    The usual register is that of the first form in the file.
    """
    suited = [
        form
        for form in known
        if form.region in {region, None} and form.relation in {relation, None}
    ]
    suited.sort(key=lambda form: (form.region is None, not form.represents))
    wanted = register or (suited[0].register if suited else None)
    order = (wanted, None, *_NEAREST.get(wanted or "", ()))
    return sorted(
        suited,
        key=lambda form: (
            form.region is None,
            not form.represents,
            order.index(form.register) if form.register in order else len(order),
            form.relation is None,
        ),
    )


def relation_of(recipient: Recipient, sender: Sender) -> str | None:
    """Whether the recipient serves the sender's country or another; unknown is ``None``."""
    if recipient.represents_country is None:
        return None
    return "own" if recipient.represents_country == sender.country else "foreign"


def _chain(office: str) -> list[str]:
    """The office, those that it falls to, and at last the ones that serve anyone."""
    if office == "body":
        return ["body"]
    chain = [office]
    while chain[-1] != "official":
        known = offices().get(chain[-1])
        chain.append(known.falls_to if known else "official")
    return [*chain, "body"]
