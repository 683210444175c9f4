"""The table of columns and words that lists of recipients use (``columns.toml``)."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["ColumnName", "Columns", "columns", "folded", "language_code"]


def folded(text: str) -> str:
    """Without case, accents, spaces, hyphens, underscores and points.

    >>> folded("Code postal") == folded("CODE_POSTAL")
    True
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?")


class ColumnName(NamedTuple):
    """A column that a header stands for; ``language`` for ``office_title_fr`` and the like."""

    column: str
    language: str = ""


class Columns(NamedTuple):
    """What ``columns.toml`` says, ready for look-up by folded header or word."""

    kinds: dict[str, str]
    by_header: dict[str, str]
    words: dict[str, dict[str, str]]
    countries: frozenset[str]

    def named(self, header: str) -> ColumnName | None:
        """The column that ``header`` stands for, or ``None``."""
        if column := self.by_header.get(folded(header)):
            return ColumnName(column)
        stem, separator, language = header.strip().replace(".", "_").rpartition("_")
        column = self.by_header.get(folded(stem)) if separator else None
        if column and self.kinds[column] == "local" and language.isalpha() and len(language) <= 3:
            return ColumnName(column, language.lower())
        return None

    def overlaid(self, values: Mapping[str, str], overrides: Mapping[str, str]) -> dict[str, str]:
        """``values`` with ``overrides`` in the place of those that mean the same column."""
        meant = {self.named(key) for key in overrides} - {None}
        kept = {key: text for key, text in values.items() if self.named(key) not in meant}
        return kept | dict(overrides)

    def word(self, kind: str, text: str) -> str | None:
        """The code that a cell's word stands for: ``homme`` is the gender ``m``."""
        return self.words[kind].get(folded(text))


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
    return Columns(
        kinds={name: column["kind"] for name, column in data["columns"].items()},
        by_header={
            folded(header): name
            for name, column in data["columns"].items()
            for header in (name, *column["aliases"])
        },
        words={
            kind: {folded(word): code for code, words in codes.items() for word in (code, *words)}
            for kind, codes in data["words"].items()
        },
        countries=frozenset(data["codes"]["countries"].split()),
    )
