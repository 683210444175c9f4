"""Which blocks of a page may be filled with other texts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.blocks import Block
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.operators import is_mark
from letter_kit.stencils.inside.settings import Before, Found
from letter_kit.stencils.inside.standing import is_told_elsewhere, with_ancestors
from letter_kit.stencils.inside.walking import every_box, texts_of

__all__ = ["Finder"]


class Finder(NamedTuple):
    """Finds the blocks of a document's pages."""

    context: Any
    before: Mapping[Any, list[Before]]
    """The blocks of each element before they were laid out."""
    texts: Sequence[str]
    """The texts of the document."""
    faces: Faces

    def found(self, page: Any) -> list[Found]:
        """The blocks of a page that may take other texts."""
        standing = list(with_ancestors(page))
        holding = [(box, around) for box, around in standing if _holds_lines(box)]
        floats = [box for box, _ in standing if box.is_floated()]
        seen = Counter(box.element for box, _ in holding)
        found = []
        for box, ancestors in holding:
            before = self.before.get(box.element, ())
            if len(before) != 1 or seen[box.element] != 1 or not before[0].indexes:
                continue
            if any(_is_beside(box, floating) for floating in floats):
                continue
            if all(map(_is_steady, (*ancestors, box))) and self._is_plain(box, before[0]):
                found.append(Found(box, before[0]))
        return found

    def blocks(
        self, found: Sequence[tuple[Found, frozenset[Need]]], page: Any, is_first: bool, stream: Any
    ) -> Iterator[tuple[int, int, Block]]:
        """Blocks that were painted, with what they need, and where they stand in the stream."""
        starts = {
            item["MCID"]: place - 1 for place, item in enumerate(stream.stream) if is_mark(item)
        }
        for one, needs in found:
            marks = [stream._tags.get(text, {}).get("mcid", -1) for text in texts_of(one.box)]
            if marks[0] < 0 or marks != list(range(marks[0], marks[0] + len(marks))):
                continue
            start = starts[marks[0]]
            end = stream.stream.index(b"EMC", starts[marks[-1]]) + 1
            items = stream.stream[start:end]
            if any(item in {b"q", b"Q", b"BMC"} for item in items if isinstance(item, bytes)):
                continue
            block = Block(one, page, is_first, self.context, self.faces)
            block.painted(items, needs, [self.texts[index] for index in block.indexes])
            yield start, end, block

    def _is_plain(self, box: Any, before: Before) -> bool:
        """Whether nothing stands in the block but texts, which are set as they are written."""
        for inner in every_box(before.line):
            if not isinstance(inner, boxes.TextBox | boxes.InlineBox | boxes.LineBox):
                if inner.is_in_normal_flow():
                    return False
            elif (
                is_told_elsewhere(inner)
                or inner.link_annotation
                or inner.link
                or inner.style["text_transform"] != "none"
            ):
                return False
        if any(text.text != self.texts[place] for text, place in before.indexes.items()):
            return False
        style_for = self.context.style_for
        return not any(style_for(box.element, name) for name in ("first-letter", "first-line"))


def _is_beside(box: Any, floating: Any) -> bool:
    """Whether a box may have to make room for another that floats."""
    return bool(
        floating.position_y < box.position_y + box.margin_height()
        and floating.position_y + floating.margin_height() > box.position_y
    )


def _holds_lines(box: Any) -> bool:
    return (
        isinstance(box, boxes.BlockBox)
        and bool(box.children)
        and isinstance(box.children[-1], boxes.LineBox)
        and box.element is not None
    )


def _is_steady(box: Any) -> bool:
    """Whether what a box holds has no say in its width, nor in where it stands."""
    if isinstance(box, boxes.PageBox):
        return True
    if is_told_elsewhere(box):
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
