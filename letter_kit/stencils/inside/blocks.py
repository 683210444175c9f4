"""Blocks of lines, laid out and drawn anew with other texts in the place that they have."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from math import inf
from typing import Any, NamedTuple

import pydyf
from weasyprint.draw import draw_inline_level
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.inline import iter_line_boxes

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.surprise import Surprise

__all__ = ["Before", "Block", "Drawn", "every_box", "texts_of"]

_PLAIN = re.compile(r" ?[^ \t\n\r\f]+(?: [^ \t\n\r\f]+)* ?")
"""A text that the processing of white space leaves as it is."""


class Drawn(NamedTuple):
    """A block as it was drawn: PDF operators that depend on nothing before them."""

    content: bytes
    needs: frozenset[Need]
    left: float
    right: float
    """The edges of its lines, in CSS pixels from the page's left edge."""


class Before(NamedTuple):
    """A block before it is laid out: its line, and the texts' places by their boxes."""

    line: Any
    indexes: dict[Any, int]


class Block:
    """Lines of text in their place on a page; other texts may be put there.

    ``indexes`` are the places of its texts among those of the document.
    """

    def __init__(
        self, box: Any, before: Before, page: Any, is_first: bool, context: Any, faces: Faces
    ) -> None:
        self._is_first = is_first
        self.indexes = self._places = tuple(before.indexes.values())
        self.first_mark = 0
        """The number of its first piece of marked content."""
        self._box, self._page, self._context, self._faces = box, page, context, faces
        self._before = before
        first, last = box.children[0], box.children[-1]
        self._top, self._bottom = first.position_y, last.position_y + last.height
        self.merged, self.runs = _merged(box.children)
        self._structure = _structure(self.merged)

    def touches(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether it stands in that part of the first page."""
        box = self._box
        return (
            self._is_first
            and self._top < bottom
            and self._bottom > top
            and box.position_x < right
            and box.position_x + box.margin_width() > left
        )

    def shifted(self, marks: int) -> "Block":
        """The block, its marked content counted from another number."""
        moved = copy(self)
        moved.first_mark += marks
        return moved

    def at(self, indexes: Mapping[int, int]) -> "Block":
        """The block, its texts at other places of the document."""
        moved = copy(self)
        moved.indexes = tuple(indexes[index] for index in self.indexes)
        return moved

    @property
    def marks(self) -> int:
        """How many pieces of marked content it has."""
        return self.runs[-1] + 1

    def draw(self, texts: Sequence[str]) -> Drawn | None:
        """The block with ``texts`` (those at its `indexes`), or ``None`` where they do not fit.

        They fit where the block is as high as it was, so that nothing else on the page moves.
        """
        if (line := self._line(dict(zip(self._places, texts, strict=True)))) is None:
            return None
        lines = [
            new
            for new, _ in iter_line_boxes(
                self._context, line, self._top, -inf, None, self._box, [], [], None, None
            )
        ]
        if not lines or abs(lines[-1].position_y + lines[-1].height - self._bottom) > 1e-6:
            return None
        merged, runs = _merged(lines)
        if _structure(merged) != self._structure:
            return None
        stream = self._faces.stream()
        for new in lines:
            layout_box_backgrounds(self._page, new, self._context.get_image_from_uri)
            draw_inline_level(stream, self._page, new)
        if stream._images or b"BMC" in stream.stream or self._faces.lack():
            return None
        return Drawn(
            _operators(stream.stream, runs, self.first_mark),
            self._faces.needs(),
            min(new.position_x for new in lines),
            max(new.position_x + new.width for new in lines),
        )

    def _line(self, texts: Mapping[int, str]) -> Any:
        """The line before it is laid out, with other texts, or ``None``."""

        def replaced(box: Any) -> Any:
            if isinstance(box, boxes.TextBox):
                text = texts.get(self._before.indexes.get(box, -1))
                if text is None:
                    return box.copy()
                alike = text[0] == " ", text[-1:] == " "
                if not _PLAIN.fullmatch(text) or alike != (box.text[0] == " ", box.text[-1] == " "):
                    raise Surprise("a text with other white space")
                return box.copy_with_text(text)
            return box.copy_with_children([replaced(child) for child in _in_flow(box)])

        try:
            return replaced(self._before.line)
        except (Surprise, IndexError):
            return None


def _merged(lines: Sequence[Any]) -> tuple[Any, list[int]]:
    """The lines as one, pieces of the same box joined; for each text, which of them it is in."""
    texts: list[Any] = []
    run_of: dict[Any, int] = {}

    def joined(those: list[Any], more: Sequence[Any]) -> list[Any]:
        for child in more:
            last: Any = those[-1] if those else None
            same = last is not None and type(last) is type(child)
            same = same and (last.element, last.element_tag) == (child.element, child.element_tag)
            if isinstance(child, boxes.TextBox):
                if same:
                    run_of[child] = run_of[last]
                    continue
                run_of[child] = len(texts)
                texts.append(child)
                those.append(child)
            elif isinstance(child, boxes.InlineBox):
                if same:
                    last.children = joined(list(last.children), child.children)
                else:
                    those.append(child.copy_with_children(joined([], child.children)))
            else:
                those.append(child)
        return those

    children: list[Any] = []
    for line in lines:
        children = joined(children, line.children)
    return lines[0].copy_with_children(children), list(run_of.values())


def _structure(box: Any) -> object:
    """The nesting of a merged line, which its structure elements follow."""
    if isinstance(box, boxes.TextBox):
        return "text"
    return box.element_tag, *[_structure(child) for child in _in_flow(box)]


def _operators(items: Sequence[Any], runs: Sequence[int], first: int) -> bytes:
    """The operators of a stream, each run of texts one piece of marked content."""
    said: list[bytes] = []
    open_run = None
    for place, item in enumerate(items):
        if isinstance(item, pydyf.Dictionary) and "MCID" in item:
            run = runs[item["MCID"]]
            said.pop()  # the tag
            if run == open_run and said[-1] == b"EMC":
                said.pop()
            else:
                said += [b"/Span", b"<</MCID %d>>" % (first + run), b"BDC"]
            open_run = run
        elif item == b"BDC" and isinstance(items[place - 1], pydyf.Dictionary):
            continue
        else:
            said.append(pydyf._to_bytes(item))
    return b"\n".join(said)


def every_box(box: Any) -> Iterator[Any]:
    """The box and all boxes in it, in the order of the document."""
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    yield box
    if isinstance(box, boxes.ParentBox):
        for child in box.children:
            yield from every_box(child)


def texts_of(box: Any) -> Iterator[Any]:
    return (inner for inner in every_box(box) if isinstance(inner, boxes.TextBox))


def _in_flow(box: Any) -> list[Any]:
    """The children of an inline box or a line that stand in it, and are not positioned."""
    return [
        child
        for child in box.children
        if not isinstance(child, AbsolutePlaceholder) and child.is_in_normal_flow()
    ]
