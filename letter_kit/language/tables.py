"""The table of each language (``languages/<code>/language.toml``), its regions laid over it."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from letter_kit.errors import InputError, did_you_mean
from letter_kit.library import Library
from letter_kit.reading import parse_toml, read_text

__all__ = [
    "Language",
    "Rule",
    "Source",
    "language",
    "languages",
    "look_again",
    "read_language_file",
    "source_of",
    "staying",
    "text_of",
]

_TEXTS = ("name", "direction", "locale", "date", "place_and_date", "apostrophe")
_LABELS = ("subject", "reference", "cc", "page", "colon", "comma", "and")

Understood = TypeVar("Understood")


class Source(NamedTuple):
    """A language's file as it was when it was looked up; what was read of it is kept by this.

    A file that is changed has another time or size, and so is read anew.
    """

    file: str
    changed: int
    """When it was last changed, in ns."""
    size: int

    @property
    def path(self) -> Path:
        """Where the file is."""
        return Path(self.file)


class Rule(NamedTuple):
    """A rule of typography."""

    find: re.Pattern[str]
    put: str
    only_with: frozenset[str]
    """Signs without any of which a text has nothing to find; empty where there are none such."""


# A language is itself and no other, so that texts set in it can be kept by it.
@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language, or one of its regions, as letters need it."""

    path: str
    code: str
    name: str
    direction: str
    locale: str
    date: str
    """The pattern of a date, in the letters of CLDR."""
    place_and_date: str
    labels: Mapping[str, Any]
    quotes: tuple[str, str, str, str]
    """Opening and closing quotation mark, then those inside a quotation."""
    apostrophe: str
    typography: tuple[Rule, ...]
    """A region's rules come last."""
    no_countries: tuple[str, ...]
    """Names that have a country's in them and mean no country: *New Mexico*."""
    regions: tuple[str, ...]
    first_of_month: str | None = None
    months: tuple[str, ...] = ()
    """The names of the months, where letters use others than CLDR's."""

    def in_region(self, country: str) -> str:
        """The code with its region where the language differs there: ``en`` becomes ``en-US``."""
        return f"{self.code}-{country}" if country in self.regions else self.code

    def label(self, name: str, count: int = 1) -> str:
        """A word of the letter's frame, such as *Subject*; some differ by ``count``."""
        label = self.labels[name]
        return str(label if isinstance(label, str) else label["one" if count == 1 else "many"])


def look_again(edition: object) -> None:
    """Look the languages' files up anew, once for each ``edition`` such as a run.

    In between, each is taken to be where and as it was. Pass the same edition for all
    letters of a run, and a process that lives long sees what was changed before the run.
    """
    _begin(edition)


@lru_cache(maxsize=1)
def _begin(edition: object) -> None:
    for looked_up in (_found, _known, _current):
        looked_up.cache_clear()


def languages() -> tuple[str, ...]:
    """The codes of the languages that letters can be written in."""
    return _known(_project())


def language(code: str) -> Language:
    """The language ``fr`` or its region ``fr-CA``; an unknown region is the plain language.

    Raises `InputError` where the language is not known, or its file cannot be used.
    """
    return _current(code, _project())


def source_of(code: str, name: str) -> Source:
    """A file of the language ``code``, whatever its region: ``protocol.toml``.

    Raises `InputError` where there is none.
    """
    return _found(code, name, _project())


_stays: list[str] = []


class staying:  # noqa: N801  # used as `with staying():`
    """Within it, the process stays in its folder, which is then asked for once."""

    def __enter__(self) -> None:
        _stays.append(os.getcwd())  # noqa: PTH109  # a key, and fifty times as fast

    def __exit__(self, *_: object) -> None:
        _stays.pop()


def _project() -> str:
    return _stays[-1] if _stays else os.getcwd()  # noqa: PTH109  # as above


