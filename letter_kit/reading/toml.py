"""TOML with the line of every key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from letter_kit.errors import InputError
from letter_kit.reading.texts import shown

__all__ = ["KeyPath", "Source", "parse_toml"]

KeyPath = tuple[str | int, ...]

_DEEPEST = 20
_MOST_PARSED = 5_000_000
"""How many characters may be parsed to find the lines of a file's keys."""
_LOOKS_LIKE_A_STATEMENT = re.compile(r"""\s*+(?:\[|["'\w.-][\w\s."'-]*+=|\#|$)""")
_TOML_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


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


def parse_toml(
    text: str, path: str, *, first_line: int = 1, error: type[InputError] = InputError
) -> Source:
    """TOML text to `Source`; ``first_line`` is where the text begins in its file.

    Raises ``error`` with the line where the text is not TOML.
    """
    try:
        data = tomllib.loads(text)
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
            hint=_hint(text.splitlines()[line - 1] if text.strip() else ""),
        ) from None
    except RecursionError:
        raise error.of("the tables and lists are nested too deeply", path=path) from None
    except ValueError as exc:  # a number of thousands of digits
        raise error.of(f"a value cannot be read: {exc}"[:200], path=path) from None
    if _depth(data) > _DEEPEST:
        raise error.of(
            "the tables and lists are nested too deeply",
            path=path,
            expected=f"at most {_DEEPEST} levels",
        )
    return Source(path, text, data, first_line)


def _hint(line: str) -> str:
    """What is most likely wrong with a line that is no TOML."""
    value = line.partition("=")[2].strip()
    if any(quote in line for quote in "“”„«»‘’") and '"' not in line:
        return 'Texts stand in straight quotes: "…".'
    if re.match(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}", value):
        return "Write a date as 2027-06-30, without quotes; it must be in the calendar."
    if value.lower() in {"yes", "no", "on", "off"}:
        return "Write true or false."
    if "=" not in line and ":" in line:
        return "Write key = value, with an equals sign."
    if value.count('"') % 2 or value.count('"') > 2:
        return 'Quotation marks inside a text are written \\", and each text ends with one.'
    return 'Texts stand in "quotes", one key = value a line.'


def _depth(data: object) -> int:
    level: list[object] = [data]
    depth = 0
    while level:
        depth += 1
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list)
        ]
    return depth


@lru_cache(maxsize=16)
def _lines_of_keys(text: str) -> Mapping[KeyPath, int]:
    """The line of every key and table header of a valid TOML text, counted from 1.

    The standard library gives no positions. Since the whole text is valid, its
    statements can be cut off one by one: a statement ends before the first line that may
    begin another and up to which it parses on its own. Where that takes too much parsing,
    the lines of the remaining keys stay unknown.
    """
    lines = text.splitlines()
    found: dict[KeyPath, int] = {}
    header: KeyPath = ()
    arrays: dict[KeyPath, int] = {}
    start = 0
    left = _MOST_PARSED
    while start < len(lines) and left > 0:
        end, data, left = _statement(lines, start, left)
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


def _statement(lines: list[str], start: int, left: int) -> tuple[int, dict[str, Any], int]:
    """Where the statement that begins at ``start`` ends, its data, and what may be parsed yet."""
    for end in range(start + 1, len(lines) + 1):
        if end < len(lines) and not _LOOKS_LIKE_A_STATEMENT.match(lines[end]):
            continue
        piece = "\n".join(lines[start:end])
        left -= len(piece) + 1
        try:
            return end, tomllib.loads(piece), left
        except tomllib.TOMLDecodeError:
            if left <= 0:
                break
    return len(lines), {}, left


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
