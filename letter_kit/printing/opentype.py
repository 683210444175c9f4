"""OpenType subsets with CFF outlines, as of the fonts for Chinese, made one font.

As in `letter_kit.printing.truetype`, the numbers of glyphs are kept, and HarfBuzz writes
each outline without reference to subroutines: so outlines can move between subsets. What an
outline still needs is the private dictionary of its part of the font.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple

__all__ = ["OpenTypeUnion"]

_KEPT = ("CFF ", "head", "hhea", "hmtx", "maxp")


class _Glyph(NamedTuple):
    outline: bytes
    name: str
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

        Raises fontTools' `TTLibError`, `KeyError`, `IndexError` or `AttributeError` where it
        is no such font.
        """
        font = _opened(program)
        top = font["CFF "].cff[0]
        glyphs = _glyphs(font, top, used)
        if any(self._glyphs.get(number, glyph) != glyph for number, glyph in glyphs.items()):
            return False
        self._glyphs.update(glyphs)
        for glyph in glyphs.values():
            self._privates.setdefault(glyph.private, program)
        if (count := font["maxp"].numGlyphs) > self._count:
            self._largest, self._count = program, count
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


def _opened(program: bytes) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(BytesIO(program), lazy=True, recalcTimestamp=False, recalcBBoxes=False)


def _private(part: Any) -> str:
    """What tells one private dictionary from another."""
    part.Private  # noqa: B018  # read from the file
    return repr(sorted((k, v) for k, v in part.Private.rawDict.items() if k != "Subrs"))


def _glyphs(font: Any, top: Any, used: Iterable[int]) -> dict[int, _Glyph]:
    order = font.getGlyphOrder()
    metrics = font["hmtx"].metrics
    privates = [_private(part) for part in top.FDArray]
    glyphs = {}
    for number in sorted({0, *used}):
        name = order[number]
        outline = top.CharStrings.charStringsIndex[number].bytecode
        private = privates[top.FDSelect[number]]
        glyphs[number] = _Glyph(outline, name, private, *metrics[name])
    return glyphs