# What is not found raises, and so is looked for again the next time.
@lru_cache(maxsize=256)
def _found(code: str, name: str, project: str) -> Source:
    base = code.partition("-")[0]
    path = Library.of(Path(project)).language_file(base, name)
    if path is None:
        known = languages()
        raise InputError.of(
            f"letters cannot be written in the language {code} yet"
            if base not in known
            else f"the language {base} has no {name}",
            hint=(None if base in known else did_you_mean(base, known))
            or "docs/languages.md tells how to add a language.",
        )
    try:
        now = path.stat()
    except OSError as exc:
        raise InputError.of(f"the file cannot be read: {exc.strerror}", path=str(path)) from None
    return Source(str(path), now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=16)
def _known(project: str) -> tuple[str, ...]:
    return tuple(Library.of(Path(project)).languages())


@lru_cache(maxsize=256)
def _current(code: str, project: str) -> Language:
    return _language(code, _found(code, "language.toml", project))


def read_language_file(
    path: Path, text: str, understand: Callable[[dict[str, Any]], Understood]
) -> Understood:
    """What ``understand`` makes of the TOML ``text``, which stands in ``path``.

    Raises `InputError` where the file is not as it must be.
    """
    try:
        return understand(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        parse_toml(text_of(path), str(path))  # raises, with the line of the whole file
        raise InputError.of(str(exc), path=str(path)) from None
    except KeyError as exc:
        raise InputError.of("is missing", path=str(path), key=str(exc.args[0])) from None
    except (ValueError, TypeError, AttributeError, IndexError, re.error) as exc:
        raise InputError.of(
            f"the language's file cannot be used: {exc}"[:300],
            path=str(path),
            hint="Compare it with the same file of a language that ships with letter-kit.",
        ) from None


@lru_cache(maxsize=64)
def _language(code: str, source: Source) -> Language:
    path = source.path
    return read_language_file(path, text_of(path), lambda data: _understood(code, path, data))


def text_of(path: Path) -> str:
    """The text of a language's file. Raises `InputError` where it is none."""
    return read_text(path).removeprefix("\ufeff")


def _understood(code: str, path: Path, data: dict[str, Any]) -> Language:
    regions = data.pop("regions", {})
    own = regions.get(code.partition("-")[2], {})
    rules = (*data.get("typography", ()), *own.get("typography", ()))
    labels = data["labels"] | own.get("labels", {})
    data |= own
    _check(data, labels)
    return Language(
        path=str(path),
        code=code,
        name=data["name"],
        direction=data["direction"],
        locale=data["locale"],
        date=data["date"],
        place_and_date=data["place_and_date"],
        labels=labels,
        quotes=tuple(data["quotes"]),
        apostrophe=data["apostrophe"],
        typography=tuple(map(_rule, rules)),
        no_countries=tuple(data.get("no_countries", ())),
        regions=tuple(regions),
        first_of_month=data.get("first_of_month"),
        months=tuple(data.get("months", ())),
    )


def _check(data: dict[str, Any], labels: dict[str, Any]) -> None:
    """What a letter would stumble over. Raises `KeyError`, `ValueError` or `TypeError`."""
    for key, texts in (("", {key: data[key] for key in _TEXTS}), ("labels.", labels)):
        for name, text in texts.items():
            if not isinstance(text, str) and name != "enclosures":
                raise TypeError(f"{key}{name} is no text")
    if missing := [name for name in _LABELS if name not in labels]:
        raise KeyError(f"labels.{missing[0]}")
    if not {"one", "many"} <= set(labels["enclosures"]):
        raise KeyError("labels.enclosures: one, many")
    if data["direction"] not in {"ltr", "rtl"}:
        raise ValueError("direction is ltr or rtl")
    if len(data["quotes"]) != 4 or not all(isinstance(mark, str) for mark in data["quotes"]):
        raise ValueError("quotes are four texts: opening, closing, and the two inside these")
    if len(data.get("months", ())) not in {0, 12}:
        raise ValueError("months are twelve")
    try:
        data["place_and_date"].format(place="", date="")
    except (KeyError, IndexError, ValueError):
        raise ValueError("place_and_date has no other braces than {place} and {date}") from None


def _rule(given: dict[str, Any]) -> Rule:
    pattern = re.compile(given["find"], re.MULTILINE)
    pattern.sub(given["put"], "")  # tells of a replacement that names a group that is not there
    return Rule(pattern, given["put"], frozenset(given.get("only_with", "")))
