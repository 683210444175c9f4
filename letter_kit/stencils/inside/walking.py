"""The boxes of a page, one by one."""

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

__all__ = ["every_box", "in_flow", "texts_of"]


def every_box(box: Any) -> Iterator[Any]:
    """The box and all boxes in it, in the order of the document."""
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    yield box
    if isinstance(box, boxes.ParentBox):
        for child in box.children:
            yield from every_box(child)


def texts_of(box: Any) -> Iterator[Any]:
    """The boxes of text in a box."""
    return (inner for inner in every_box(box) if isinstance(inner, boxes.TextBox))


def in_flow(box: Any) -> list[Any]:
    """The children of an inline box or a line that stand in it, and are not positioned."""
    return [
        child
        for child in box.children
        if not isinstance(child, AbsolutePlaceholder) and child.is_in_normal_flow()
    ]
