"""The typography of a language: its spaces, quotation marks and apostrophes."""

import re
from unicodedata import bidirectional

from letter_kit.language.tables import language
from letter_kit.writing import ADDRESS, EAST_ASIAN

__all__ = ["direction", "typeset"]

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
_MARK = "\ue000"
# No letter stands beside the outer side of a quotation mark, but an East Asian one may.
_QUOTED = re.compile(
    rf'(?<![^\W{EAST_ASIAN}])(?<!")\\?"(?=\S)([^"]{{1,1000}}?)(?<=[^\s\\])\\?"(?!")(?![^\W{EAST_ASIAN}])'
)
_QUOTED_INSIDE = re.compile(r"(?<![\w'])\\?'(?=\S)([^']{1,500}?)(?<=[^\s\\])'(?![\w'])")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=\w)'(?!\w)|(?<!\w)'(?=\d\d(?!\d))")


def typeset(text: str, code: str) -> str:
    """``text`` as the language ``code`` sets it: spaces, quotation marks, apostrophes.

    ``text`` may be Markdown. Web addresses, e-mail addresses, times and code stay as they
    were. A quotation mark without its partner is left alone, as in 5".
    """
    rules = language(code)
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return _MARK

    text = _KEPT.sub(keep, text)
    opening, closing, inner_opening, inner_closing = rules.quotes
    if '"' in text:
        text = _QUOTED.sub(lambda match: f"{opening}{match[1]}{closing}", text)
    if "'" in text:
        text = _QUOTED_INSIDE.sub(lambda m: f"{inner_opening}{m[1]}{inner_closing}", text)
        text = _APOSTROPHE.sub(rules.apostrophe or "'", text)
    for pattern, replacement in rules.typography:
        text = pattern.sub(replacement, text)
    restored = iter(kept)
    return re.sub(_MARK, lambda _: next(restored), text)


def direction(text: str) -> str:
    """``ltr`` or ``rtl``: that of the first letter that has one.

    Source: Unicode Standard Annex #9, rule P2.
    """
    for char in text:
        if (kind := bidirectional(char)) in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"
