"""TrueType subsets of one font made one font.

Subsets that keep the numbers of their glyphs, as HarfBuzz makes them for WeasyPrint, hold
the same outline under the same number; so their union is what the whole font would have
given. What a PDF does not need (ISO 32000-1, 9.9) is left out: names, character maps.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

__all__ = ["TrueTypeUnion"]

_PROGRAMS = ("cvt ", "fpgm", "prep")
"""Tables that outlines with instructions need."""
_LONG = 1
"""The form of ``loca`` that counts bytes, not pairs of them."""
_WORDS, _MORE = 0x0001, 0x0020
_SCALES = ((0x0008, 2), (0x0040, 4), (0x0080, 8))
"""Flags of a part, and the bytes that a scale takes (OpenType 1.9, *glyf*)."""
_DEEPEST = 8
"""How deep glyphs may be made of glyphs that are; a font that loops is none."""


_Entry = tuple[bytes, int, int]


class _Glyph(NamedTuple):
    """An outline, filled up to a multiple of four bytes; its advance and left side bearing.

    An outline made of other glyphs has the places of their numbers, and these glyphs
    themselves: the number of one that no text asks for differs from subset to subset.
    """

    outline: bytes
    advance: int
    bearing: int
    parts: "tuple[tuple[int, _Glyph], ...]" = ()


class TrueTypeUnion:
    """Grows by subsets of one font."""

    def __init__(self) -> None:
        self._glyphs: dict[int, _Glyph] = {}
        self._plain: dict[int, _Entry] = {}
        self._tables: dict[str, bytes] = {}
        self._limits: list[int] = []

    def absorb(self, program: bytes, used: Iterable[int]) -> bool:
        """Take in the glyphs ``used`` of a subset; not, where one is another one here.

        Raises `struct.error`, `KeyError` or `IndexError` where it is no TrueType font.
        """
        subset = _Subset(program)
        if self._tables and not subset.is_of_the_same_font(self._tables):
            return False
        glyphs, plain = {}, {}
        for number in sorted({0, *used}):
            entry = subset.entry(number)
            if self._plain.get(number) == entry:  # most are, and it is quickly seen
                continue
            glyph = glyphs[number] = subset.glyph(number)
            if self._glyphs.get(number, glyph) != glyph:
                return False
            if not glyph.parts:
                plain[number] = entry
        limits = struct.unpack(">13H", subset.tables["maxp"][6:32])
        self._limits = list(map(max, limits, self._limits)) if self._tables else list(limits)
        self._tables = self._tables or subset.tables
        self._glyphs.update(glyphs)
        self._plain.update(plain)
        return True

    def program(self) -> bytes:
        """The font."""
        glyphs = _in_order(self._glyphs)
        outlines, offsets, metrics = [], [0], []
        for glyph in glyphs:
            outlines.append(glyph.outline)
            offsets.append(offsets[-1] + len(glyph.outline))
            metrics.append(struct.pack(">Hh", glyph.advance, glyph.bearing))
        count = len(glyphs)
        head = self._tables["head"]
        return _font(
            {
                **{name: self._tables[name] for name in _PROGRAMS if name in self._tables},
                "glyf": b"".join(outlines),
                "head": head[:8] + b"\0\0\0\0" + head[12:50] + struct.pack(">h", _LONG) + head[52:],
                "hhea": self._tables["hhea"][:34] + struct.pack(">H", count),
                "hmtx": b"".join(metrics),
                "loca": struct.pack(f">{count + 1}I", *offsets),
                "maxp": self._tables["maxp"][:4]
                + struct.pack(">H", count)
                + struct.pack(">13H", *self._limits),
            }
        )


class _Subset:
    """A font of which some glyphs are there."""

    def __init__(self, program: bytes) -> None:
        self.tables = _tables(program)
        (count,) = struct.unpack(">H", self.tables["maxp"][4:6])
        (self._measured,) = struct.unpack(">H", self.tables["hhea"][34:36])
        (form,) = struct.unpack(">h", self.tables["head"][50:52])
        size, kind, self._unit = (4, "I", 1) if form == _LONG else (2, "H", 2)
        loca = self.tables["loca"][: size * (count + 1)]
        self._places = struct.unpack(f">{count + 1}{kind}", loca)
        self._metrics = struct.unpack(
            f">{'Hh' * self._measured}{count - self._measured}h",
            self.tables["hmtx"][: 2 * (count + self._measured)],
        )

    def is_of_the_same_font(self, tables: Mapping[str, bytes]) -> bool:
        """Whether what all glyphs depend on is as in the ``tables`` of another subset."""
        return _em(self.tables) == _em(tables) and all(
            self.tables.get(name) == tables.get(name) for name in _PROGRAMS
        )

    def entry(self, number: int) -> _Entry:
        """The outline as it stands, the advance and the bearing."""
        start, end = self._places[number], self._places[number + 1]
        outline = self.tables["glyf"][self._unit * start : self._unit * end]
        if number < self._measured:
            advance, bearing = self._metrics[2 * number : 2 * number + 2]
        else:
            advance = self._metrics[2 * self._measured - 2]
            bearing = self._metrics[self._measured + number]
        return outline, advance, bearing

    def glyph(self, number: int, depth: int = 0) -> _Glyph:
        """The glyph, with those that it is made of."""
        outline, advance, bearing = self.entry(number)
        parts = []
        for place in _part_places(outline) if depth < _DEEPEST else ():
            (part,) = struct.unpack_from(">H", outline, place)
            parts.append((place, self.glyph(part, depth + 1)))
            outline = outline[:place] + b"\0\0" + outline[place + 2 :]
        return _Glyph(_filled_up(outline), advance, bearing, tuple(parts))


def _tables(program: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack(">H", program[4:6])
    tables = {}
    for index in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", program, 12 + 16 * index)
        tables[tag.decode("latin-1")] = program[start : start + length]
    return tables


def _em(tables: Mapping[str, bytes]) -> bytes:
    return tables["head"][18:20]


def _part_places(outline: bytes) -> Iterator[int]:
    """Where the numbers of other glyphs stand in an outline that is made of them."""
    if len(outline) < 10 or outline[0] < 0x80:  # a count of contours that is not negative
        return
    place, more = 10, True
    while more:
        (flags,) = struct.unpack_from(">H", outline, place)
        yield place + 2
        place += 4 + (4 if flags & _WORDS else 2)
        place += next((size for flag, size in _SCALES if flags & flag), 0)
        more = bool(flags & _MORE)


def _in_order(glyphs: Mapping[int, _Glyph]) -> list[_Glyph]:
    """The glyphs by number, what no text asks for after them; the numbers of parts filled in."""
    empty = _Glyph(b"", 0, 0)
    ordered = [glyphs.get(number, empty) for number in range(max(glyphs) + 1)]
    numbers = {glyph: number for number, glyph in sorted(glyphs.items(), reverse=True)}
    for glyph in ordered:  # grows while parts of parts are found
        for _, part in glyph.parts:
            if part not in numbers:
                numbers[part] = len(ordered)
                ordered.append(part)
    filled = []
    for glyph in ordered:
        outline = bytearray(glyph.outline)
        for place, part in glyph.parts:
            struct.pack_into(">H", outline, place, numbers[part])
        filled.append(glyph._replace(outline=bytes(outline)))
    return filled


def _font(tables: dict[str, bytes]) -> bytes:
    """The tables as a file, with its directory and sums (OpenType 1.9, *Font file*)."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = [
        struct.pack(
            ">IHHHH", 0x10000, count, 16 * power, power.bit_length() - 1, 16 * (count - power)
        )
    ]
    body, start, places = [], 12 + 16 * count, {}
    for name, table in sorted(tables.items()):
        places[name] = start
        padded = _filled_up(table)
        directory.append(struct.pack(">4sIII", name.encode(), _sum(padded), start, len(table)))
        body.append(padded)
        start += len(padded)
    font = b"".join((*directory, *body))
    place = places["head"] + 8
    adjustment = struct.pack(">I", (0xB1B0AFBA - _sum(font)) & 0xFFFFFFFF)
    return font[:place] + adjustment + font[place + 4 :]


def _filled_up(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def _sum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) & 0xFFFFFFFF
