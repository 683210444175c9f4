"""Texts as words without case, accents and signs, and phrases found in them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

__all__ = [
    "Phrases",
    "Token",
    "folded_word",
    "phrase_index",
    "tokens",
    "words",
    "words_table",
]

# A Chinese sign is a word of its own; vowel marks belong to the letters that they stand on.
_WORD = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff_\u0300-\u036f\u064b-\u0652]+[\u0300-\u036f\u064b-\u0652\w]*"
)
_LONGEST = 300
"""Characters; what is longer is no title, and no word of it is looked at."""
Meaning = TypeVar("Meaning")


class Token(NamedTuple):
    """A word as it compares, and where it stands in the text."""

    word: str
    start: int
    end: int


def folded_word(word: str) -> str:
    """``word`` without case and accents.

    >>> folded_word("Générale")
    'generale'
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char) and char != "\u0640")


def tokens(text: str) -> tuple[Token, ...]:
    """The words of ``text``; none where it is too long for a title or a name."""
    if len(text) > _LONGEST:
        return ()
    return tuple(Token(folded_word(m[0]), m.start(), m.end()) for m in _WORD.finditer(text))


def words(text: str) -> tuple[str, ...]:
    """The words of ``text``, as they compare.

    >>> words("Chargé d'affaires a.i.")
    ('charge', 'd', 'affaires', 'a', 'i')
    """
    return tuple(token.word for token in tokens(text))


class Phrases(Generic[Meaning]):
    """Phrases with what they mean; the longest one counts."""

    def __init__(self, phrases: Mapping[tuple[str, ...], Meaning]) -> None:
        self._meanings = phrases
        self._longest: dict[str, int] = {}
        for phrase in phrases:
            self._longest[phrase[0]] = max(self._longest.get(phrase[0], 0), len(phrase))

    def at(self, found: Sequence[str], start: int) -> tuple[int, Meaning] | None:
        """The longest phrase that begins at ``start``: how many words, and its meaning."""
        if start >= len(found):
            return None
        for length in range(self._longest.get(found[start], 0), 0, -1):
            meaning = self._meanings.get(tuple(found[start : start + length]))
            if meaning is not None and start + length <= len(found):
                return length, meaning
        return None

    def begins(self, word: str) -> bool:
        """Whether a phrase begins with ``word``."""
        return word in self._longest

    def within(self, found: Sequence[str]) -> bool:
        """Whether a phrase stands anywhere."""
        return any(self.at(found, start) for start in range(len(found)))


def phrase_index(groups: Iterable[tuple[Meaning, Iterable[str]]]) -> dict[tuple[str, ...], Meaning]:
    """Phrases by their words; of two that are the same, the first counts."""
    index: dict[tuple[str, ...], Meaning] = {}
    for meaning, texts in groups:
        for text in texts:
            index.setdefault(words(text), meaning)
    return index


@cache
def words_table() -> dict[str, Any]:
    """``words.toml``."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
