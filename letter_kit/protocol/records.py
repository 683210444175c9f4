"""The records of one language: ``data/<lang>.toml``."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from letter_kit.errors import InputError, did_you_mean

__all__ = ["Closing", "Form", "Protocol", "protocol", "protocol_languages"]

_DATA = Path(__file__).parent / "data"
_PLACEHOLDER = re.compile(r"{(\w+)}")


class Closing(NamedTuple):
    """A complimentary close, for one signatory and for several."""

    one: str
    many: str
    source: str
    reviewed_by: str = ""


class Form(NamedTuple):
    """How the holder of an office is addressed, in one language and region.

    The texts may hold ``{name}``, ``{family_name}`` and ``{title}``. A form whose texts need
    what a recipient has not does not apply to that recipient.
    """

    office: str
    gender: Literal["m", "f", "x"]
    vocative: str
    closing: str
    source: str
    reviewed_by: str
    inline: str
    region: str | None = None
    relation: Literal["own", "foreign"] | None = None
    """Whether the form is only for dignitaries of the sender's own, or of another country."""
    excellency: str | None = None
    """The style before the name, given to dignitaries of other countries only."""
    honorific: str | None = None
    title: str | None = None
    without_name: str | None = None

    @property
    def rule(self) -> str:
        """The record's key: *foreign_minister/UN/x/foreign*."""
        return "/".join(part or "*" for part in (self.office, self.region, self.gender)) + (
            f"/{self.relation}" if self.relation else ""
        )

    @property
    def needs(self) -> frozenset[str]:
        """The placeholders that the recipient must fill."""
        return frozenset(_PLACEHOLDER.findall(self.vocative + self.inline)) - {"title"}


class Protocol(NamedTuple):
    """All records of one language."""

    language: str
    default_region: str
    sender_regions: Mapping[str, str]
    salutation_ends: Mapping[str, str]
    """What stands after the vocative, by region; ``default`` for all others."""
    closings: Mapping[str, Closing]
    forms: tuple[Form, ...]
    own_salutation_closing: str | None = None
    """The closing that goes with a recipient's own salutation, where not the usual one."""


def protocol_languages() -> tuple[str, ...]:
    """The languages that have forms of address."""
    return tuple(sorted(path.stem for path in _DATA.glob("*.toml")))


@cache
def protocol(language: str) -> Protocol:
    """The records of ``language``, without its region.

    Raises `InputError` where there are none.
    """
    if language not in protocol_languages():
        raise InputError.of(
            f"there are no forms of address in the language {language} yet",
            hint=did_you_mean(language, protocol_languages()),
        )
    data = tomllib.loads((_DATA / f"{language}.toml").read_text("utf-8"))
    return Protocol(
        language=language,
        default_region=data["default_region"],
        sender_regions=data["sender_regions"],
        salutation_ends=data["salutation_ends"],
        closings={name: Closing(**record) for name, record in data["closings"].items()},
        forms=tuple(Form(**record) for record in data["forms"]),
        own_salutation_closing=data.get("own_salutation_closing"),
    )
