"""Blocks of lines, laid out and drawn anew with other texts in the place that they have."""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import pydyf
from weasyprint.draw import draw_inline_level
from weasyprint.formatting_structure import boxes
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.inline import iter_line_boxes

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.lines import Line, Misfit, set_in_one
from letter_kit.stencils.inside.operators import Operators, is_mark
from letter_kit.stencils.inside.surprise import Surprise
from letter_kit.stencils.inside.walking import in_flow

__all__ = ["Before", "Block", "Drawn", "Found"]

_EQUAL = 1e-6
_MOST_KEPT = 16
"""Drawings of a block; those of all blocks of a stencil are used for the next one."""

_PLAIN = re.compile(r" ?[^ \t\n\r\f]+(?: [^ \t\n\r\f]+)* ?")
"""A text that the processing of white space leaves as it is."""


class Drawn(NamedTuple):
    """A block as it was drawn: PDF operators that depend on nothing before them."""

    operators: Operators
    needs: frozenset[Need]
    left: float
    right: float
    """The edges of its lines, in CSS pixels from the page's left edge."""


class Before(NamedTuple):
    """A block before it is laid out: its line, and the texts' places by their boxes."""

    line: Any
    indexes: dict[Any, int]


class Found(NamedTuple):
    """A block that may take other texts: as it was laid out, and before."""

    box: Any
    before: Before


class _Setting:
    """A block as it was painted; it can be laid out and drawn with other texts."""

    def __init__(self, found: Found, page: Any, context: Any, faces: Faces) -> None:
        self._box, self._before = found.box, found.before
        self._page, self._context, self._faces = page, context, faces
        self._places = tuple(found.before.indexes.values())
        lines = found.box.children
        self.top, self.bottom = lines[0].position_y, lines[-1].position_y + lines[-1].height
        self._left = min(line.position_x for line in lines)
        self._right = max(line.position_x + line.width for line in lines)
        self.merged, self.runs = _merged(lines)
        self._structure = _structure(self.merged)
        self._lines = tuple(lines)
        self._at_once: Line | None = None

    def painted(self, items: Sequence[Any], needs: frozenset[Need], texts: Sequence[str]) -> None:
        """Take ``items`` for what the block's own ``texts`` look like."""
        self._own = tuple(texts)
        self._items = _items(items, self.runs)
        drawn = Drawn(Operators.of(self._items), needs, self._left, self._right)
        self._kept: dict[tuple[str, ...], Drawn | None] = {}
        self._own_drawn = drawn

    def draw(self, texts: tuple[str, ...]) -> Drawn | None:
        if texts == self._own:
            return self._own_drawn
        if texts not in self._kept:
            try:
                drawn = self._drawn_at_once(texts) or self._drawn(texts) if self._is_sound else None
            except Misfit:
                drawn = None
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[texts] = drawn
        return self._kept[texts]

    @cached_property
    def _is_sound(self) -> bool:
        """Whether setting the block by itself gives what stands on the page."""
        own = self._own_drawn
        if len(self._lines) == 1 and len(self._own) == 1:
            line = set_in_one(self._lines[0], self._box, self._items, self._faces)
            at_once = line and line.with_text(self._own[0])
            if at_once and (at_once.operators, at_once.needs) == own[:2]:
                self._at_once = line
                return True
        drawn = self._drawn(self._own)
        return (
            drawn is not None
            and drawn[:2] == own[:2]
            and abs(drawn.left - own.left) < _EQUAL
            and abs(drawn.right - own.right) < _EQUAL
        )

    def _drawn_at_once(self, texts: Sequence[str]) -> Drawn | None:
        if self._at_once is None or not _PLAIN.fullmatch(texts[0]):
            return None
        if (line := self._at_once.with_text(texts[0])) is None:
            return None
        return Drawn(line.operators, line.needs, self._left, line.right)

    def _drawn(self, texts: Sequence[str]) -> Drawn | None:
        """The block, laid out and drawn by WeasyPrint."""
        if (line := self._line(dict(zip(self._places, texts, strict=True)))) is None:
            return None
        lines = [
            new
            for new, _ in iter_line_boxes(
                self._context, line, self.top, -inf, None, self._box, [], [], None, None
            )
        ]
        if not lines or abs(lines[-1].position_y + lines[-1].height - self.bottom) > _EQUAL:
            if len(lines) == 1 and self._at_once is not None:
                self._at_once.remember_misfit(texts[0])
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
            Operators.of(_items(stream.stream, runs)),
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
            return box.copy_with_children([replaced(child) for child in in_flow(box)])

        try:
            return replaced(self._before.line)
        except (Surprise, IndexError):
            return None


class Block:
    """Lines of text in their place on a page; other texts may be put there.

    ``indexes`` are the places of its texts among those of the document, and ``first_mark`` is
    the number of its first piece of marked content.
    """

    def __init__(self, found: Found, page: Any, is_first: bool, context: Any, faces: Faces) -> None:
        self.indexes = tuple(found.before.indexes.values())
        self.first_mark = 0
        self.box = found.box
        self._is_first = is_first
        self._setting = _Setting(found, page, context, faces)

    def painted(self, items: Sequence[Any], needs: frozenset[Need], texts: Sequence[str]) -> None:
        """Take ``items`` for what the block's own ``texts`` look like."""
        self._setting.painted(items, needs, texts)

    def draw(self, texts: Sequence[str]) -> Drawn | None:
        """The block with ``texts`` (those at its `indexes`), or ``None`` where they do not fit.

        They fit where the block is as high as it was, so that nothing else on the page moves.
        """
        return self._setting.draw(tuple(texts))

    def touches(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether it stands in that part of the first page."""
        box = self.box
        return (
            self._is_first
            and self.top < bottom
            and self.bottom > top
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
    def top(self) -> float:
        """Where its first line begins, in CSS pixels from the page's top edge."""
        return float(self._setting.top)

    @property
    def bottom(self) -> float:
        """Where its last line ends."""
        return float(self._setting.bottom)

    @property
    def merged(self) -> Any:
        """Its lines as one, whose texts are the pieces of marked content."""
        return self._setting.merged

    @property
    def marks(self) -> list[int]:
        """The numbers of its pieces of marked content, counted from 0."""
        return sorted(set(self._setting.runs))


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
    return box.element_tag, *[_structure(child) for child in in_flow(box)]


def _items(items: Sequence[Any], runs: Sequence[int]) -> list[bytes | int]:
    """The operators of a stream, each run of texts one piece of marked content."""
    said: list[bytes | int] = []
    first = next((item["MCID"] for item in items if is_mark(item)), 0)
    open_run = None
    for place, item in enumerate(items):
        if is_mark(item):
            run = runs[item["MCID"] - first]
            said.pop()  # the tag
            if run == open_run and said[-1] == b"EMC":
                said.pop()
            else:
                said += [b"/Span", run, b"BDC"]
            open_run = run
        elif item == b"BDC" and is_mark(items[place - 1]):
            continue
        else:
            said.append(pydyf._to_bytes(item))
    return said
