"""``sender.toml``: organisations, signatories and the place they write from."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from letter_kit.assets import read_picture
from letter_kit.errors import Problem, SenderError, did_you_mean
from letter_kit.models import Asset, CampaignField, Organisation, Register, Sender, Signatory
from letter_kit.people.columns import columns
from letter_kit.reading import (
    EMAIL,
    FIELD_TYPES,
    Source,
    Table,
    fits,
    parse_toml,
    read_text,
    shown,
)

__all__ = ["load_sender"]

_SETTABLE = ("country", "place", "layout", "register", "reference")


def load_sender(
    path: str | Path,
    fields: Sequence[CampaignField] = (),
    overrides: Mapping[str, str] | None = None,
) -> Sender:
    """The sender of a TOML file; pictures are looked up beside it.

    ``fields`` are what a campaign asks for besides; ``overrides`` replace top-level texts.
    Raises `SenderError` with all problems at once.
    """
    path = Path(path)
    source = parse_toml(read_text(path, SenderError), str(path), error=SenderError)
    own = {field.name: field for field in fields if field.owner == "sender"}
    source = _with_overrides(source, overrides or {}, tuple(own))
    table = Table(source)
    folder = path.parent
    country = table.text(
        "country",
        required=True,
        pattern=re.compile("[A-Za-z]{2}"),
        expected="a country code such as SN",
    )
    if country and country.upper() not in columns().countries:
        table.report(
            "country",
            "is no country code",
            expected="an ISO 3166-1 code such as SN",
            found=shown(country),
        )
    sender = Sender(
        country=(country or "").upper(),
        place=table.local_text("place"),
        layout=table.text("layout"),
        register=_register(table),
        reference=table.text("reference"),
        organisations=tuple(
            _organisation(entry, folder) for entry in table.tables("organisations", required=True)
        ),
        signatories=tuple(
            _signatory(entry, folder) for entry in table.tables("signatories", required=True)
        ),
        extra=_extra(table, own),
    )
    table.finish()
    table.raise_if(SenderError)
    return sender


def _register(table: Table) -> Register | None:
    wish = table.text("register")
    registers: tuple[Register, ...] = get_args(Register)
    for register in registers:
        if wish == register:
            return register
    if wish is not None:
        table.report(
            "register",
            "is not known",
            expected=", ".join(registers),
            found=shown(wish),
            hint=did_you_mean(wish, registers),
        )
    return None


def _organisation(entry: Table, folder: Path) -> Organisation:
    organisation = Organisation(
        name=entry.local_text("name", required=True),
        address=entry.texts("address"),
        logo=_picture(entry, "logo", folder),
        email=entry.text("email", pattern=EMAIL, expected="an e-mail address"),
        website=entry.text("website"),
        phone=entry.text("phone"),
        registration=entry.text("registration"),
    )
    entry.finish()
    return organisation


def _signatory(entry: Table, folder: Path) -> Signatory:
    signatory = Signatory(
        name=entry.text("name", required=True) or "",
        title=entry.local_text("title"),
        organisation=entry.local_text("organisation"),
        signature=_picture(entry, "signature", folder),
    )
    entry.finish()
    return signatory


def _picture(entry: Table, key: str, folder: Path) -> Asset | None:
    name = entry.text(key)
    if name is None:
        return None
    try:
        return read_picture(folder, name, SenderError)
    except SenderError as exc:
        for problem in exc.problems:
            entry.report(
                key,
                problem.message,
                expected=problem.expected,
                found=problem.path,
                hint=problem.hint,
            )
        return None


def _extra(table: Table, fields: Mapping[str, CampaignField]) -> dict[str, str]:
    """The values of the campaign's own fields, as texts, defaults filled in."""
    extra = {}
    for name, field in fields.items():
        value = table.data.get(name)
        if value is None or isinstance(value, str):
            text = table.text(name, required=field.required) or field.default
        elif not isinstance(value, bool | int | float | dt.date):
            table.value(name, str)  # reports that it is none
            continue
        else:
            table.value(name, type(value))
            text = str(value).lower() if isinstance(value, bool) else str(value)
        if text is None:
            continue
        if fits(text, field.type):
            extra[name] = text
        else:
            table.report(name, "wrong type", expected=FIELD_TYPES[field.type], found=shown(text))
    return extra


def _with_overrides(source: Source, overrides: Mapping[str, str], fields: Sequence[str]) -> Source:
    problems = [
        Problem(
            "cannot be set here",
            key=f"sender.{key}",
            hint=did_you_mean(key, [*_SETTABLE, *fields]),
        )
        for key in overrides
        if key not in {*_SETTABLE, *fields}
    ]
    if problems:
        raise SenderError(problems)
    return Source(source.path, source.text, {**source.data, **overrides}, source.first_line)
