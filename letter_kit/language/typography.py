"""The typography of a language: its spaces, quotation marks and apostrophes."""

import re

from letter_kit.language.tables import language

__all__ = ["typeset"]

_KEPT = re.compile(
    r"""
      (?:https?://|www\.) [^\s<>]* [^\s<>.,;:!?…'"“”«»’)\]]      # web addresses
    | [\w.+-]+ @ [\w-]+ (?:\.[\w-]+)+                             # e-mail addresses
    | (?<=\]) \( [^()\s]* (?:\s+"[^"]*")? \)                      # where a Markdown link leads
    | <[^<>\s]+>                                                  # the same without words
    | `[^`]*`                                                     # code
    | &\#?\w{1,9};                                                # entities
    | (?<!\d) \d{1,2} : \d{2} (?: : \d{2})? (?!\d)                # times
    | \ue000                                                      # our own mark
    """,
    re.VERBOSE,
)
"""What typography leaves as it is."""
_MARK = "\ue000"
_QUOTED = re.compile(r'(?<![\w"])\\?"(?=\S)([^"]{1,1000}?)(?<=[^\s\\])\\?"(?![\w"])')
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
