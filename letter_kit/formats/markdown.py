"""Markdown: the letter as a text that any program shows."""

from letter_kit.formats.framing import fill_frame
from letter_kit.frames import Frame
from letter_kit.layout import Layout
from letter_kit.merging.escaping import escape_markdown
from letter_kit.models import Document, Letter

__all__ = ["render"]


def render(letter: Letter, frame: Frame, layout: Layout) -> Document:
    """The letter as CommonMark; the layout has no part in it."""
    from markupsafe import Markup

    text = fill_frame(frame, "letter.md.j2", escape_markdown, letter, body=Markup(letter.body))
    return Document(text.encode(), "text/markdown; charset=utf-8", ".md")
