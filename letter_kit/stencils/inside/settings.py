"""Lines of text, laid out and drawn anew with other texts."""

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
from letter_kit.stencils.inside.walking import in_flow, texts_of

__all__ = ["Before", "Drawn", "Found", "Setting"]

_EQUAL = 1e-6
_MOST_KEPT = 16
"""Drawings of a block; those of all blocks of a stencil are used for the next one."""
_MOST_LINES = 3
"""Kinds of lines in a block: of its own font, and higher ones with letters of another."""
_PLAIN = re.compile(r" ?[^ \t\n\r\f]+(?: [^ \t\n\r\f]+)* ?")
"""A text that the processing of white space leaves as it is."""


class Drawn(NamedTuple):
    """Lines as they were drawn: PDF operators that depend on nothing before them."""

    operators: Operators
    needs: frozenset[Need]
    left: float
    right: float
    """The edges of its lines, in CSS pixels from the page's left edge."""
    height: float
    """In CSS pixels."""


class Before(NamedTuple):
    """A block before it is laid out: its line, and the texts' places by their boxes."""

    line: Any
    indexes: dict[Any, int]


class Found(NamedTuple):
    """A block that may take other texts: as it was laid out, and before."""

    box: Any
    before: Before


class _Laid(NamedTuple):
    """What WeasyPrint made of texts."""

    drawn: Drawn
    items: list[bytes | int]
    lines: Sequence[Any]


class Setting:
    """The lines of a block as they were painted; they can be set with other texts.

    In their place, lines must come out as high as they were. In a column (`for_column`) they
    are drawn from the page's top edge, as high as they come out.
    """

    def __init__(self, found: Found, page: Any, context: Any, faces: Faces) -> None:
        self._box, self._before = found.box, found.before
        self._page, self._context, self._faces = page, context, faces
        self._places = tuple(found.before.indexes.values())
        self._lines = tuple(found.box.children)
        first, last = self._lines[0], self._lines[-1]
        self.top, self.bottom = float(first.position_y), float(last.position_y + last.height)
        self.merged, self.runs = _merged(self._lines)
        self._structure = _structure(self.merged)
        self._from: float | None = None  # in a column, where lines are drawn from
        self._kept: dict[tuple[str, ...], Drawn | None] = {}
        self._at_once: list[tuple[Line, Drawn]] = []
        """Lines that Pango may set, with a drawing of each."""

    def painted(self, items: Sequence[Any], needs: frozenset[Need], texts: Sequence[str]) -> None:
        """Take ``items`` for what the block's own ``texts`` look like."""
        said = _items(items, self.runs)
        left = min(line.position_x for line in self._lines)
        right = max(line.position_x + line.width for line in self._lines)
        drawn = Drawn(Operators.of(said), needs, left, right, self.bottom - self.top)
        self._own, self._own_laid = tuple(texts), _Laid(drawn, said, self._lines)

    def for_column(self, others: Sequence["Setting"]) -> "Setting | None":
        """The lines, drawn from the page's top edge, as high as they come out.

        ``others`` are in the column already; what draws one of them may draw this one too.
        """
        moved = copy(self)
        moved._kept, moved._at_once, moved._from = {}, [], 0.0
        painted = self._own_laid.drawn
        for other in others:
            if other._is_kin(self) and (drawn := other._drawn_at_once(self._own)):
                if not _alike(drawn, painted):
                    break
                moved._own_laid = self._own_laid._replace(drawn=drawn)
                moved._at_once = other._at_once
                return moved
        laid = moved._laid(self._own)
        if laid is None or not _alike(laid.drawn, painted):
            return None
        moved._own_laid = laid
        moved._learn(self._own, laid)
        return moved

    def _is_kin(self, other: "Setting") -> bool:
        """Whether both have one line of one text in the same style, one below the other."""
        return _kind(self._box, self._lines) == _kind(other._box, other._lines)

    def draw(self, texts: tuple[str, ...]) -> Drawn | None:
        """The lines with ``texts``, or ``None`` where they do not fit."""
        if texts == self._own:
            return self._own_laid.drawn
        if texts not in self._kept:
            drawn = self._drawn(texts) if self._is_sound else None
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[texts] = drawn
        return self._kept[texts]

    @cached_property
    def _is_sound(self) -> bool:
        """Whether setting the lines by themselves gives what stands on the page."""
        if self._from is not None or self._learn(self._own, self._own_laid):
            return True
        laid, own = self._laid(self._own), self._own_laid.drawn
        return laid is not None and laid.drawn[:2] == own[:2] and _alike(laid.drawn, own)

    def _learn(self, texts: Sequence[str], laid: _Laid) -> bool:
        """Have Pango set such lines from now on, if that gives what was drawn."""
        if len(laid.lines) != 1 or len(texts) != 1 or len(self._at_once) >= _MOST_LINES:
            return False
        line = set_in_one(laid.lines[0], self._box, laid.items, self._faces)
        at_once = line and line.with_text(texts[0])
        if not line or not at_once or (at_once.operators, at_once.needs) != laid.drawn[:2]:
            return False
        self._at_once.append((line, laid.drawn))
        return True

    def _drawn_at_once(self, texts: Sequence[str]) -> Drawn | None:
        for line, like in self._at_once if _PLAIN.fullmatch(texts[0]) else ():
            if new := line.with_text(texts[0]):
                return like._replace(operators=new.operators, needs=new.needs, right=new.right)
        return None

    def _drawn(self, texts: Sequence[str]) -> Drawn | None:
        try:
            if drawn := self._drawn_at_once(texts):
                return drawn
        except Misfit:
            if self._from is None:
                return None
        laid = self._laid(texts)
        if laid and self._from is not None:
            self._learn(texts, laid)
        return laid and laid.drawn

    def _laid(self, texts: Sequence[str]) -> _Laid | None:
        """The lines, laid out and drawn by WeasyPrint."""
        if (line := self._line(dict(zip(self._places, texts, strict=True)))) is None:
            return None
        top = self.top if self._from is None else self._from
        lines = [
            new
            for new, _ in iter_line_boxes(
                self._context, line, top, -inf, None, self._box, [], [], None, None
            )
        ]
        if not lines:
            return None
        height = lines[-1].position_y + lines[-1].height - top
        if self._from is None and abs(height - (self.bottom - self.top)) > _EQUAL:
            if len(lines) == 1 and self._at_once:
                self._at_once[0][0].remember_misfit(texts[0])
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
        items = _items(stream.stream, runs)
        left = min(new.position_x for new in lines)
        right = max(new.position_x + new.width for new in lines)
        drawn = Drawn(Operators.of(items), self._faces.needs(), left, right, height)
        return _Laid(drawn, items, lines)

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


def _kind(box: Any, lines: Sequence[Any]) -> object:
    """What lines of one text have in common where Pango sets them the same way."""
    texts = [text for line in lines for text in texts_of(line)]
    if len(lines) != 1 or len(texts) != 1:
        return object()
    (text,) = texts
    inner, styles = lines[0], [id(box.style)]
    while inner is not text:
        (inner,) = inner.children
        styles.append(id(inner.style if inner is not text else text.style.parent_style))
    return box.content_box_x(), box.width, text.position_x, text.baseline, *styles


def _alike(one: Drawn, other: Drawn) -> bool:
    """Whether two drawings have the same edges."""
    return all(abs(a - b) < _EQUAL for a, b in zip(one[2:], other[2:], strict=True))


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
