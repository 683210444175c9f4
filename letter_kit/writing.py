"""Writing: which characters are East Asian, and where a web or e-mail address stands."""

import re

__all__ = ["ADDRESS", "EAST_ASIAN", "is_east_asian"]

EAST_ASIAN = (
    "\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
"""Chinese, Japanese and Korean with their signs, as the ranges of a regular expression."""
ADDRESS = re.compile(
    rf"""
      (?:https?://|www\.) [^\s<>{EAST_ASIAN}]*
      [^\s<>.,;:!?…'"“”«»’)\]{EAST_ASIAN}]
    | (?<![A-Za-z0-9._%+-]) [A-Za-z0-9._%+-]{{1,64}} @
      [A-Za-z0-9-]{{1,63}} (?:\.[A-Za-z0-9-]{{1,63}})+
    """,
    re.VERBOSE,
)
"""A web or an e-mail address in running text, without the sign that ends its sentence."""
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")


def is_east_asian(char: str) -> bool:
    """Whether the character belongs to Chinese, Japanese or Korean writing."""
    return _EAST_ASIAN.match(char) is not None
