"""Offices in words: titles as lists bring them, in nine languages (``words.toml``)."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from letter_kit.people.phrases import Phrases, phrase_index, words, words_table

__all__ = ["OfficeWords", "read_office"]

_AND_IN_ARABIC = "و"
"""It is written together with the word that follows."""
_CUT_AT = str.maketrans(dict.fromkeys(",;/&+()–—|\n、，；", "\n"))


class OfficeWords(NamedTuple):
    """What a title says of an office.

    ``language`` is known where the words are of one language and begin with the office;
    ``exact`` says that they name the office and nothing else. More than one of ``offices``
    means that the words have different senses in different countries. ``changed`` says that
    they name an office which another word (*deputy*, *former*) makes another one.
    """

    offices: tuple[str, ...]
    language: str | None = None
    gender: Literal["f"] | None = None
    exact: bool = False
    changed: bool = False


class _Pattern(NamedTuple):
    office: OfficeWords
    begins: tuple[tuple[str, ...], ...]
    has: tuple[tuple[str, ...], ...]


class _Table(NamedTuple):
    phrases: Phrases[OfficeWords]
    patterns: tuple[_Pattern, ...]
    conjunctions: frozenset[str]
    leading: frozenset[str]
    changing: frozenset[str]
    precedence: dict[str, int]


@lru_cache(maxsize=4096)
def read_office(text: str) -> OfficeWords | None:
    """What the title ``text`` says, or ``None`` where it names no office for certain.

    >>> read_office("Deputy Prime Minister and Minister for Foreign Affairs").offices
    ('foreign_minister',)
    """
    table = _table()
    found = words(text)
    whole = table.phrases.at(found, 0)
    if whole and whole[0] == len(found):
        return whole[1]._replace(exact=True)
    read = [part for part in map(_part, (found, *_parts(text))) if part]
    certain = [part for part in read if len(part.offices) == 1]
    if not certain or all(part.changed for part in certain):
        doubtful = [part for part in read if len(part.offices) > 1]
        return next(iter((*doubtful, *certain)), None)
    highest = min(certain, key=lambda part: (table.precedence[part.offices[0]], part.changed))
    return highest._replace(exact=False)


def _parts(text: str) -> Iterator[tuple[str, ...]]:
    """The parts between commas and words for *and*."""
    table = _table()
    for piece in text.translate(_CUT_AT).split("\n"):
        part: list[str] = []
        for word in words(piece):
            if word in table.conjunctions:
                yield tuple(part)
                part = []
            elif word.startswith(_AND_IN_ARABIC) and table.phrases.begins(word[1:]):
                yield tuple(part)
                part = [word[1:]]
            else:
                part.append(word)
        yield tuple(part)


def _part(found: Sequence[str]) -> OfficeWords | None:
    """The office that a part of a title begins with."""
    table = _table()
    if not found:
        return None
    if _is_chinese(found[0]):
        return _chinese_part(found)
    start = 0
    while (here := _named_at(found, start)) is None:
        if start >= len(found) or found[start] not in table.leading:
            break
        start += 1
    if here is None:
        if table.changing.intersection(found) and table.phrases.within(found):
            return OfficeWords(("official",), _language(found), changed=True)
        return None
    length, office = here
    rest = found[start + length :]
    if table.changing.intersection(rest) and office.offices != ("official",):
        return OfficeWords(("official",), office.language, changed=True)
    # What goes before the office (*H.E. the*) is no part of a title.
    return office._replace(exact=not rest, language=None if start else office.language)


def _named_at(found: Sequence[str], start: int) -> tuple[int, OfficeWords] | None:
    """The name of an office at ``start``, or a pattern that begins no shorter."""
    table = _table()
    best = table.phrases.at(found, start)
    for pattern in table.patterns:
        for begin in pattern.begins:
            longer = best is None or len(begin) >= best[0]
            if longer and tuple(found[start : start + len(begin)]) == begin:
                rest = found[start + len(begin) :]
                if any(_within(rest, phrase) for phrase in pattern.has):
                    best = (len(begin), pattern.office)
    return best


def _within(found: Sequence[str], phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(tuple(found[at : at + size]) == phrase for at in range(len(found) - size + 1))


def _chinese_part(found: Sequence[str]) -> OfficeWords | None:
    """In Chinese the office stands last: a country or a ministry may go before it."""
    table = _table()
    for start in range(len(found)):
        here = table.phrases.at(found, start)
        if here and start + here[0] == len(found):
            if table.changing.intersection(found[:start]):
                return OfficeWords(("official",), "zh", changed=True)
            return here[1]._replace(exact=not start)
    return None


def _is_chinese(word: str) -> bool:
    return "\u3400" <= word <= "\u9fff"


def _language(found: Sequence[str]) -> str | None:
    """The language of the first office that stands anywhere in a title."""
    for start in range(len(found)):
        if here := _table().phrases.at(found, start):
            return here[1].language
    return None


@cache
def _table() -> _Table:
    data = words_table()
    reading = data["reading"]
    by_phrase: dict[tuple[str, ...], list[OfficeWords]] = {}
    for office, by_language in data["offices"].items():
        for key, texts in by_language.items():
            language, _, feminine = key.partition("_")
            named = OfficeWords((office,), language, "f" if feminine else None)
            for text in texts:
                by_phrase.setdefault(words(text), []).append(named)
    phrases = {phrase: _merged(named) for phrase, named in by_phrase.items()}
    ambiguous = phrase_index(
        (OfficeWords(tuple(offices)), (text,)) for text, offices in data["ambiguous"].items()
    )
    codes = {words(office): OfficeWords((office,)) for office in data["offices"]}
    return _Table(
        phrases=Phrases({**codes, **phrases, **ambiguous}),
        patterns=tuple(
            _Pattern(
                OfficeWords((entry["office"],), entry["language"], entry.get("gender")),
                tuple(map(words, entry["begins"])),
                tuple(map(words, entry["has"])),
            )
            for entry in data["patterns"]
        ),
        conjunctions=frozenset(reading["and"]),
        leading=frozenset(word for text in reading["leading"] for word in words(text)),
        changing=frozenset(word for text in reading["changing"] for word in words(text)),
        precedence={office: place for place, office in enumerate(reading["precedence"])},
    )


def _merged(named: list[OfficeWords]) -> OfficeWords:
    """One meaning of words that are the same in several languages."""
    offices = tuple(dict.fromkeys(one.offices[0] for one in named))
    languages = {one.language for one in named}
    genders = {one.gender for one in named}
    return OfficeWords(
        offices,
        languages.pop() if len(languages) == 1 else None,
        "f" if genders == {"f"} else None,
    )
