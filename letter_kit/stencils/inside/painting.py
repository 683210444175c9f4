"""A page as it is painted: its blocks, what is between them, and the parts that stand alone."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from weasyprint import draw

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.blocks import Block
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.operators import Operators, is_mark
from letter_kit.stencils.inside.regions import Painted, Slot
from letter_kit.stencils.inside.standing import Standing
from letter_kit.stencils.inside.surprise import Surprise
from letter_kit.stencils.inside.walking import texts_of

__all__ = ["SLOT", "Painter"]

SLOT = "Slot"
"""The structure element that keeps the place of a part."""
_NO_SLOTS: Mapping[int, tuple[int, Slot]] = {}
_OWN_TO_A_PAGE = (b" Do", b" sh", b" scn", b" SCN")
"""How operators end that name what is among the resources of one page."""


class Painter:
    """Paints a page in WeasyPrint's place, and keeps what is drawn in pieces.

    ``parts`` stand alone on the page; what is drawn of them is kept by itself. ``holes`` tells
    the blocks in a stream, with where they begin and end in it.
    """

    def __init__(
        self,
        leaf: Any,
        parts: Sequence[Standing],
        faces: Faces,
        holes: Callable[[Any], Iterable[tuple[int, int, Block]]],
    ) -> None:
        self._leaf, self._standing = leaf, parts
        self._faces, self._holes = faces, holes
        self.stream: Any = None
        self.resources: Any = None
        self.around: Painted
        self.parts: list[Painted] = []
        self._paint = leaf.paint
        leaf.paint = self.paint

    def paint(self, stream: Any, scale: float) -> None:
        """Draw the page, and leave the stream empty: its content is in `around` and `parts`."""
        self.stream, self.resources = stream, stream._resources
        stream._fonts = self._faces
        self._faces.shown()
        with _spans_of([part.box.element for part in self._standing], stream) as spans:
            self._paint(stream, scale)
        if len(spans) != len(self._standing):
            raise Surprise("a part was not drawn, or drawn twice")
        shown = self._faces.shown()
        holes = {start: (end, block) for start, end, block in self._holes(stream)}
        cutter = _Cutter(stream, holes, self._faces, shown)
        of_parts = [spans[part.box.element] for part in self._standing]
        if any(map(cutter.is_bound, of_parts)):
            raise Surprise("a part uses what belongs to its page")
        self.parts = [
            cutter.painted(part.box, *span)
            for part, span in zip(self._standing, of_parts, strict=True)
        ]
        slots = {start: (end, Slot(number)) for number, (start, end) in enumerate(of_parts)}
        self.around = cutter.painted(self._leaf._page_box, 0, len(stream.stream), slots)
        stream._tags.clear()
        stream._tags.update({box: dict(tag) for box, tag in self.around.tags.items()})
        for number, part in enumerate(self._standing):
            kept = next(texts_of(part.box)).copy()
            stream._tags[kept] = {"tag": SLOT, "mcid": self.around.marks + number}
            part.placeholder.set_laid_out_box(part.box.copy_with_children([kept]))
        stream.stream.clear()


@contextmanager
def _spans_of(elements: Sequence[Any], stream: Any) -> Iterator[dict[Any, tuple[int, int]]]:
    """Where the elements begin and end in the stream, once they are drawn.

    Each is drawn as if nothing had been drawn before it.
    """
    spans: dict[Any, tuple[int, int]] = {}
    real = draw.draw_stacking_context

    def draw_stacking_context(to: Any, context: Any) -> None:
        if context.box.element not in elements or to is not stream:
            return real(to, context)
        to._current_color = to._current_color_stroke = None
        to._current_alpha = to._current_alpha_stroke = None
        to._current_font = None
        start = len(to.stream)
        real(to, context)
        spans[context.box.element] = start, len(to.stream)
        return None

    draw.draw_stacking_context = draw_stacking_context
    try:
        yield spans
    finally:
        draw.draw_stacking_context = real


class _Cutter:
    """Cuts a stream into pieces."""

    def __init__(self, stream: Any, holes: dict[int, tuple[int, Block]], faces: Faces, shown: Any):
        self._items, self._holes = stream.stream, holes
        self._faces, self._shown = faces, shown
        self._told = stream._tags
        self._of_marks = {mark["mcid"]: box for box, mark in stream._tags.items()}

    def is_bound(self, span: tuple[int, int]) -> bool:
        """Whether what is drawn there needs what only its page has."""
        return any(
            isinstance(item, bytes) and item.endswith(_OWN_TO_A_PAGE)
            for item in self._items[slice(*span)]
        )

    def painted(
        self, box: Any, place: int, end: int, slots: Mapping[int, tuple[int, Slot]] = _NO_SLOTS
    ) -> Painted:
        """What was drawn of the box, from ``place`` to ``end``, but for what is in slots."""
        pieces: list[Operators | Block | Slot] = []
        tags: dict[Any, dict[str, Any]] = {}
        needs: set[Need] = set()
        number = 0
        fixed: list[Any] = []

        def add(piece: Block | Slot | None) -> None:
            if fixed:
                pieces.append(Operators.of(fixed))
                needs.update(self._faces.needs_of(fixed, self._shown))
                fixed.clear()
            if piece is not None:
                pieces.append(piece)

        while place < end:
            item = self._items[place]
            if place in slots:
                place, slot = slots[place]
                add(slot)
            elif place in self._holes:
                place, block = self._holes[place]
                add(block)
                block.first_mark = number
                merged = zip(texts_of(block.merged), sorted(set(block.runs)), strict=True)
                for text, run in merged:
                    tags[text] = {"tag": "Span", "mcid": number + run}
                number += block.marks
                block._box.children = (block.merged,)
            else:
                if is_mark(item):
                    marked = self._of_marks[item["MCID"]]
                    tags[marked] = {**self._told[marked], "mcid": number}
                    item = number
                    number += 1
                fixed.append(item)
                place += 1
        add(None)
        return Painted(box, tuple(pieces), tags, number, frozenset(needs))
