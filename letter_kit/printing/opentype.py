"""OpenType subsets with CFF outlines, as of the fonts for Chinese, made one font.

As in `letter_kit.printing.truetype`, the numbers of glyphs are kept, and HarfBuzz writes
each outline without reference to subroutines: so outlines can move between subsets. What an
outline still needs is the private dictionary of its part of the font.

Such a font has up to 65,535 glyphs, of which a letter uses some hundred: they are read from the
file where they stand (Adobe Technical Note 5176), and only the union is taken apart whole.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple

__all__ = ["OpenTypeUnion"]

_KEPT = ("CFF ", "head", "hhea", "hmtx", "maxp")


class _Glyph(NamedTuple):
    outline: bytes
    private: str
    advance: int
    bearing: int


class OpenTypeUnion:
    """Grows by subsets of one font."""

    def __init__(self) -> None:
        self._glyphs: dict[int, _Glyph] = {}
        self._privates: dict[str, bytes] = {}
        self._largest = b""
        self._count = 0

    def absorb(self, program: bytes, used: Iterable[int]) -> bool:
        """Take in the glyphs ``used`` of a subset; not, where one is another one here.

        Raises fontTools' `TTLibError`, `struct.error`, `KeyError`, `IndexError` or
        `AttributeError` where it is no such font.
        """
        subset = _Subset(program)
        glyphs = {number: subset.glyph(number) for number in sorted({0, *used})}
        if any(self._glyphs.get(number, glyph) != glyph for number, glyph in glyphs.items()):
            return False
        self._glyphs.update(glyphs)
        for glyph in glyphs.values():
            self._privates.setdefault(glyph.private, program)
        if subset.count > self._count:
            self._largest, self._count = program, subset.count
        return True

    def program(self) -> bytes:
        """The font: the subset of most glyphs, with the outlines of all put into it."""
        font = _opened(self._largest)
        for tag in set(font.keys()) - {*_KEPT, "GlyphOrder"}:
            del font[tag]
        top = font["CFF "].cff[0]
        order = font.getGlyphOrder()
        parts = self._parts(top)
        for number, glyph in sorted(self._glyphs.items()):
            outline = top.CharStrings.charStringsIndex[number]
            outline.bytecode, outline.program = glyph.outline, None
            top.FDSelect.gidArray[number] = parts[glyph.private]
            outline.private = top.FDArray[parts[glyph.private]].Private
            font["hmtx"].metrics[order[number]] = (glyph.advance, glyph.bearing)
        out = BytesIO()
        font.save(out, reorderTables=False)
        return out.getvalue()

    def _parts(self, top: Any) -> dict[str, int]:
        """The place of each private dictionary in the font, those of other subsets added."""
        parts = {_private(part): number for number, part in enumerate(top.FDArray)}
        for key, program in sorted(self._privates.items()):
            if key not in parts:
                others = _opened(program)["CFF "].cff[0].FDArray
                top.FDArray.append(next(part for part in others if _private(part) == key))
                parts[key] = len(top.FDArray) - 1
        return parts


class _Subset:
    """A font of which some glyphs are there."""

    def __init__(self, program: bytes) -> None:
        font = _opened(program)
        self._cff = font.reader["CFF "]
        top = font["CFF "].cff[0]
        self.count: int = font["maxp"].numGlyphs
        self._outlines = _Index(self._cff, top.rawDict["CharStrings"])
        self._privates = [_private(part) for part in top.FDArray]
        self._parts = _part_of(self._cff, top.rawDict["FDSelect"], self.count)
        (self._measured,) = struct.unpack(">H", font.reader["hhea"][34:36])
        self._metrics = font.reader["hmtx"]

    def glyph(self, number: int) -> _Glyph:
        """The glyph: its outline, what that needs, and its metrics."""
        if number < self._measured:
            advance, bearing = struct.unpack_from(">Hh", self._metrics, 4 * number)
        else:
            (advance,) = struct.unpack_from(">H", self._metrics, 4 * self._measured - 4)
            place = 4 * self._measured + 2 * (number - self._measured)
            (bearing,) = struct.unpack_from(">h", self._metrics, place)
        starts, parts = self._parts
        private = self._privates[parts[bisect_right(starts, number) - 1]]
        return _Glyph(self._outlines[number], private, advance, bearing)


class _Index:
    """An INDEX of CFF: byte strings by number, read where they stand."""

    def __init__(self, data: bytes, start: int) -> None:
        count, self._size = struct.unpack_from(">HB", data, start)
        self._data = data
        self._offsets = start + 3
        self._base = self._offsets + (count + 1) * self._size - 1

    def __getitem__(self, number: int) -> bytes:
        place = self._offsets + number * self._size
        start, end = (
            int.from_bytes(self._data[at : at + self._size]) for at in (place, place + self._size)
        )
        return self._data[self._base + start : self._base + end]


def _part_of(data: bytes, start: int, count: int) -> tuple[list[int], list[int]]:
    """From which glyph on, and which part of the font from there (FDSelect, formats 0 and 3)."""
    if data[start] == 0:
        return list(range(count)), list(data[start + 1 : start + 1 + count])
    (ranges,) = struct.unpack_from(">H", data, start + 1)
    entries = list(struct.iter_unpack(">HB", data[start + 3 : start + 3 + 3 * ranges]))
    return [first for first, _ in entries], [part for _, part in entries]


def _opened(program: bytes) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(BytesIO(program), lazy=True, recalcTimestamp=False, recalcBBoxes=False)


def _private(part: Any) -> str:
    """What tells one private dictionary from another."""
    part.Private  # noqa: B018  # read from the file
    return repr(sorted((k, v) for k, v in part.Private.rawDict.items() if k != "Subrs"))
