"""The digest of all that the letters of a run have in common, by which a change is seen."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from letter_kit.library import Library
from letter_kit.mailing import Mailing

__all__ = ["inputs_of", "mailing_fingerprint"]

_PACKAGES = ("letter-kit", "weasyprint", "pydyf", "fonttools")
"""What letters are made by; another version may make other bytes."""
_UNFED = {"path", "formats"}
"""Fields that make no other letter: where a file lies, and which other formats there are."""


def mailing_fingerprint(mailing: Mailing, *more: object) -> bytes:
    """The digest of a mailing, of the languages' files, of the program, and of ``more``."""
    digest = hashlib.sha256()
    _feed(digest, mailing)
    _feed(digest, more)
    _feed(digest, _program())
    _feed(digest, _languages(Path.cwd()))
    return digest.digest()


def inputs_of(
    fingerprint: bytes, headers: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> bytes:
    """The digest of all that a letter is made from: the mailing, and the cells of its rows."""
    cells = repr(rows).encode("utf-8", "surrogatepass")
    return hashlib.sha256(_head(fingerprint, headers) + cells).digest()


@lru_cache(maxsize=8)
def _head(fingerprint: bytes, headers: tuple[str, ...]) -> bytes:
    return fingerprint + repr(headers).encode("utf-8", "surrogatepass")


@cache
def _program() -> tuple[str, ...]:
    return tuple(f"{name} {version(name)}" for name in _PACKAGES)


def _languages(project: Path) -> list[tuple[str, str, bytes]]:
    return [
        (code, path.name, path.read_bytes())
        for code, folder in sorted(Library.of(project).languages().items())
        for path in sorted(folder.glob("*"))
        if path.suffix in {".toml", ".csv"}
    ]


def _feed(digest: Any, value: Any) -> None:
    """Feed ``value`` in a form that is the same in every process."""
    if is_dataclass(value):
        names = (f.name for f in fields(value) if f.name not in _UNFED)
        _feed(digest, {name: getattr(value, name) for name in names})
    elif hasattr(value, "_asdict"):
        _feed(digest, {k: v for k, v in value._asdict().items() if k not in _UNFED})
    elif isinstance(value, Mapping):
        digest.update(f"[{len(value)}]".encode())
        for key in sorted(value, key=str):
            _feed(digest, (key, value[key]))
    elif isinstance(value, list | tuple):
        digest.update(f"[{len(value)}]".encode())
        for item in value:
            _feed(digest, item)
    elif isinstance(value, bytes):
        digest.update(f"[{len(value)}]".encode() + value)
    elif value is None or isinstance(value, str | int | float | dt.date):
        digest.update(f"{value!r};".encode("utf-8", "surrogatepass"))
    else:
        raise TypeError(f"{type(value).__name__} has no place in a fingerprint")
