"""The table of columns that lists of recipients have, and their headers (``columns.toml``)."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from letter_kit.people.phrases import words_table

__all__ = ["ColumnName", "Columns", "column_of", "columns", "columns_of", "folded", "language_code"]


def folded(text: str) -> str:
    """Without case, accents, spaces, hyphens, underscores and points.

    >>> folded("Code postal") == folded("CODE_POSTAL")
    True
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?")
_IN_A_LANGUAGE = re.compile(r"(?s)(.+?)([\s_.:(\[/-]+)([A-Za-z]{2,3})[)\]]?")
"""``office_title_fr``, ``Title (EN)``."""


class ColumnName(NamedTuple):
    """A column that a header stands for; ``language`` for ``office_title_fr`` and the like."""

    column: str
    language: str = ""


class Columns(NamedTuple):
    """What ``columns.toml`` says, ready for look-up by folded header or word."""

    kinds: dict[str, str]
    by_header: dict[str, str]
    by_weak_header: dict[str, tuple[str, ...]]
    """The columns that a header may mean, the first that is free; the surer headers first."""
    words: dict[str, dict[str, str]]
    countries: frozenset[str]
    languages: frozenset[str]

    def named(self, header: str) -> ColumnName | None:
        """The column that ``header`` stands for, or ``None``."""
        return column_of(header)

    def overlaid(self, values: Mapping[str, str], overrides: Mapping[str, str]) -> dict[str, str]:
        """``values`` with ``overrides`` in the place of those that mean the same column."""
        meant = set(columns_of(tuple(overrides))) - {None}
        names = columns_of(tuple(values))
        kept = {
            key: text
            for (key, text), name in zip(values.items(), names, strict=True)
            if name not in meant and key not in overrides
        }
        return kept | dict(overrides)

    def word(self, kind: str, text: str) -> str | None:
        """The code that a cell's word stands for: ``homme`` is the gender ``m``."""
        return self.words[kind].get(folded(text))


@lru_cache(maxsize=4096)
def column_of(header: str) -> ColumnName | None:
    """The column that a header stands for by itself, or ``None``."""
    return columns_of((header,))[0]


@lru_cache(maxsize=256)
def columns_of(headers: tuple[str, ...]) -> tuple[ColumnName | None, ...]:
    """The columns that the headers of a list stand for.

    A header that is a weak sign of a column stands for it where no other of them does.
    """
    names = [_strong(header) for header in headers]
    taken = set(names)
    weak = columns().by_weak_header
    places = {header: place for place, header in enumerate(weak)}
    left = [index for index, header in enumerate(headers) if folded(header) in weak]
    for index in sorted(left, key=lambda index: places[folded(headers[index])]):
        if names[index] is None:
            free = (ColumnName(column) for column in weak[folded(headers[index])])
            names[index] = next((name for name in free if name not in taken), None)
            taken.add(names[index])
    return tuple(names)


def _strong(header: str) -> ColumnName | None:
    table = columns()
    if column := table.by_header.get(folded(header)):
        return ColumnName(column)
    match = _IN_A_LANGUAGE.fullmatch(header.strip()) if len(header) < 100 else None
    if match is None:
        return None
    stem, separator, language = match.groups()
    column = _local(folded(stem))
    if column and (separator in {"_", "."} or language.lower() in table.languages):
        return ColumnName(column, language.lower())
    return None


def _local(stem: str) -> str | None:
    """The column in a language that ``stem`` names."""
    table = columns()
    for column in (table.by_header.get(stem), *table.by_weak_header.get(stem, ())):
        if column and table.kinds[column] == "local":
            return column
    return None


def language_code(text: str) -> str | None:
    """A BCP 47 code of language and region, or ``None``.

    >>> language_code("EN_gb")
    'en-GB'
    """
    match = _LANGUAGE.fullmatch(text)
    if match is None or (match[2] and match[2].upper() not in columns().countries):
        return None
    return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")


@cache
def columns() -> Columns:
    """The built-in table."""
    data = tomllib.loads((Path(__file__).parent / "columns.toml").read_text("utf-8"))
    weak: dict[str, tuple[str, ...]] = {}
    for name, column in data["columns"].items():
        for header in column.get("weak", ()):
            weak[folded(header)] = (*weak.pop(folded(header), ()), name)
    return Columns(
        kinds={name: column["kind"] for name, column in data["columns"].items()},
        by_header={
            folded(header): name
            for name, column in data["columns"].items()
            for header in (name, *column["aliases"])
        },
        # What is a job's title and what a person's is told by what else there is.
        by_weak_header={header: _titles_last(names) for header, names in weak.items()},
        words=_words(),
        countries=frozenset(data["codes"]["countries"].split()),
        languages=frozenset(data["codes"]["languages"].split()),
    )


def _titles_last(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: name == "honorific_prefix"))


def _words() -> dict[str, dict[str, str]]:
    """The words of each kind by their folded form."""
    table = words_table()
    found = {
        kind: {folded(word): code for code, texts in table[kind].items() for word in (code, *texts)}
        for kind in ("gender", "stance")
    }
    found["office"] = {folded(office): office for office in table["offices"]}
    return found
