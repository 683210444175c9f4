"""A page as it is painted: its blocks, what is between them, and the parts that stand alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from weasyprint import draw
from weasyprint.stacking import StackingContext

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.blocks import Block
from letter_kit.stencils.inside.columns import as_column
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.holes import Finder
from letter_kit.stencils.inside.operators import Operators, is_mark
from letter_kit.stencils.inside.regions import Painted, Slot
from letter_kit.stencils.inside.standing import Standing
from letter_kit.stencils.inside.surprise import Surprise
from letter_kit.stencils.inside.walking import texts_of

__all__ = ["SLOT", "Painter", "painted_alone"]

SLOT = "Slot"
"""The structure element that keeps the place of a part."""
_NO_SLOTS: Mapping[int, tuple[int, Slot]] = {}
_OWN_TO_A_PAGE = (b" Do", b" sh", b" scn", b" SCN")
"""How operators end that name what is among the resources of one page."""


class Painter:
    """Paints a page in WeasyPrint's place, and keeps what is drawn in pieces.

    ``parts`` stand alone on the page; what is drawn of them is kept by itself. ``finder`` tells
    the blocks.
    """

    def __init__(
        self, leaf: Any, is_first: bool, parts: Sequence[Standing], faces: Faces, finder: Finder
    ) -> None:
        self._leaf, self._is_first, self._standing = leaf, is_first, parts
        self._faces, self._finder = faces, finder
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
        page = self._leaf._page_box
        with _spans_of([part.element for part in self._standing], stream) as spans:
            cutter = _painted_by(
                lambda: self._paint(stream, scale),
                page, page, self._is_first, stream, self._finder, self._faces,
            )  # fmt: skip
        if len(spans) != len(self._standing):
            raise Surprise("a part was not drawn")
        of_parts = [spans[part.element] for part in self._standing]
        if any(map(cutter.is_bound, of_parts)):
            raise Surprise("a part uses what belongs to its page")
        self.parts = [
            cutter.painted(part.box, *span)
            for part, span in zip(self._standing, of_parts, strict=True)
        ]
        slots = {start: (end, Slot(number)) for number, (start, end) in enumerate(of_parts)}
        self.around = cutter.painted(page, 0, len(stream.stream), slots)
        stream._tags.clear()
        stream._tags.update({box: dict(tag) for box, tag in self.around.tags.items()})
        for number, part in enumerate(self._standing):
            kept = next(texts_of(part.box)).copy()
            stream._tags[kept] = {"tag": SLOT, "mcid": self.around.marks + number}
            part.placeholder.set_laid_out_box(part.box.copy_with_children([kept]))
        stream.stream.clear()


def painted_alone(
    box: Any, page: Any, finder: Finder, faces: Faces
) -> tuple[Painted, frozenset[str]]:
    """What is painted of a box that stands alone, and the states of graphics that it uses."""
    stream = faces.stream()
    context = StackingContext.from_box(box, page, [])
    cutter = _painted_by(
        lambda: draw.draw_stacking_context(stream, context),
        box, page, True, stream, finder, faces,
    )  # fmt: skip
    span = 0, len(stream.stream)
    if cutter.is_bound(span) or stream._images:
        raise Surprise("a part uses what belongs to its page")
    painted = as_column(cutter.painted(box, *span), page)
    return painted, frozenset(stream._resources["ExtGState"])


def _painted_by(
    paint: Callable[[], None], box: Any, page: Any, is_first: bool, stream: Any,
    finder: Finder, faces: Faces,
) -> "_Cutter":  # fmt: skip
    """Paint a box, and find its blocks in the stream."""
    found = finder.found(box)
    with _each_by_itself([one.box for one in found], stream, faces) as told:
        paint()
    needed = [(one, told.of_blocks[n]) for n, one in enumerate(found) if n in told.of_blocks]
    blocks = finder.blocks(needed, page, is_first, stream)
    holes = {start: (end, block) for start, end, block in blocks}
    return _Cutter(stream, holes, faces, told.of_page)


@contextmanager
def _spans_of(elements: Sequence[Any], stream: Any) -> Iterator[dict[Any, tuple[int, int]]]:
    """Where the elements begin and end in the stream, once they are drawn.

    Each is drawn as if nothing had been drawn before it.
    """
    spans: dict[Any, tuple[int, int]] = {}
    real = draw.draw_stacking_context

    def draw_stacking_context(to: Any, context: Any) -> None:
        if context.box.element not in elements or to is not stream:
            real(to, context)
            return
        _forget_state(to)
        start = len(to.stream)
        real(to, context)
        if context.box.element in spans:
            raise Surprise("a part is drawn twice")
        spans[context.box.element] = start, len(to.stream)

    draw.draw_stacking_context = draw_stacking_context
    try:
        yield spans
    finally:
        draw.draw_stacking_context = real


class _Told(NamedTuple):
    """The texts that glyphs stand for, by face."""

    of_page: dict[str, dict[int, str]]
    of_blocks: dict[int, frozenset[Need]]
    """What each block needs."""


@contextmanager
def _each_by_itself(blocks: Sequence[Any], stream: Any, faces: Faces) -> Iterator[_Told]:
    """Each block is drawn as if nothing had been drawn before it."""
    firsts: dict[Any, int] = {}
    lasts: dict[Any, int] = {}
    for number, block in enumerate(blocks):
        texts = list(texts_of(block))
        firsts[texts[0]], lasts[texts[-1]] = number, number
    told = _Told({}, {})
    real = stream.marked

    def show() -> dict[str, dict[int, str]]:
        shown = faces.shown()
        for name, glyphs in shown.items():
            told.of_page[name] = {**glyphs, **told.of_page.get(name, {})}
        return shown

    @contextmanager
    def marked(box: Any, tag: str) -> Iterator[Any]:
        if box in firsts:
            show()
            _forget_state(stream)
        with real(box, tag) as entered:
            yield entered
        if box in lasts:
            told.of_blocks[lasts[box]] = faces.needs_for(show())

    faces.forget()
    stream.marked = marked
    try:
        yield told
    finally:
        del stream.marked
        show()


def _forget_state(stream: Any) -> None:
    """Make the stream say colour and font anew."""
    stream._current_color = stream._current_color_stroke = None
    stream._current_alpha = stream._current_alpha_stroke = None
    stream._current_font = stream._old_font = None


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
                for text, mark in zip(texts_of(block.merged), block.marks, strict=True):
                    tags[text] = {"tag": "Span", "mcid": number + mark}
                number += len(block.marks)
                block.box.children = (block.merged,)
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
