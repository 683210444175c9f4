"""Typed access to a table, all of whose problems are told at once."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from letter_kit.errors import Problem, did_you_mean
from letter_kit.reading.texts import clean_text, control_character, matches, shown
from letter_kit.reading.toml import KeyPath, Source

__all__ = ["Table"]

Option = TypeVar("Option", bound=str)

_TYPE_NAMES: dict[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    dt.date: "a date such as 2019-09-03",
    dict: "a table",
    list: "a list",
}


class Table:
    """Typed access to one table of a `Source`.

    Each accessor returns the value or, where it is missing or wrong, the default, and
    notes the problem in ``problems``, which all tables of a file share. Keys never asked
    for are reported by `finish`.
    """

    def __init__(
        self,
        source: Source,
        data: Mapping[str, Any] | None = None,
        where: KeyPath = (),
        problems: list[Problem] | None = None,
    ) -> None:
        self.source = source
        self.data = source.data if data is None else data
        self.where = where
        self.problems: list[Problem] = [] if problems is None else problems
        self._asked: set[str] = set()

    def report(self, key: str | None, message: str, **details: Any) -> None:
        """Note a problem at ``key``, or at the table itself."""
        path = self.where if key is None else (*self.where, key)
        self.problems.append(
            Problem(
                message,
                path=self.source.path,
                line=self.source.line_of(path),
                key=_dotted(path) or None,
                **details,
            )
        )

    def value(self, key: str, kind: type, *, required: bool = False) -> Any:
        """The value of ``key`` if it is of ``kind``, else ``None``."""
        self._asked.add(key)
        if key not in self.data:
            if required:
                self.report(key, "is missing", expected=_TYPE_NAMES[kind])
            return None
        value = self.data[key]
        if type(value) is not kind:
            expected = _TYPE_NAMES[kind]
            if kind is list:
                expected = f"[[{key}]]" if isinstance(value, dict) else 'a list: ["…", "…"]'
            self.report(key, "wrong type", expected=expected, found=shown(value))
            return None
        return value

    def text(
        self,
        key: str,
        *,
        required: bool = False,
        multiline: bool = False,
        pattern: re.Pattern[str] | None = None,
        expected: str | None = None,
    ) -> str | None:
        """A text, cleaned; an empty one counts as missing. ``pattern`` must match it whole."""
        value = self.value(key, str, required=required)
        if value is None:
            return None
        cleaned = self._checked_text(key, value, multiline=multiline)
        if cleaned is None:
            return None
        if not cleaned:
            if required:
                self.report(key, "is empty", expected=expected or "a text")
            return None
        if pattern is not None and not matches(pattern, cleaned):
            self.report(key, "has the wrong form", expected=expected, found=shown(cleaned))
            return None
        return cleaned

    def texts(
        self, key: str, *, pattern: re.Pattern[str] | None = None, expected: str | None = None
    ) -> tuple[str, ...]:
        """A list of texts; empty ones are a problem."""
        result = []
        for value in self.value(key, list) or ():
            if not isinstance(value, str) or not value.strip():
                self.report(key, "wrong type", expected="a list of texts", found=shown(value))
                continue
            cleaned = self._checked_text(key, value)
            if cleaned is None:
                continue
            if pattern is not None and not matches(pattern, cleaned):
                self.report(key, "has the wrong form", expected=expected, found=shown(cleaned))
                continue
            result.append(cleaned)
        return tuple(result)

    def flag(self, key: str, default: bool) -> bool:
        value = self.value(key, bool)
        return default if value is None else value

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self.value(key, int)
        if value is None:
            return default
        if not least <= value <= most:
            self.report(key, "out of range", expected=f"{least} to {most}", found=shown(value))
            return default
        return int(value)

    def measure(self, key: str, *, required: bool = False) -> float | None:
        """A length in mm, written as 45 or 98.5."""
        self._asked.add(key)
        value = self.data.get(key)
        if value is None:
            if required:
                self.report(key, "is missing", expected="a number of mm")
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.report(key, "wrong type", expected="a number of mm", found=shown(value))
            return None
        return float(value)

    def date(self, key: str) -> dt.date | None:
        value = self.value(key, dt.date)
        return value if isinstance(value, dt.date) else None

    def choice(
        self, key: str, options: Collection[Option], *, required: bool = False
    ) -> Option | None:
        """One of ``options``, written without regard to case."""
        value = self.text(key, required=required)
        if value is None:
            return None
        for option in options:
            if option.casefold() == value.casefold():
                return option
        self.report(
            key, "is not known", found=shown(value), hint=did_you_mean(value, sorted(options))
        )
        return None

    def table(self, key: str) -> "Table":
        """A table inside this one; an empty one where it is absent."""
        value = self.value(key, dict)
        return self._inside((*self.where, key), value or {})

    def tables(self, key: str, *, required: bool = False) -> Iterator["Table"]:
        """The tables of an array written as ``[[key]]``."""
        values = self.value(key, list)
        if not values:
            if required:
                self.report(key, "is missing", expected=f"at least one [[{key}]]")
            return
        for index, value in enumerate(values):
            if isinstance(value, dict):
                yield self._inside((*self.where, key, index), value)
            else:
                self.report(key, "wrong type", expected=f"[[{key}]] tables", found=shown(value))

    def local_text(self, key: str, *, required: bool = False) -> dict[str, str]:
        """``title = "President"``, or by language ``title.fr = "Présidente"``."""
        if isinstance(self.data.get(key), dict):
            by_language = self.table(key)
            texts = {code: by_language.text(code) for code in by_language.data}
            found = {code: text for code, text in texts.items() if text}
            if required and not found:
                self.report(key, "is empty", expected="a text")
            return found
        value = self.text(key, required=required)
        return {"": value} if value else {}

    def names(self) -> Sequence[str]:
        """The keys of the table, for tables whose keys are data; they count as asked for."""
        self._asked.update(self.data)
        return tuple(self.data)

    def finish(self, *also_known: str) -> None:
        """Report the keys that nobody asked for, with what was probably meant."""
        known = sorted(self._asked | set(also_known))
        for key in self.data:
            if key not in self._asked:
                self.report(key, "is not known", hint=did_you_mean(key, known))

    def raise_if(self, error: Callable[[list[Problem]], Exception]) -> None:
        """Raise ``error`` with all problems, in the order of their lines, if there are any."""
        if any(problem.severity == "error" for problem in self.problems):
            raise error(sorted(self.problems, key=lambda p: p.line or 0))

    def _inside(self, where: KeyPath, data: Mapping[str, Any]) -> "Table":
        return Table(self.source, data, where, self.problems)

    def _checked_text(self, key: str, value: str, *, multiline: bool = False) -> str | None:
        cleaned = clean_text(value)
        stray = control_character(cleaned, multiline=multiline)
        if stray is None:
            return cleaned
        self.report(key, f"has {stray} in it", hint="Take the character out.")
        return None


def _dotted(path: KeyPath) -> str:
    """``asks[1].id``, the second ask counted as people count."""
    said = ""
    for part in path:
        if isinstance(part, int):
            said += f"[{part + 1}]"
        else:
            name = part if part.isprintable() and part else shown(part)
            said += ("." if said else "") + name
    return said if len(said) <= 80 else f"{said[:79]}…"
