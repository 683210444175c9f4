"""A mapping of columns to texts becomes a `Recipient`, every cell checked."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from letter_kit.errors import Problem, RecipientError, did_you_mean
from letter_kit.models import CampaignField, Recipient
from letter_kit.people.columns import ColumnName, columns, language_code
from letter_kit.reading import (
    EMAIL,
    FIELD_TYPES,
    Source,
    clean_text,
    control_character,
    fits,
    matches,
    parse_toml,
    read_text,
    shown,
)

__all__ = ["ASK_PREFIX", "load_recipient", "recipient_from_toml", "recipient_from_values"]

ASK_PREFIX = "ask."

Line = Callable[[str], int | None]


def load_recipient(
    path: str | Path,
    fields: Sequence[CampaignField] = (),
    overrides: Mapping[str, str] | None = None,
) -> Recipient:
    """The recipient of a TOML file; ``overrides`` replace its values.

    Raises `RecipientError` with all problems at once.
    """
    text = read_text(Path(path), RecipientError)
    return recipient_from_toml(text, str(path), fields, overrides)


def recipient_from_toml(
    text: str,
    path: str,
    fields: Sequence[CampaignField] = (),
    overrides: Mapping[str, str] | None = None,
) -> Recipient:
    """The recipient that TOML text describes; ``path`` names it in messages.

    Raises `RecipientError` with all problems at once.
    """
    source = parse_toml(text, path, error=RecipientError)
    values = columns().overlaid(_flat(source), overrides or {})

    def line(key: str) -> int | None:
        return source.line_of(tuple(key.split(".")))

    return recipient_from_values(values, fields, path=path, line=line)


def recipient_from_values(
    values: Mapping[str, str],
    fields: Sequence[CampaignField] = (),
    *,
    path: str | None = None,
    line: Line | int | None = None,
    ignore_unknown: bool = False,
) -> Recipient:
    """A recipient from texts by column; ``fields`` are what a campaign asks for besides.

    ``path`` and ``line`` say where the values stand, for the messages. Lists bring
    columns that nobody asked for, and cells that are blank: ``ignore_unknown`` passes
    them over.

    Raises `RecipientError` with all problems at once.
    """
    reader = _Reader(path, line if callable(line) else lambda _: line)
    own_fields = {field.name: field for field in fields if field.owner == "recipient"}
    known: dict[str, Any] = {}
    for key, raw in values.items():
        if key in own_fields:
            continue
        name = columns().named(key)
        text = reader.cleaned(key, raw, name)
        if text is None:
            continue
        if not text and not ignore_unknown:
            reader.report(key, "is empty", hint="Give it a value, or leave it out.")
        if key.startswith(ASK_PREFIX):
            if text:
                stance = reader.word(key, text, "stance")
                known.setdefault("asks", {})[key.removeprefix(ASK_PREFIX)] = stance
        elif name is None:
            if not ignore_unknown:
                choices = [*columns().kinds, *own_fields]
                reader.report(key, "is not known", hint=did_you_mean(key, choices))
        elif text:
            reader.put(known, name, key, text)
    known["extra"] = reader.own_fields(values, own_fields)
    _complete(known, reader)
    if reader.problems:
        raise RecipientError(reader.problems)
    return Recipient(**known)


@dataclass(slots=True)
class _Reader:
    """Checks the cells of one recipient and collects what is wrong with them."""

    path: str | None
    line: Line
    problems: list[Problem]

    def __init__(self, path: str | None, line: Line) -> None:
        self.path, self.line, self.problems = path, line, []

    def report(self, key: str | None, message: str, **details: Any) -> None:
        line = self.line(key or "")
        self.problems.append(Problem(message, path=self.path, line=line, key=key, **details))

    def cleaned(self, key: str, raw: str, name: ColumnName | None) -> str | None:
        multiline = name is not None and columns().kinds[name.column] == "lines"
        text = clean_text(raw)
        if stray := control_character(text, multiline=multiline):
            self.report(key, f"has {stray} in it", hint="Take the character out.")
            return None
        return text

    def put(self, known: dict[str, Any], name: ColumnName, key: str, text: str) -> None:
        """Convert ``text`` as its column's kind says, and note it in ``known``."""
        kind = columns().kinds[name.column]
        if kind == "local":
            known.setdefault(name.column, {})[name.language] = text
            return
        value: Any = text
        if kind in {"office", "gender"}:
            value = self.word(key, text, kind)
        elif kind == "country":
            value = self.country(key, text)
        elif kind == "language":
            value = self.language(key, text)
        elif kind == "date":
            value = self.date(key, text)
        elif kind == "email" and not matches(EMAIL, text):
            self.report(key, "is no e-mail address", found=shown(text))
        elif kind == "list":
            value = tuple(part.strip() for part in text.split(";") if part.strip())
        elif kind == "lines":
            value = tuple(part.strip() for part in re.split(r"[\n|]", text) if part.strip())
        if name.column in known:
            self.report(key, "stands twice", hint=f"Both columns mean {name.column}; keep one.")
        known[name.column] = value

    def word(self, key: str, text: str, kind: str) -> str:
        code = columns().word(kind, text)
        if code is None:
            codes = list(dict.fromkeys(columns().words[kind].values()))
            self.report(key, "is not known", found=shown(text), hint=did_you_mean(text, codes))
        return code or text

    def country(self, key: str, text: str) -> str:
        code = text.upper()
        if code not in columns().countries:
            self.report(
                key,
                "is no country code",
                expected="an ISO 3166-1 code such as SN",
                found=shown(text),
            )
        return code

    def language(self, key: str, text: str) -> str:
        code = language_code(text)
        if code is None:
            self.report(
                key,
                "is no language code",
                expected="a code such as fr or en-GB",
                found=shown(text),
            )
        return code or text

    def date(self, key: str, text: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self.report(key, "is no date", expected="a date such as 2019-09-03", found=shown(text))
            return None

    def own_fields(
        self, values: Mapping[str, str], fields: Mapping[str, CampaignField]
    ) -> dict[str, str]:
        """The values of the campaign's own fields, defaults filled in."""
        extra = {}
        for name, field in fields.items():
            text = self.cleaned(name, values.get(name, ""), None) or field.default
            if text is None:
                if field.required:
                    self.report(name, "is missing", expected=field.help or FIELD_TYPES[field.type])
            elif fits(text, field.type):
                extra[name] = text
            else:
                self.report(name, "wrong type", expected=FIELD_TYPES[field.type], found=shown(text))
        return extra


def _complete(known: dict[str, Any], reader: _Reader) -> None:
    """What follows from the rest: an office for a name or an institution, the country meant."""
    named = known.keys() & {"full_name", "given_name", "family_name"}
    if "office" not in known:
        if named:
            known["office"] = "official"
        elif known.get("organisation"):
            known["office"] = "body"
        else:
            reader.report(
                None,
                "a recipient needs an office, a name or an organisation",
                hint="For example: office = foreign_minister, country = SN.",
            )
    known.setdefault("represents_country", known.get("country"))


def _flat(source: Source) -> dict[str, str]:
    """The values of a TOML file as the texts that a list would hold."""
    flat: dict[str, str] = {}
    problems = []
    for key, value in source.data.items():
        inner = value if isinstance(value, dict) else {"": value}
        for sub_key, item in inner.items():
            name = f"{key}.{sub_key}" if sub_key else key
            if isinstance(item, list) and all(isinstance(part, str) for part in item):
                kind = columns().named(key)
                lines = kind is not None and columns().kinds[kind.column] == "lines"
                flat[name] = ("\n" if lines else ";").join(item)
            elif isinstance(item, str):
                flat[name] = item
            elif isinstance(item, bool | int | float | dt.date):
                flat[name] = str(item).lower() if isinstance(item, bool) else str(item)
            else:
                problems.append(
                    Problem(
                        "wrong type",
                        path=source.path,
                        line=source.line_of((key,)),
                        key=name,
                        expected="a text",
                        found=shown(item),
                    )
                )
    if problems:
        raise RecipientError(problems)
    return flat
