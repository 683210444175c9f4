"""A page as it is painted: the blocks whose texts may be replaced, and what is between them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.blocks import Before, Block, every_box, texts_of
from letter_kit.stencils.inside.fonts import Faces

__all__ = ["Painter"]


class Painter:
    """Paints a page in WeasyPrint's place, and keeps what is drawn in pieces."""

    def __init__(
        self, leaf: Any, is_first: bool, context: Any, before: Mapping[Any, list[Before]],
        faces: Faces, texts: Sequence[str],
    ) -> None:  # fmt: skip
        self._leaf, self._is_first = leaf, is_first
        self._context, self._before = context, before
        self._faces, self._texts = faces, texts
        self.stream: Any = None
        self.resources: Any = None
        self.pieces: list[bytes | Block] = []
        self.needs: frozenset[Need] = frozenset()
        self._paint = leaf.paint
        leaf.paint = self.paint

    def paint(self, stream: Any, scale: float) -> None:
        """Draw the page, and leave the stream empty: its content is in `pieces`."""
        self.stream, self.resources = stream, stream._resources
        stream._fonts = self._faces
        self._faces.shown()
        self._paint(stream, scale)
        self._shown = self._faces.shown()
        blocks = {start: (end, block) for start, end, block in self._blocks(stream)}
        tags: dict[Any, dict[str, Any]] = {}
        of_marks = {mark["mcid"]: box for box, mark in stream._tags.items()}
        number = 0
        fixed: list[Any] = []
        place = 0
        while place < len(stream.stream):
            item = stream.stream[place]
            if place in blocks:
                place, block = blocks[place]
                self._add(fixed)
                fixed = []
                block.first_mark = number
                for box, run in zip(texts_of(block.merged), sorted(set(block.runs)), strict=True):
                    tags[box] = {"tag": "Span", "mcid": number + run}
                number += block.marks
                block._box.children = (block.merged,)
                self.pieces.append(block)
                continue
            if isinstance(item, pydyf.Dictionary) and "MCID" in item:
                box = of_marks[item["MCID"]]
                tags[box] = {**stream._tags[box], "mcid": number}
                item["MCID"] = number
                number += 1
            fixed.append(item)
            place += 1
        self._add(fixed)
        stream._tags.clear()
        stream._tags.update(tags)
        stream.stream.clear()

    def _add(self, items: Sequence[Any]) -> None:
        if items:
            self.pieces.append(b"\n".join(map(pydyf._to_bytes, items)))
            self.needs |= self._faces.needs_of(items, self._shown)

    def _blocks(self, stream: Any) -> Iterator[tuple[int, int, Block]]:
        """The blocks whose texts may be replaced, with where they stand in the stream."""
        starts = {
            item["MCID"]: place - 1
            for place, item in enumerate(stream.stream)
            if isinstance(item, pydyf.Dictionary) and "MCID" in item
        }
        page = self._leaf._page_box
        seen: dict[Any, int] = {}
        for box, _ in _with_ancestors(page, ()):
            if box.element is not None and _holds_lines(box):
                seen[box.element] = seen.get(box.element, 0) + 1
        for box, ancestors in _with_ancestors(page, ()):
            before = self._before.get(box.element, ())
            if not _holds_lines(box) or len(before) != 1 or seen[box.element] != 1:
                continue
            if not before[0].indexes or not all(map(_is_steady, (*ancestors, box))):
                continue
            if not self._is_plain(box, before[0]):
                continue
            marks = [stream._tags[text]["mcid"] for text in texts_of(box) if text in stream._tags]
            if not marks or marks != list(range(marks[0], marks[-1] + 1)):
                continue
            start = starts[marks[0]]
            end = stream.stream.index(b"EMC", starts[marks[-1]]) + 1
            if any(
                item in {b"q", b"Q", b"BMC"}
                for item in stream.stream[start:end]
                if isinstance(item, bytes)
            ):
                continue
            block = Block(box, before[0], page, self._is_first, self._context, self._faces)
            if block.draw([self._texts[index] for index in block.indexes]) is not None:
                yield start, end, block

    def _is_plain(self, box: Any, before: Before) -> bool:
        """Whether nothing stands in the block but texts, which are set as they are written."""
        for inner in every_box(before.line):
            if not isinstance(inner, boxes.TextBox | boxes.InlineBox | boxes.LineBox):
                if inner.is_in_normal_flow():
                    return False
            elif (
                _is_told_elsewhere(inner)
                or inner.link_annotation
                or inner.link
                or inner.style["text_transform"] != "none"
            ):
                return False
        if any(text.text != self._texts[place] for text, place in before.indexes.items()):
            return False
        style_for = self._context.style_for
        return not any(style_for(box.element, name) for name in ("first-letter", "first-line"))


def _holds_lines(box: Any) -> bool:
    return (
        isinstance(box, boxes.BlockBox)
        and bool(box.children)
        and isinstance(box.children[-1], boxes.LineBox)
    )


def _with_ancestors(box: Any, ancestors: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    yield box, ancestors
    if isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
        for child in box.children:
            yield from _with_ancestors(child, (*ancestors, box))


def _is_steady(box: Any) -> bool:
    """Whether what a box holds has no say in its width, nor in where it stands."""
    if isinstance(box, boxes.PageBox):
        return True
    if _is_told_elsewhere(box):
        return False
    style = box.style
    if (
        type(box) is not boxes.BlockBox
        or style["float"] != "none"
        or style["column_width"] != "auto"
    ):
        return False
    if style["position"] in {"absolute", "fixed"}:
        fixed = style["left"] != "auto" and style["right"] != "auto"
        return bool(style["width"] != "auto" or fixed)
    return style["position"] in {"static", "relative"}


def _is_told_elsewhere(box: Any) -> bool:
    """Whether what it says stands in a bookmark or at a page's edge as well."""
    return bool(box.style["bookmark_level"] != "none" or box.style["string_set"] != "none")
