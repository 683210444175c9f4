"""One text in one line, set by Pango at once as WeasyPrint sets it in many steps.

`Line.with_text` writes what `weasyprint.draw.text.draw_first_line` writes, for plain texts from
left to right; whatever is not so plain is left to WeasyPrint. A test compares the two.
"""

import re
from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Any, NamedTuple

import pydyf
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import Layout, line_size

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.operators import Operators
from letter_kit.stencils.inside.walking import texts_of

__all__ = ["Line", "Misfit", "SetLine", "set_in_one"]

_UNUSUAL = re.compile("[\0-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Control characters, soft hyphens, and what is of no width or changes the direction."""
_GLYPH = Struct("IiiiI")
"""A ``PangoGlyphInfo``: glyph, width, offsets to the right and down, attributes."""
_NEAR = 0.01
"""CSS pixels from the edge at which WeasyPrint shall say whether a text still fits."""
_EQUAL = 1e-6
_PLAIN_TEXT = (
    ("text_decoration_line", "none"), ("letter_spacing", "normal"), ("word_spacing", 0),
    ("overflow_wrap", "normal"), ("direction", "ltr"), ("white_space", "normal"),
    ("visibility", "visible"),
)  # fmt: skip
_PLAIN_BLOCK = (
    ("direction", "ltr"), ("text_overflow", "clip"), ("block_ellipsis", "none"),
    ("text_align_last", "auto"),
)  # fmt: skip


class SetLine(NamedTuple):
    """A line that was set."""

    operators: Operators
    needs: frozenset[Need]
    right: float
    """Where it ends, in CSS pixels from the page's left edge."""


class _Font(NamedTuple):
    """A font in one size, as a run of glyphs uses it."""

    name: str
    size: float
    widths: dict[int, int]
    alphabets: Mapping[int, str]


class Misfit(Exception):  # noqa: N818  # nothing is wrong with the text
    """A text that needs more room than the line has."""


class Line:
    """A line of one text, in which other texts may be set."""

    def __init__(self, text: Any, items: Sequence[bytes | int], room: float, faces: Faces) -> None:
        """``items`` draw ``text``, which has so much ``room``."""
        (matrix,) = [n for n, item in enumerate(items) if str(item).endswith(" Tm'")]
        (end,) = [n for n, item in enumerate(items) if item == b"ET"]
        self._before, self._after = items[: matrix + 1], items[end:]
        self._room, self._faces, self._left = room, faces, text.position_x
        self._style = text.style
        self._fonts: dict[int, _Font] = {}
        self._kept: list[Layout] = []
        self._begin()
        self._size = self._size_of(text.text)
        self._misfits: set[tuple[float, float] | None] = set()

    def _begin(self) -> None:
        self._layout = Layout(self._style)
        pango.pango_layout_set_single_paragraph_mode(self._layout.layout, True)

    def _sized(self, text: str) -> tuple[Any, float, tuple[float, float]] | None:
        """The text as a line of glyphs, its width, and its height and baseline."""
        self._layout.set_text(text, justify=True)
        line, second = self._layout.get_first_line()
        if second is not None:
            return None
        width, height = line_size(line, self._style)
        return line, width, (height, pango.pango_layout_get_baseline(self._layout.layout))

    def _size_of(self, text: str) -> tuple[float, float] | None:
        sized = self._sized(text)
        return sized[2] if sized else None

    def remember_misfit(self, text: str) -> None:
        """WeasyPrint made one line of the text, but a higher or lower one.

        That comes of the text's own height and baseline, which those of other fonts share.
        """
        self._misfits.add(self._size_of(text))

    def with_text(self, text: str) -> SetLine | None:
        """The line with another text, or ``None`` where WeasyPrint shall set it.

        Raises `Misfit` where WeasyPrint would make two lines of it, or a higher one.
        """
        if _UNUSUAL.search(text) or (sized := self._sized(text)) is None:
            return None
        line, width, size = sized
        if size in self._misfits or (" " in text and width > self._room + _NEAR):
            raise Misfit
        if size != self._size or width > self._room - _NEAR:
            return None
        shown: list[bytes] = []
        needs: set[Need] = set()
        others: dict[tuple[str, int], str] = {}
        font, string = None, ""
        run = line.runs[0]
        while run != ffi.NULL:
            item, run = run.data, run.next
            used = self._font(item.item.analysis.font)
            if used is not font:
                if string:
                    shown.append(f"[{string}] TJ".encode())
                if font is None or font[:2] != used[:2]:
                    shown.append(f"/{used.name} ".encode() + pydyf._to_bytes(used.size) + b" Tf")
                string, font = "", used
            if (glyphs := self._glyphs(item, font, text, needs, others)) is None:
                return None
            string += glyphs
        shown.append(f"[{string}] TJ".encode())
        for (name, glyph), said in others.items():
            needs.update(self._faces.face(name).needs(name, {glyph: said}))
        operators = Operators.of((*self._before, *shown, *self._after))
        return SetLine(operators, frozenset(needs), self._left + width)

    def _glyphs(
        self, run: Any, font: _Font, text: str, needs: set[Need], others: dict[tuple[str, int], str]
    ) -> str | None:
        """A run of glyphs with the distances between them, or ``None``.

        Adds the alphabets that it needs to ``needs``, and to ``others`` the glyphs outside them.
        """
        found = ["<"]
        glyphs = run.glyphs
        content = ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * _GLYPH.size)
        name, size, widths, alphabets = font
        used = set()
        for place, (glyph, width, offset, rise, _) in enumerate(_GLYPH.iter_unpack(content)):
            if rise or glyph not in widths:
                return None
            if glyph in alphabets:
                used.add(alphabets[glyph])
            elif (name, glyph) not in others:
                others[name, glyph] = _text_of(run, place, text)
            shift = offset / size
            if shift:
                found.append(f">{-shift}<")
            kerning = widths[glyph] + shift - width * 1000 * FROM_UNITS / size
            found.append(f"{glyph:04x}>{int(kerning)}<" if kerning else f"{glyph:04x}")
        needs.update((name, alphabet) for alphabet in used)
        string = "".join(found)
        return string[:-1] if string[-1] == "<" else string + ">"

    def _font(self, pango_font: Any) -> _Font:
        address = int(ffi.cast("uintptr_t", pango_font))
        if address not in self._fonts:
            font, size = self._faces.add(pango_font)
            if pango.pango_version() < 14802:  # as WeasyPrint does
                size = self._style["font_size"]
            self._fonts[address] = _Font(
                font.hash, size, font.widths, self._faces.face(font.hash).alphabets
            )
            # This layout keeps the font, so that no other comes to stand at its address.
            self._kept.append(self._layout)
            self._begin()
        return self._fonts[address]


