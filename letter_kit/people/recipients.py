"""A mapping of columns to texts becomes a `Recipient`, every cell checked."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from letter_kit.errors import Problem, RecipientError, did_you_mean
from letter_kit.models import CampaignField, Recipient
from letter_kit.people.cells import Cell, is_placeholder, read_cell
from letter_kit.people.columns import ColumnName, column_of, columns, columns_of
from letter_kit.people.inferring import infer
from letter_kit.people.notes import Note, NoteKind, Understood
from letter_kit.reading import (
    FIELD_TYPES,
    Source,
    clean_text,
    control_character,
    fits,
    parse_toml,
    read_text,
    shown,
)

__all__ = [
    "ASK_PREFIX",
    "load_recipient",
    "recipient_from_toml",
    "recipient_from_values",
    "understand",
    "understand_cells",
    "used_columns",
]

ASK_PREFIX = "ask."

Line = Callable[[str], int | None]
Named = tuple[str, ColumnName | None, str]
"""A key as it was written, the column it stands for, and the text."""


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
    """A recipient from texts by column; see `understand`."""
    return understand(values, fields, path=path, line=line, ignore_unknown=ignore_unknown).recipient


def understand(
    values: Mapping[str, str],
    fields: Sequence[CampaignField] = (),
    *,
    path: str | None = None,
    line: Line | int | None = None,
    ignore_unknown: bool = False,
) -> Understood:
    """A recipient from texts by column, and what was made of them.

    ``fields`` are what a campaign asks for besides. ``path`` and ``line`` say where the
    values stand, for the messages. Lists bring columns that nobody asked for, and cells that
    are blank: ``ignore_unknown`` passes them over.

    Raises `RecipientError` with all problems at once.
    """
    own = tuple(field for field in fields if field.owner == "recipient")
    own_names = {field.name for field in own}
    names = columns_of(tuple(values))
    found: list[Named] = []
    problems: list[tuple[str, str, dict[str, str | None]]] = []
    for (key, text), name in zip(values.items(), names, strict=True):
        is_ask = key.startswith(ASK_PREFIX)
        if not ignore_unknown and key not in own_names:
            if name is None and not is_ask:
                choices = [*columns().kinds, *own_names]
                problems.append((key, "is not known", {"hint": did_you_mean(key, choices)}))
            elif not clean_text(text):
                problems.append((key, "is empty", {"hint": "Give it a value, or leave it out."}))
        if key in own_names or is_ask or name is not None:
            found.append((key, name, text))
    return understand_cells(found, own, path=path, line=line, problems=problems)


@lru_cache(maxsize=64)
def used_columns(
    headers: tuple[str, ...], own: tuple[CampaignField, ...]
) -> tuple[tuple[int, str, ColumnName | None], ...]:
    """The headers that stand for something: their places, themselves and their columns."""
    own_names = {field.name for field in own}
    return tuple(
        (index, header, name)
        for index, (header, name) in enumerate(zip(headers, columns_of(headers), strict=True))
        if name is not None or header in own_names or header.startswith(ASK_PREFIX)
    )


def understand_cells(
    found: Iterable[Named],
    own: tuple[CampaignField, ...],
    *,
    path: str | None = None,
    line: Line | int | None = None,
    problems: Iterable[tuple[str, str, dict[str, str | None]]] = (),
) -> Understood:
    """The same for cells whose columns are known, without those that stand for nothing."""
    reader = _Reader(path, line if callable(line) else lambda _: line)
    for key, message, details in problems:
        reader.report(key, message, **details)
    own_names = {field.name for field in own} if own else ()
    own_texts: dict[str, str] = {}
    kinds = columns().kinds
    known: dict[str, Any] = reader.known
    for key, name, raw in found:
        if key in own_names:
            own_texts[key] = raw
        elif name is not None:
            kind = kinds[name.column]
            if text := reader.cleaned(key, raw, multiline=kind == "lines"):
                reader.put(name, kind, key, text)
        elif text := reader.cleaned(key, raw):
            stance = reader.read(key, "asks", "stance", text)
            if stance is not None:
                known.setdefault("asks", {})[key.removeprefix(ASK_PREFIX)] = stance
    known["extra"] = reader.own_fields(own_texts, own) if own else {}
    infer(known, reader)
    if reader.problems:
        raise RecipientError(reader.problems)
    return Understood(Recipient(**known), tuple(reader.notes))


class _Reader:
    """Checks the cells of one recipient, and collects what is wrong and what is to be told."""

    __slots__ = ("_line", "_path", "headers", "known", "notes", "office", "problems")

    def __init__(self, path: str | None, line: Line) -> None:
        self._path, self._line = path, line
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.known: dict[str, Any] = {}
        self.headers: dict[str, str] = {}
        """How each column is called, for those that other columns may bear on."""
        self.office: tuple[str, Cell] | None = None
        """The text of the office, and what was read in it."""

    def report(self, key: str | None, message: str, **details: Any) -> None:
        line = self._line(key or "")
        self.problems.append(Problem(message, path=self._path, line=line, key=key, **details))

    def note(self, column: str, found: str, meaning: str, kind: NoteKind) -> None:
        """Tell what was made of the cell in ``column``."""
        header = self.headers.get(column, column)
        self.notes.append(Note(header, found, meaning, kind))

    def cleaned(self, key: str, raw: str, *, multiline: bool = False) -> str:
        text = clean_text(raw)
        if raw.isprintable() or text.isprintable():
            return text
        if stray := control_character(text, multiline=multiline):
            self.report(key, f"has {stray} in it", hint="Take the character out.")
            return ""
        return text

    def read(self, key: str, column: str, kind: str, text: str) -> Any:
        """The value of a cell, or ``None``; what is to be told of it is noted."""
        cell = read_cell(column, kind, text)
        if cell.problem is not None:
            self.report(key, cell.problem[0], **cell.problem[1])
        elif cell.meaning is not None:
            self.notes.append(Note(key, text, cell.meaning, cell.note))
        if kind == "office" and cell.value is not None:
            self.office = (text, cell)
        return cell.value

    def put(self, name: ColumnName, kind: str, key: str, text: str) -> None:
        """Note what ``text`` stands for under its column."""
        column = name.column
        value: Any = text
        if kind not in _AS_WRITTEN or text[0] == "#" or is_placeholder(text, column, kind):
            value = self.read(key, column, kind, text)
        if column in _BORNE_ON:
            self.headers[column] = key
        if value is None:
            return
        if kind == "local":
            self.known.setdefault(column, {})[name.language] = value
            return
        if column in self.known:
            self.report(key, "stands twice", hint=f"Both columns mean {column}; keep one.")
        self.known[column] = value

    def own_fields(
        self, texts: Mapping[str, str], fields: Sequence[CampaignField]
    ) -> dict[str, str]:
        """The values of the campaign's own fields, defaults filled in."""
        extra = {}
        for field in fields:
            name = field.name
            text = self.cleaned(name, texts.get(name, "")) or field.default
            if text is None:
                if field.required:
                    self.report(name, "is missing", expected=field.help or FIELD_TYPES[field.type])
            elif fits(text, field.type):
                extra[name] = text
            else:
                self.report(name, "wrong type", expected=FIELD_TYPES[field.type], found=shown(text))
        return extra


_AS_WRITTEN = frozenset({"text", "local"})
_BORNE_ON = frozenset(
    {"office", "gender", "honorific_prefix", "full_name", "office_title", "salutation"}
)


def _flat(source: Source) -> dict[str, str]:
    """The values of a TOML file as the texts that a list would hold."""
    flat: dict[str, str] = {}
    problems = []
    for key, value in source.data.items():
        inner = value if isinstance(value, dict) else {"": value}
        for sub_key, item in inner.items():
            name = f"{key}.{sub_key}" if sub_key else key
            if isinstance(item, list) and all(isinstance(part, str) for part in item):
                kind = column_of(key)
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
