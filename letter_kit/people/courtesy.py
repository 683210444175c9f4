"""Titles before a name: what they say of the gender, and what of them stays."""

from functools import cache, lru_cache
from typing import Literal, NamedTuple

from letter_kit.people.phrases import Phrases, phrase_index, tokens, words, words_table

__all__ = ["Title", "is_certain", "is_title", "named_with_title", "read_title"]

Sort = Literal["courtesy", "style", "stay"]


class Title(NamedTuple):
    """A title: the gender it tells, and ``rest``, what stays when courtesy is taken off.

    ``several`` says that it is for a man and a woman: then nothing is taken off.
    """

    gender: Literal["m", "f"] | None
    rest: str
    several: bool = False


@lru_cache(maxsize=4096)
def read_title(text: str) -> Title | None:
    """What a title says, or ``None`` where its words say nothing of the gender.

    Courtesy (*Mr*, *Mme*) is left to the forms of address, and with it the style (*H.E.*)
    unless more than that stays; a rank or a degree says nothing, and stays.

    >>> read_title("H.E. Mrs."), read_title("Frau Dr."), read_title("Col.")
    (Title(gender='f', rest='', several=False), Title(gender='f', rest='Dr.', several=False), None)
    """
    table, found = _table(), tokens(text)
    spelled = [token.word for token in found]
    genders: set[str] = set()
    rest = text
    styles: list[tuple[int, int]] = []
    courtesies: list[tuple[int, int]] = []
    others = place = 0
    while place < len(found):
        here = table.at(spelled, place)
        length, (sort, gender) = here or (1, ("stay", ""))
        others += sort == "stay"
        genders |= {gender} - {""}
        span = (found[place].start, found[place + length - 1].end)
        if sort != "stay":
            (styles if sort == "style" else courtesies).append(span)
        place += length
    if not genders:
        return None
    if len(genders) == 2:
        return Title(None, text, several=True)
    if courtesies or not others:
        for start, end in sorted(courtesies if others else courtesies + styles, reverse=True):
            rest = rest[:start] + " " + rest[end:].lstrip(".")
        rest = " ".join(rest.split()) if words(rest) else ""
    return Title("m" if "m" in genders else "f", rest)


def is_title(text: str) -> bool:
    """Whether all of ``text`` is a title before a name: *Mr*, *H.E. Dr*."""
    table, spelled = _table(), words(text)
    place = 0
    while here := table.at(spelled, place):
        place += here[0]
    return 0 < place == len(spelled)


@lru_cache(maxsize=4096)
def named_with_title(text: str) -> tuple[str, str] | None:
    """The title and the name of a whole name such as *Mme Awa Ndiaye*, or ``None``.

    Whether the title can be nothing else is for `is_certain` to say.
    """
    table, found = _table(), tokens(text)
    spelled = [token.word for token in found]
    place = 0
    while place < len(found) and (here := table.at(spelled, place)) and here[1][0] != "stay":
        place += here[0]
    if 0 < place < len(found):
        title, name = text[: found[place].start].strip(), text[found[place].start :]
        return (title, name) if read_title(title) else None
    for suffix in _SUFFIXES:
        if text.endswith(suffix) and len(text) > len(suffix) + 1:
            return suffix, text.removesuffix(suffix).strip()
    return None


_SUFFIXES = ("女士", "先生", "小姐")
"""Courtesy that stands after a name."""


def is_certain(title: str) -> bool:
    """Whether a title before a name can be nothing else: *M.* may be an initial."""
    spelled = words(title)
    return len(spelled) > 1 or spelled[0] not in _uncertain()


@cache
def _uncertain() -> frozenset[str]:
    return frozenset(
        word for text in words_table()["courtesy"]["uncertain"] for word in words(text)
    )


@cache
def _table() -> Phrases[tuple[Sort, str]]:
    data = words_table()["courtesy"]
    groups: list[tuple[tuple[Sort, str], list[str]]] = [
        (("style", "m"), data["styles_m"]),
        (("style", "f"), data["styles_f"]),
        (("style", ""), data["styles"]),
        (("courtesy", "m"), data["m"]),
        (("courtesy", "f"), data["f"]),
        (("stay", "m"), data["stay_m"]),
        (("stay", "f"), data["stay_f"]),
        (("stay", ""), data["degrees"]),
    ]
    return Phrases(phrase_index(groups))
