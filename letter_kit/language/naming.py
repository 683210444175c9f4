"""Which countries a text names."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from letter_kit.language.countries import CountryTable, country_table
from letter_kit.language.tables import Language, language
from letter_kit.writing import is_east_asian

__all__ = ["countries_named"]

_ALIKE = {ord("'"): "’", 0xA0: " ", 0x202F: " ", ord("\n"): " "}
"""Signs that a name may be written with, and those by which it is compared."""
_NO_COUNTRY = ""
_SMALL_WORDS = re.compile(r"^(?:[a-zà-ÿа-я]+(?:[ ’]|$))+")
_WORD = re.compile(r"[^\W\d_]+")
_JOINED = "وفبكل"
"""The letters that Arabic writes together with the word they stand before."""
_MOST_JOINED = 3
"""How many of them may stand before one word: و + ب + ل."""
_LONGEST_REMEMBERED = 2_000
"""Characters of a paragraph that is kept with what it names."""
_LONGEST_TEXT_REMEMBERED = 8_000

_ByStart = Mapping[str, list[tuple[str, str]]]


# It is itself and no other, so that what is found with it can be kept by it.
@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    """Names with their country by their first two letters, the longest first."""

    names: _ByStart
    none: _ByStart
    """Those that have a country's in them and mean no country."""


def countries_named(text: str, spoken: str) -> frozenset[str]:
    """The codes of the countries that ``text`` names, by any of their names, in any case.

    A name stands in one paragraph; blank lines divide them.
    """
    names = _names_in(country_table(spoken), language(spoken))
    if len(text) > _LONGEST_TEXT_REMEMBERED:
        return _named_by_paragraphs(text, names)
    return _remembered_text(text, names)


@lru_cache(maxsize=768)
def _remembered_text(text: str, names: _Names) -> frozenset[str]:
    return _named_by_paragraphs(text, names)


def _named_by_paragraphs(text: str, names: _Names) -> frozenset[str]:
    paragraphs = text.split("\n\n")
    return frozenset().union(*[_named_in(paragraph, names) for paragraph in paragraphs])


def _named_in(paragraph: str, names: _Names) -> frozenset[str]:
    if len(paragraph) > _LONGEST_REMEMBERED:
        return _searched(paragraph, names)
    return _remembered(paragraph, names)


@lru_cache(maxsize=2048)
def _remembered(paragraph: str, names: _Names) -> frozenset[str]:
    return _searched(paragraph, names)


def _searched(text: str, names: _Names) -> frozenset[str]:
    text = unicodedata.normalize("NFC", text)
    folded = _folded(text)
    found = set()
    end = 0
    for at in _starts(text):
        if at < end:
            continue
        by_start = names.none if text[at].islower() else names.names  # turkey, not Turkey
        for name, code in by_start.get(folded[at : at + 2], ()):
            if folded.startswith(name, at) and _may_end(text, at + len(name)):
                found.add(code)
                end = at + len(name)
                break
    return frozenset(found - {_NO_COUNTRY})


def _starts(text: str) -> Iterable[int]:
    """Where a name may begin: at a word's first letter, in some writings within it."""
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii() or (
            word.isalpha() and word[0] not in _JOINED and not any(map(is_east_asian, word))
        ):
            yield match.start()
        else:
            for at in range(match.start(), match.end()):
                if text[at].isalpha() and _may_begin(text, at):
                    yield at


@lru_cache(maxsize=32)
def _names_in(table: CountryTable, spoken: Language) -> _Names:
    by_name = {_folded(name): _NO_COUNTRY for name in spoken.no_countries}
    for code, row in table.by_code.items():
        texts = [text for column, text in row.items() if column not in {"code", "aliases"}]
        for text in (*texts, *row.get("aliases", "").split(" | ")):
            # Without articles and prepositions, which begin small.
            name = _folded(_SMALL_WORDS.sub("", text.translate(_ALIKE)))
            if name:
                by_name.setdefault(name, code)
                if name.startswith("ال"):  # with the preposition ل the article loses its alif
                    by_name.setdefault(f"لل{name[2:]}", code)
    none = {name: code for name, code in by_name.items() if code == _NO_COUNTRY}
    return _Names(_by_start(by_name), _by_start(none))


def _by_start(by_name: Mapping[str, str]) -> _ByStart:
    by_start: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(by_name, key=len, reverse=True):
        by_start.setdefault(name[:2], []).append((name, by_name[name]))
    return by_start


def _folded(text: str) -> str:
    """``text`` without regard to case and accents, letter for letter."""
    signs = unicodedata.normalize("NFC", text.translate(_ALIKE))
    return signs.lower() if signs.isascii() else "".join(map(_folded_sign, signs))


@lru_cache(maxsize=4096)
def _folded_sign(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[0].lower()[0]


def _may_begin(text: str, at: int) -> bool:
    """Whether a name may begin here: not inside a word, but after letters joined in Arabic."""
    for start in range(at, max(at - _MOST_JOINED, 0) - 1, -1):
        before = text[start - 1] if start else " "
        if not before.isalpha() or is_east_asian(before):
            return True
        if before not in _JOINED:
            return False
    return False


def _may_end(text: str, at: int) -> bool:
    after = text[at : at + 1]
    return not after.isalpha() or is_east_asian(after)
