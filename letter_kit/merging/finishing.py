"""What was merged, looked through, tidied and set: paragraph by paragraph.

Many bodies, and most paragraphs of the others, are the same in many letters: they are kept with
what became of them.
"""

import re
from functools import lru_cache

from letter_kit.language import Language, typeset_body
from letter_kit.reading import control_character

__all__ = ["finished_body", "stray_in"]

_NO_PLACE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""The characters that `control_character` names; searching for them all is as quick as for one."""
_LONGEST_REMEMBERED = 2_000
"""Characters of a paragraph that is kept."""
_LONGEST_BODY_REMEMBERED = 8_000


def finished_body(body: str, rules: Language) -> tuple[str, str | None]:
    """The body without spaces and blank lines too many, as the language sets it.

    With it the name of a character that has no place in it, or ``None``.
    """
    if len(body) > _LONGEST_BODY_REMEMBERED:
        return _made_body(body, rules)
    return _remembered_body(body, rules)


@lru_cache(maxsize=768)
def _remembered_body(body: str, rules: Language) -> tuple[str, str | None]:
    return _made_body(body, rules)


def _made_body(body: str, rules: Language) -> tuple[str, str | None]:
    text = body.strip()
    begins = len(body) - len(body.lstrip())
    around = body[:begins] + body[begins + len(text) :]
    if "  \n" in text:  # a line break of Markdown, which may stand before a blank line
        return typeset_body(_tidy(text), rules), stray_in(body)
    stray = stray_in(around)
    paragraphs = []
    for paragraph in text.split("\n\n"):
        looked_up = len(paragraph) <= _LONGEST_REMEMBERED
        finished, found = (_remembered if looked_up else _made)(paragraph, rules)
        stray = stray or found
        if finished:
            paragraphs.append(finished)
    return "\n\n".join(paragraphs), stray


def stray_in(text: str) -> str | None:
    """The name of the first character that has no place in a text, or ``None``."""
    return _looked_through(text) if len(text) <= _LONGEST_REMEMBERED else _stray(text)


@lru_cache(maxsize=2048)
def _looked_through(text: str) -> str | None:
    return _stray(text)


def _stray(text: str) -> str | None:
    if not _NO_PLACE.search(text):
        return None
    return control_character(text, multiline=True, formats=True)


@lru_cache(maxsize=2048)
def _remembered(paragraph: str, rules: Language) -> tuple[str, str | None]:
    return _made(paragraph, rules)


def _made(paragraph: str, rules: Language) -> tuple[str, str | None]:
    return typeset_body(_tidy(paragraph), rules), _stray(paragraph)


def _tidy(text: str) -> str:
    """Without blank lines at the ends, and never more than one between paragraphs."""
    lines: list[str] = []
    for line in text.split("\n"):
        stripped = line.rstrip() if not line.endswith("  ") else line
        if stripped.strip() or (lines and lines[-1].strip()):
            lines.append(stripped)
    if lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)
