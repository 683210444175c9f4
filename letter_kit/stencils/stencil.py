"""A stencil: a letter that was laid out once, with other texts put in their places."""

from collections.abc import Mapping
from itertools import count
from operator import itemgetter
from typing import NamedTuple

from letter_kit.stencils.faces import Need
from letter_kit.stencils.files import FileForm, content_object
from letter_kit.stencils.inside import Block, Column, Composition, Faces
from letter_kit.stencils.markup import METADATA, Markup

__all__ = ["Drawings", "Stencil", "Zone"]

_MOST_KEPT = 8192
"""Drawings of blocks that a press keeps, of half a kilobyte and more; the oldest goes first."""


_ids = count()


class Zone(NamedTuple):
    """A part of the first page, in CSS pixels from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, block: Block) -> bool:
        """Whether a block stands in the zone, or apart from it, and not on its edge."""
        if not block.touches(*self):
            return True
        return self.top <= block.top and (bool(block.column) or block.bottom <= self.bottom)


class _Put(NamedTuple):
    """A block's drawing as it stands in a file, and what it needs of fonts."""

    content: bytes
    needs: frozenset[Need]
    height: float


_Key = tuple[int, str | tuple[str, ...]]


class Drawings:
    """How texts were drawn in the holes of all stencils, kept within bounds."""

    def __init__(self) -> None:
        self._kept: dict[_Key, _Put] = {}
        self.get = self._kept.get

    def keep(self, key: _Key, put: _Put) -> None:
        """Keep a drawing, and give the oldest up for it."""
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = put


class _Hole:
    """A block of a page, in which texts are drawn."""

    def __init__(self, number: int, block: Block, drawings: Drawings, zone: Zone | None) -> None:
        self.number = number
        self._block, self._drawings = block, drawings
        self._id = next(_ids)  # not the hole itself, which is given up with its stencil
        self._zone = zone if zone is not None and block.touches(*zone) else None
        self._texts_of = itemgetter(*block.indexes)
        self._last: tuple[str | tuple[str, ...] | None, _Put | None] = None, None

    def put(self, markup: Markup) -> _Put | None:
        """The drawing with the page's own texts, or ``None`` where they do not fit."""
        texts = self._texts_of(markup.texts)
        if texts == self._last[0]:  # most texts are the same in all letters
            return self._last[1]
        if (put := self._drawings.get((self._id, texts))) is None:
            if (put := self._new(markup)) is None:
                return None
            self._drawings.keep((self._id, texts), put)
        self._last = texts, put
        return put

    def _new(self, markup: Markup) -> _Put | None:
        drawn = self._block.draw([markup.said(index) for index in self._block.indexes])
        zone = self._zone
        if drawn is None or (zone and (drawn.left < zone.left or drawn.right > zone.right)):
            return None
        content = content_object(self.number, self._block.content(drawn))
        return _Put(content, drawn.needs, self._block.height(drawn))


class Stencil:
    """Fills letters of one shape."""

    def __init__(
        self, markup: Markup, laid: Composition, faces: Faces, drawings: Drawings, zone: Zone | None
    ) -> None:
        self._form = FileForm(laid, faces)
        self.pages = len(laid.leaves)
        self._holes = [
            _Hole(number, block, drawings, zone) for number, block in self._form.blocks.items()
        ]
        self._columns = _columns(self._form.blocks, zone)
        free = {index for block in self._form.blocks.values() for index in block.indexes}
        metadata = range(len(METADATA))
        rest = [n for n in range(len(markup.texts)) if n not in free and n not in metadata]
        self._fixed_of = itemgetter(*rest) if rest else len
        self._fixed = self._fixed_of(markup.texts)
        self._has = [bool(markup.texts[n]) for n in metadata]

    def fill(self, markup: Markup) -> bytes | None:
        """The file of a letter whose markup is that of the stencil, or ``None``."""
        texts = markup.texts
        if self._fixed_of(texts) != self._fixed:
            return None
        if [bool(texts[n]) for n in range(len(METADATA))] != self._has:
            return None
        contents = dict.fromkeys(self._form.blocks, b"")
        needs: set[Need] = set()
        heights: dict[int, float] = {}
        for place, hole in enumerate(self._holes):
            put = hole.put(markup)
            if put is None:  # as it will often be: the sooner it is known, the better
                self._holes.insert(0, self._holes.pop(place))
                return None
            contents[hole.number] = put.content
            needs |= put.needs
            heights[hole.number] = put.height
        for room, numbers in self._columns:
            if sum(heights[number] for number in numbers) > room:
                return None
        metadata = [markup.said(n) for n in range(len(METADATA))]
        return self._form.write(contents, frozenset(needs), metadata)


def _columns(blocks: Mapping[int, Block], zone: Zone | None) -> list[tuple[float, list[int]]]:
    """The columns: how high they may be, in CSS pixels, and the numbers of their blocks."""
    numbers: dict[Column, list[int]] = {}
    bottoms: dict[Column, float] = {}
    for number, block in blocks.items():
        if (column := block.column) is not None:
            numbers.setdefault(column, []).append(number)
            is_in_zone = zone is not None and block.touches(*zone)
            bottoms[column] = zone.bottom if zone and is_in_zone else column.bottom
    return [(bottoms[column] - column.top, those) for column, those in numbers.items()]
