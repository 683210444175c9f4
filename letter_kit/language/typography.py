"""The typography of a language: its spaces, quotation marks and apostrophes."""

import re
from functools import lru_cache
from unicodedata import bidirectional

from letter_kit.errors import InputError
from letter_kit.language.tables import Language, Rule, language
from letter_kit.writing import ADDRESS, EAST_ASIAN

__all__ = ["direction", "typeset", "typeset_body"]

_KEPT = re.compile(
    rf"""
      {ADDRESS.pattern}
    | (?<=\]) \( [^()\s]* (?:\s+"[^"]*")? \)                      # where a Markdown link leads
    | <[^<>\s]+>                                                  # the same without words
    | `[^`\n]*`                                                   # code
    | &\#?\w{{1,9}};                                                # entities
    | (?<!\d) \d{{1,2}} : \d{{2}} (?: : \d{{2}})? (?!\d)                # times
    | \ue000                                                      # our own mark
    """,
    re.VERBOSE,
)
"""What typography leaves as it is."""
_MAY_BE_KEPT = re.compile("[@:`<&\\]\ue000]|www")
"""A sign that all of these have."""
_MARK = "\ue000"
# No letter stands beside the outer side of a quotation mark, but an East Asian one may.
_QUOTED = re.compile(
    rf'(?<![^\W{EAST_ASIAN}])(?<!")\\?"(?=\S)([^"]{{1,1000}}?)(?<=[^\s\\])\\?"(?!")(?![^\W{EAST_ASIAN}])'
)
_QUOTED_INSIDE = re.compile(r"(?<![\w'])\\?'(?=\S)([^']{1,500}?)(?<=[^\s\\])'(?![\w'])")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=\w)'(?!\w)|(?<!\w)'(?=\d\d(?!\d))")


_LONGEST_REMEMBERED = 2_000
"""Characters of a text that is kept with what it became; most texts are paragraphs."""


def typeset(text: str, spoken: str | Language) -> str:
    """``text`` as the language ``spoken`` sets it: spaces, quotation marks, apostrophes.

    ``text`` may be Markdown. Web addresses, e-mail addresses, times and code stay as they
    were. A quotation mark without its partner is left alone, as in 5".

    Raises `InputError` where a rule of the language loses what stays as it is.
    """
    return _typeset(text, language(spoken) if isinstance(spoken, str) else spoken)


def typeset_body(text: str, spoken: str | Language) -> str:
    """The same for each paragraph of ``text``, which are what blank lines divide.

    A quotation, code and the title of a link end with their paragraph: a mark whose
    partner stands in another paragraph is left alone.
    """
    rules = language(spoken) if isinstance(spoken, str) else spoken
    return "\n\n".join([_typeset(paragraph, rules) for paragraph in text.split("\n\n")])


def _typeset(text: str, rules: Language) -> str:
    if len(text) > _LONGEST_REMEMBERED:
        return _set(text, rules)
    return _remembered(text, rules)


@lru_cache(maxsize=2048)
def _remembered(text: str, rules: Language) -> str:
    return _set(text, rules)


def _set(text: str, rules: Language) -> str:
    kept: list[str] = []
    if _MAY_BE_KEPT.search(text):
        kept = [match[0] for match in _KEPT.finditer(text)]
        text = _KEPT.sub(_MARK, text)
    opening, closing, inner_opening, inner_closing = rules.quotes
    if '"' in text:
        text = _QUOTED.sub(lambda match: f"{opening}{match[1]}{closing}", text)
    if "'" in text:
        text = _QUOTED_INSIDE.sub(lambda m: f"{inner_opening}{m[1]}{inner_closing}", text)
        text = _APOSTROPHE.sub(rules.apostrophe or "'", text)
    signs = set(text)
    for rule in rules.typography:
        if rule.only_with and rule.only_with.isdisjoint(signs):
            continue
        if rule.find.search(text):
            text = _applied(rule, text, rules)
            signs = set(text)
    restored = iter(kept)
    return re.sub(_MARK, lambda _: next(restored), text) if kept else text


def _applied(rule: Rule, text: str, rules: Language) -> str:
    changed = rule.find.sub(rule.put, text)
    if changed.count(_MARK) != text.count(_MARK):
        raise InputError.of(
            "a rule of typography takes away or doubles what it must leave alone",
            path=rules.path,
            key="typography.find",
            expected="U+E000, which stands for a web address, a time or code, in look-around only",
            found=repr(rule.find.pattern)[:100],
        )
    return changed


def direction(text: str) -> str:
    """``ltr`` or ``rtl``: that of the first letter that has one.

    Source: Unicode Standard Annex #9, rule P2.
    """
    for char in text:
        if (kind := bidirectional(char)) in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"
