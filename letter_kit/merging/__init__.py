"""Merging: a campaign's text and the merge context become a letter, in a strict sandbox.

Values from people are data: they are escaped for what they are put into, and never
rendered again. A campaign's own text is trusted to be Markdown, and never to be code.
"""

from letter_kit.merging.composing import compose_letter
from letter_kit.merging.environment import FrameEnvironment, TextEnvironment
from letter_kit.merging.escaping import escape_html, escape_markdown
from letter_kit.merging.merge import MergedText, check_text, merge_text

__all__ = [
    "FrameEnvironment",
    "MergedText",
    "TextEnvironment",
    "check_text",
    "compose_letter",
    "escape_html",
    "escape_markdown",
    "merge_text",
]
