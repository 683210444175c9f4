"""What merging makes."""

from dataclasses import dataclass

__all__ = ["MergedText"]


@dataclass(frozen=True, slots=True)
class MergedText:
    """What the campaign's text became for one recipient. The body is Markdown."""

    subject: str
    body: str
    enclosures: tuple[str, ...]
