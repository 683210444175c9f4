"""Blocks of lines in their place on a page, where other texts may be put."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, NamedTuple

import pydyf

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.settings import Drawn, Found, Setting

__all__ = ["Block", "Column"]


class Column(NamedTuple):
    """Blocks below each other; how high one is moves those that follow, and nothing else."""

    top: float
    """In CSS pixels from the page's top edge."""
    bottom: float
    """How far down it may reach."""


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
        self._setting = Setting(found, page, context, faces)
        self.column: Column | None = None
        self._gap = 0.0

    def painted(self, items: Sequence[Any], needs: frozenset[Need], texts: Sequence[str]) -> None:
        """Take ``items`` for what the block's own ``texts`` look like."""
        self._setting.painted(items, needs, texts)

    def draw(self, texts: Sequence[str]) -> Drawn | None:
        """The block with ``texts`` (those at its `indexes`), or ``None`` where they do not fit.

        They fit where the block is as high as it was, so that nothing else on the page moves;
        in a column always.
        """
        return self._setting.draw(tuple(texts))

    def in_column(self, column: Column, gap: float, others: Sequence["Block"]) -> "Block | None":
        """The block in a column below ``others``, so much above the next one."""
        setting = self._setting.for_column([other._setting for other in others])
        if setting is None:
            return None
        moved = copy(self)
        moved._setting, moved.column, moved._gap = setting, column, gap
        return moved

    def moved(self, column: Column) -> "Block":
        """The block in another column."""
        moved = copy(self)
        moved.column = column
        return moved

    def content(self, drawn: Drawn) -> bytes:
        """The operators of a drawing; in a column they go on to where the next block begins."""
        content = drawn.operators.numbered(self.first_mark)
        if self.column is None:
            return content
        return content + b"\n1 0 0 1 0 %b cm" % pydyf._to_bytes(self.height(drawn))

    def height(self, drawn: Drawn) -> float:
        """How much room a drawing takes, in CSS pixels, to where the next block begins."""
        return drawn.height + self._gap

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
        """Where its first line, or its column, begins: CSS pixels from the page's top edge."""
        return self.column.top if self.column else self._setting.top

    @property
    def bottom(self) -> float:
        """Where its last line ends, or may end."""
        return self.column.bottom if self.column else self._setting.bottom

    @property
    def merged(self) -> Any:
        """Its lines as one, whose texts are the pieces of marked content."""
        return self._setting.merged

    @property
    def marks(self) -> list[int]:
        """The numbers of its pieces of marked content, counted from 0."""
        return sorted(set(self._setting.runs))
