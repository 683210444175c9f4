"""Values made literal for the text that they are put into."""

import re
from html import escape

__all__ = ["escape_html", "escape_markdown", "plain"]

# What Markdown (CommonMark 0.31 and the GitHub tables and strikethrough) would take for
# markup wherever it stands. A character that is literal where it stands is left alone, so
# that the Markdown stays readable: O'Brien, jean_dupont@example.org, C#.
_ANYWHERE = re.compile(
    r"""
      [\\`*\[\]<|~]
    | &(?=[#A-Za-z]|$)              # would begin an entity
    | !(?=\[|$)                     # would begin a picture
    | (?<![^\W_])_ | _(?![^\W_])    # inside a word it is literal
    | (?:^|(?<=\s))\#               # a heading, or the end of one
    | (?<=\s)["']                   # the title of a link, where a value is its address
    """,
    re.VERBOSE,
)
_MAY_BE_MARKUP = re.compile(r"""[\\`*\[\]<|~&!_\#"'()\n] | ^[-+=>.\d\s]""", re.VERBOSE)
"""A sign without which nothing is escaped, as in most names."""
# What is markup only where a line begins, as a value may begin it.
_AT_THE_START = re.compile(r"[-+=>(.)]|\d{1,9}(?=[.)])")


def escape_markdown(value: str) -> str:
    """``value`` as Markdown that reads as ``value``, wherever it is put.

    A line break stays one (a hard line break).
    """
    if not _MAY_BE_MARKUP.search(value):
        return value
    return "\\\n".join(map(_escape_line, value.split("\n")))


def _escape_line(line: str) -> str:
    line = re.sub(r"^\s+", " ", line)  # four spaces would begin a block of code
    start = _AT_THE_START.match(line)
    escaped = _ANYWHERE.sub(lambda match: "\\" + match[0], line)
    if start:
        # None of the characters up to here was escaped above.
        digits = len(start[0]) if start[0].isdigit() else 0
        escaped = f"{escaped[:digits]}\\{escaped[digits:]}"
    return _escape_unmatched_parentheses(escaped)


def _escape_unmatched_parentheses(line: str) -> str:
    """A closing parenthesis without its opening one would end the address of a link."""
    depth = 0
    parts = []
    for index, char in enumerate(line):
        if char == "(":
            depth += 1
        elif char == ")" and line[index - 1 : index] != "\\":
            if depth == 0:
                parts.append("\\")
            depth = max(0, depth - 1)
        parts.append(char)
    return "".join(parts)


def escape_html(value: str) -> str:
    """``value`` as HTML text, safe in attributes in quotes as well."""
    return escape(value, quote=True).replace("\n", "<br>")


def plain(value: str) -> str:
    """``value`` as it is, for texts without markup, such as the subject."""
    return value
