"""``campaign.toml``: the facts of a campaign that are the same in every language."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from letter_kit.errors import CampaignError, Problem
from letter_kit.models import Ask, CampaignField, OnlyFor
from letter_kit.reading import EMAIL, FIELD_TYPES, Table, fits, parse_toml, read_text, shown

__all__ = ["LANGUAGE_CODE", "Facts", "read_facts", "reserved_names"]

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FIELD_NAME = re.compile(r"(recipient|sender)\.([a-z][a-z0-9_]*)")
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+")
COUNTRY_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What ``campaign.toml`` says, under the names of `Campaign`'s fields."""

    values: dict[str, Any] = field(default_factory=dict)

    @property
    def ask_ids(self) -> tuple[str, ...] | None:
        """The asks there are; ``None`` where the file could not be read."""
        return tuple(ask.id for ask in self.values["asks"]) if self.values else None


def read_facts(path: Path, problems: list[Problem]) -> Facts:
    """Read ``campaign.toml``; what is wrong is added to ``problems``."""
    try:
        source = parse_toml(read_text(path, CampaignError), str(path), error=CampaignError)
    except CampaignError as exc:
        problems.extend(exc.problems)
        return Facts()
    table = Table(source, problems=problems)
    values: dict[str, Any] = {
        "id": table.text("id", required=True, pattern=NAME, expected="a name such as un2020"),
        "organisers": table.texts("organisers"),
        "contacts": table.texts("contacts", pattern=EMAIL, expected="an e-mail address"),
        "links": table.texts("links", pattern=WEB_ADDRESS, expected="https://…"),
        "hashtags": table.texts("hashtags"),
        "valid_from": table.date("valid_from"),
        "valid_until": table.date("valid_until"),
        "source_language": table.text(
            "source_language",
            required=True,
            pattern=LANGUAGE_CODE,
            expected="a language code such as fr",
        ),
        "recipients": table.text("recipients"),
        "offices": table.texts("offices"),
        "mentions": table.texts(
            "mentions", pattern=COUNTRY_CODE, expected="a country code such as SN"
        ),
        "layout": table.text("layout"),
        "max_pages": table.number("max_pages", 1, least=1, most=50),
        "asks": _asks(table),
        "fields": _fields(table),
    }
    first, last = values["valid_from"], values["valid_until"]
    if first and last and first > last:
        table.report(
            "valid_until",
            "lies before valid_from",
            expected=f"{first} or later",
            found=str(last),
        )
    table.finish()
    return Facts(values)


def _asks(table: Table) -> tuple[Ask, ...]:
    asks: dict[str, Ask] = {}
    for entry in table.tables("asks", required=True):
        ask_id = entry.text("id", required=True, pattern=NAME, expected="a name such as trust-fund")
        only_for = entry.table("only_for")
        ask = Ask(
            id=ask_id or "",
            required=entry.flag("required", False),
            default=entry.flag("default", True),
            only_for=OnlyFor(
                offices=only_for.texts("offices"),
                countries=only_for.texts(
                    "countries", pattern=COUNTRY_CODE, expected="a country code such as SN"
                ),
                tags=only_for.texts("tags"),
            ),
        )
        only_for.finish()
        if ask.required and not ask.default:
            entry.report("default", "contradicts required", hint="Take one of the two out.")
        if ask_id in asks:
            entry.report("id", "stands twice", found=shown(ask_id))
        entry.finish()
        if ask_id:
            asks[ask_id] = ask
    return tuple(asks.values())


def _fields(table: Table) -> tuple[CampaignField, ...]:
    fields = []
    for entry in table.tables("fields"):
        name = entry.text(
            "name",
            required=True,
            pattern=FIELD_NAME,
            expected="recipient.NAME or sender.NAME, in lower case",
        )
        kind = entry.choice("type", tuple(FIELD_TYPES)) or "text"
        owner, _, own_name = (name or "recipient.x").partition(".")
        if own_name in reserved_names()[owner]:
            entry.report("name", "means something already", found=shown(name))
        default = entry.text("default")
        required = entry.flag("required", False)
        if required and default is not None:
            entry.report("default", "contradicts required", hint="Take one of the two out.")
        if default is not None and not fits(default, kind):
            entry.report("default", "wrong type", expected=FIELD_TYPES[kind], found=shown(default))
        fields.append(
            CampaignField(
                owner=cast(Literal["recipient", "sender"], owner),
                name=own_name,
                type=cast(Any, kind),
                required=required,
                default=default,
                help=entry.text("help") or "",
            )
        )
        entry.finish()
    return tuple(fields)


@cache
def reserved_names() -> dict[str, list[str]]:
    """The names that mean something already, by owner."""
    return tomllib.loads((Path(__file__).parent / "reserved.toml").read_text("utf-8"))