def _text_of(run: Any, place: int, text: str) -> str:
    """The part of the text that a glyph stands for."""
    clusters, item, many = run.glyphs.log_clusters, run.item, run.glyphs.num_glyphs
    begin = clusters[place]
    if item.analysis.level % 2:  # from right to left
        end = item.length if place == 0 else clusters[place - 1]
    else:
        end = item.length if place == many - 1 else clusters[place + 1]
    return text.encode()[item.offset + begin : item.offset + end].decode()


def set_in_one(line: Any, block: Any, items: Sequence[bytes | int], faces: Faces) -> Line | None:
    """The line of a block, drawn by ``items``, if other texts can be set in it at once."""
    texts = list(texts_of(line))
    if len(texts) != 1 or ffi.sizeof("PangoGlyphInfo") != _GLYPH.size:
        return None
    (text,) = texts
    plain = all(text.style[name] == value for name, value in _PLAIN_TEXT)
    plain = plain and all(block.style[name] == value for name, value in _PLAIN_BLOCK)
    if not plain or block.style["text_align_all"] not in {"start", "left"}:
        return None
    ends = line.position_x + line.width, text.position_x + text.width
    if abs(ends[0] - ends[1]) > _EQUAL or text.text != text.text.strip():
        return None
    room = block.content_box_x() + block.width - text.position_x
    return Line(text, items, room, faces)
