"""What merging makes."""

from typing import NamedTuple

__all__ = ["MergedText"]


class MergedText(NamedTuple):
    """What the campaign's text became for one recipient. The body is Markdown."""

    subject: str
    body: str
