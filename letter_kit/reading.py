"""Reading tables that people wrote: every value checked, every problem told with its line.

`parse_toml` keeps the text beside the data, `Table` hands out typed values and collects
what is wrong instead of stopping at the first. Campaigns, senders, recipients and the
built-in tables are all read through it.
"""

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from letter_kit.errors import InputError, Problem, did_you_mean

__all__ = ["Source", "Table", "clean_text", "parse_toml", "read_bytes", "read_text", "shown"]

KeyPath = tuple[str | int, ...]
Option = TypeVar("Option", bound=str)

_TYPE_NAMES: dict[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    dt.date: "a date such as 2019-09-03",
    dict: "a table",
    list: "a list",
}
_TOML_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_MAX_FILE_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A TOML text that parsed: its data, and what is needed to find a key's line again."""

    path: str
    text: str
    data: Mapping[str, Any]
    first_line: int = 1

    def line_of(self, key: KeyPath) -> int | None:
        """The line that sets ``key``, or that opens the table it is missing from."""
        lines = _lines_of_keys(self.text)
        while key and key not in lines:
            key = key[:-1]
        return lines[key] + self.first_line - 1 if key else None


def shown(value: object, limit: int = 60) -> str:
    """A value as an error message shows it: quoted, and never endless."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def read_bytes(path: Path, error: type[InputError] = InputError) -> bytes:
    """The bytes of a file of at most 5 MB.

    Raises ``error`` where it is missing, is a folder, cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise error.of(
                "the file is too large",
                path=str(path),
                expected="at most 5 MB",
                found=f"{path.stat().st_size / 1e6:.1f} MB",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise error.of("there is no such file", path=str(path)) from None
    except IsADirectoryError:
        raise error.of(
            "expected a file, found a folder",
            path=str(path),
            hint="Name a file in it.",
        ) from None
    except PermissionError:
        raise error.of("the file may not be read (permission denied)", path=str(path)) from None
    except (OSError, ValueError) as exc:
        raise error.of(f"the file cannot be read: {exc}", path=str(path)[:200]) from None


def read_text(path: Path, error: type[InputError] = InputError) -> str:
    """A UTF-8 text, with or without BOM, its line ends made line feeds.

    Raises ``error`` where `read_bytes` does or the bytes are not UTF-8.
    """
    raw = read_bytes(path, error)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise error.of(
            "the file is not UTF-8",
            path=str(path),
            line=raw.count(b"\n", 0, exc.start) + 1,
            found=f"byte 0x{raw[exc.start]:02x}",
            hint="Save it as UTF-8 and try again.",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_toml(
    text: str, path: str, *, first_line: int = 1, error: type[InputError] = InputError
) -> Source:
    """TOML text to `Source`; ``first_line`` is where the text begins in its file.

    Raises ``error`` with the line where the text is not TOML.
    """
    try:
        return Source(path, text, tomllib.loads(text), first_line)
    except tomllib.TOMLDecodeError as exc:
        said = str(exc)
        position = _TOML_POSITION.search(said)
        line = int(position[1]) if position and position[1] else text.rstrip("\n").count("\n") + 1
        cause = _TOML_POSITION.sub("", said)
        raise error.of(
            f"this is not valid TOML: {cause[:1].lower()}{cause[1:]}",
            path=path,
            line=line + first_line - 1,
            found=shown(text.splitlines()[line - 1].strip()) if text.strip() else None,
            hint='Texts stand in "quotes", one key = value a line.',
        ) from None
    except RecursionError:
        raise error.of("the tables and lists are nested too deeply", path=path) from None


def clean_text(value: str) -> str:
    """NFC, with white space at the ends removed."""
    return unicodedata.normalize("NFC", value).strip()


def control_character(value: str, *, multiline: bool = False) -> str | None:
    """The name of the first character that has no place in a text, or ``None``."""
    for char in value:
        if char == "\n" and multiline:
            continue
        if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in "\ufffe\uffff":
            return {"\n": "a line break", "\t": "a tab"}.get(char, f"U+{ord(char):04X}")
    return None


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

    def has(self, key: str) -> bool:
        return key in self.data

    def value(self, key: str, kind: type, *, required: bool = False) -> Any:
        """The value of ``key`` if it is of ``kind``, else ``None``."""
        self._asked.add(key)
        if key not in self.data:
            if required:
                self.report(key, "is missing", expected=_TYPE_NAMES[kind])
            return None
        value = self.data[key]
        if type(value) is not kind:
            self.report(key, "wrong type", expected=_TYPE_NAMES[kind], found=shown(value))
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
        if pattern is not None and not pattern.fullmatch(cleaned):
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
            if pattern is not None and not pattern.fullmatch(cleaned):
                self.report(key, "has the wrong form", expected=expected, found=shown(cleaned))
                continue
            result.append(cleaned)
        return tuple(result)

    def flag(self, key: str, default: bool) -> bool:
        value = self.value(key, bool)
        return default if value is None else value

    def number(self, key: str, default: int, *, least: int) -> int:
        """A whole number of at least ``least``."""
        value = self.value(key, int)
        if value is None:
            return default
        if value < least:
            self.report(key, "too small", expected=f"at least {least}", found=str(value))
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
        said += f"[{part + 1}]" if isinstance(part, int) else ("." if said else "") + part
    return said


@lru_cache(maxsize=16)
def _lines_of_keys(text: str) -> Mapping[KeyPath, int]:
    """The line of every key and table header of a valid TOML text, counted from 1.

    The standard library gives no positions. Since the whole text is valid, its
    statements can be cut off one by one: a statement ends with the first line after
    which it parses on its own.
    """
    lines = text.splitlines()
    found: dict[KeyPath, int] = {}
    header: KeyPath = ()
    arrays: dict[KeyPath, int] = {}
    start = 0
    while start < len(lines):
        end, data = _statement(lines, start)
        if data:
            path = _first_path(data)
            if lines[start].lstrip().startswith("["):
                header = _header_path(path, arrays, lines[start].lstrip().startswith("[["))
                found.setdefault(header, start + 1)
            else:
                for sub_path in _all_paths(data):
                    found.setdefault((*header, *sub_path), start + 1)
        start = end
    return found


def _statement(lines: list[str], start: int) -> tuple[int, dict[str, Any]]:
    for end in range(start + 1, len(lines) + 1):
        try:
            return end, tomllib.loads("\n".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
    return len(lines), {}


def _first_path(data: Mapping[str, Any]) -> tuple[str, ...]:
    path: list[str] = []
    node: Any = data
    while isinstance(node, dict) and node:
        key, node = next(iter(node.items()))
        path.append(key)
        if isinstance(node, list) and node:
            node = node[0]
    return tuple(path)


def _all_paths(data: Mapping[str, Any], before: KeyPath = ()) -> Iterator[KeyPath]:
    for key, value in data.items():
        yield (*before, key)
        if isinstance(value, dict):
            yield from _all_paths(value, (*before, key))


def _header_path(names: tuple[str, ...], arrays: dict[KeyPath, int], opens_array: bool) -> KeyPath:
    """The header with the indexes of the arrays it stands in: ``("asks", 1)``."""
    path: KeyPath = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if position == len(names) - 1 and opens_array:
            arrays[path] = arrays.get(path, -1) + 1
        if path in arrays:
            path = (*path, arrays[path])
    return path
