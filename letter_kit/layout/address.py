"""How an address fits into what the window always shows."""

import math
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from letter_kit.errors import LetterError
from letter_kit.layout.tables import Layout

__all__ = ["AddressPlace", "FittedLines", "fit_lines", "place_address"]

_PT = 25.4 / 72
_RETURN_SIZE = 6.3
_RETURN_LINE = 2.7
"""Size in pt and height in mm of a line of the sender's address, above the recipient's."""
_SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
"""Sizes in pt, the usual one first. Sorting machines read 8 pt and larger (USPS Publication
28, Postal Addressing Standards, asks for 8 pt at least)."""
_LINE = 1.2
_TIGHT_LINE = 1.15
"""Height of a line in em; the smallest sizes, for crowded windows, are set tighter."""
_UNWRAPPED = 9.0
"""Down to this size (pt), a smaller size goes before a line that wraps."""
_RAGGED = 1.2
"""What breaking between words, and the indent of what follows, add to a line that wraps."""
_ADVANCES = {
    char: advance
    for chars, advance in (
        (" \u00a0'’", 0.26),
        ("fijltıI.,:;!|()[]/-J", 0.38),
        ("rs", 0.46),
        ("bdhnpu", 0.62),
        ("DGHNOQU", 0.8),
        ("w", 0.78),
        ("mM", 0.92),
        ("WŒÆ@%—…", 1.0),
    )
    for char in chars
}
"""Widths in em that differ from the usual, rather too much than too little; measured in Source
Serif 4, the wider of the fonts of the installation."""


_LONGEST_REMEMBERED = 200
"""Letters of a line that is kept with its width."""
_TALL = 1.09
"""By how much a line grows that has letters of another font than the line's first; measured."""
_OTHER_FONTS = "\u0590"
"""From here on, letters stand in other fonts than Latin, Greek and Cyrillic ones."""


class AddressPlace(NamedTuple):
    """Where the address stands: its top (mm), size (pt), height of a line (mm).

    ``return_y`` is the top of the sender's line above it.
    """

    y: float
    size: float
    line_height: float
    return_y: float


class FittedLines(NamedTuple):
    """The size (pt) of an address, how many lines it takes, the height (mm) of one, and of the
    room for all: lines with letters of several fonts are higher.
    """

    size: float
    lines: int
    line_height: float
    height: float


def place_address(lines: tuple[str, ...], return_line: str, layout: Layout) -> AddressPlace:
    """The place of an address: at the layout's line, higher or smaller where it is long.

    A somewhat smaller size goes before a line that wraps, and a line that wraps before a
    size that is hard to read.

    Raises `LetterError` where it does not fit into the window at 8 pt.
    """
    return_height = _return_height(return_line, layout)
    top = layout.safe.top + return_height
    fitted = fit_lines(lines, layout.text.width, layout.safe.bottom - top)
    if fitted is not None:
        return _placed(fitted, layout.text.y, layout.safe.bottom, return_height)
    printed = [_printed_lines(_em(line), _SIZES[-1], layout.text.width) for line in lines]
    most = int((layout.safe.bottom - top) / (_SIZES[-1] * _TIGHT_LINE * _PT))
    raise LetterError.of(
        "the address does not fit into the envelope's window",
        expected=f"at most {most} lines of about"
        f" {int(_letters(_SIZES[-1], layout.text.width))} letters",
        found=f"{len(lines)} lines, {sum(printed)} as they wrap, the longest of"
        f" {max(map(len, lines))} letters",
        hint="Shorten it, give the recipient an address_block of its own, or take a layout with"
        " more room: 'plain' is for envelopes without a window.",
    )


@lru_cache(maxsize=256)
def _placed(fitted: FittedLines, y: float, bottom: float, return_height: float) -> AddressPlace:
    y = min(y, bottom - fitted.height)
    return AddressPlace(
        round(y, 2), fitted.size, round(fitted.line_height, 3), round(y - return_height, 2)
    )


def fit_lines(
    lines: tuple[str, ...],
    width: float,
    height: float,
    largest: float = _SIZES[0],
    width_of: Callable[[str], float] | None = None,
) -> FittedLines | None:
    """The size at which an address fits into ``width`` times ``height`` mm; nothing below 8 pt.

    ``largest`` is the usual size in pt, ``width_of`` gives the width of a line in em; without
    it, that in the wider fonts counts. A somewhat smaller size goes before a line that wraps,
    and a line that wraps before a size that is hard to read.
    """
    text = "".join(lines)
    tall = 1 if text.isascii() or max(text) < _OTHER_FONTS else _TALL
    widths = [(width_of or _em)(line) for line in lines]
    widest = max(widths, default=0)
    for size, may_wrap in _tries(largest):
        count = len(lines)
        if _printed_lines(widest, size, width) > 1:
            if not may_wrap:
                continue
            count = sum([_printed_lines(em, size, width) for em in widths])
        line_height = size * (_LINE if size > 8.5 else _TIGHT_LINE) * _PT
        grown = line_height * (tall if size > 8.5 else 1) * count
        if grown <= height:
            return FittedLines(size, count, line_height, grown)
    return None


@lru_cache(maxsize=32)
def _tries(largest: float) -> tuple[tuple[float, bool], ...]:
    """Sizes (pt), and whether lines may wrap in them, in the order in which they are tried."""
    larger = [largest - step / 2 for step in range(int(2 * (largest - _SIZES[0])))]
    sizes = (*larger, *(size for size in _SIZES if size <= largest))
    unwrapped = [(size, False) for size in sizes if size >= _UNWRAPPED]
    return (*unwrapped, *((size, True) for size in sizes))


@lru_cache(maxsize=256)
def _return_height(return_line: str, layout: Layout) -> float:
    """Height in mm of the sender's line, which may take two, and the air below it."""
    if not layout.return_line:
        return 0
    width = layout.field.x + layout.field.width - layout.text.x
    return _RETURN_LINE * _printed_lines(_em(return_line), _RETURN_SIZE, width) + 0.9


def _letters(size: float, width: float) -> float:
    """How many letters of middling width stand on a line of ``width`` mm."""
    return width / (size * _PT * 0.5)


def _printed_lines(em: float, size: float, width: float) -> int:
    """How many lines a line of ``em`` may wrap to; never fewer than it does."""
    lines = em * size * _PT / width
    return 1 if lines <= 1 else math.ceil(lines * _RAGGED)


def _em(line: str) -> float:
    """The width of a line in em."""
    return _remembered(line) if len(line) <= _LONGEST_REMEMBERED else sum(map(_advance, line))


@lru_cache(maxsize=2048)
def _remembered(line: str) -> float:
    return sum(map(_advance, line))


@lru_cache(maxsize=4096)
def _advance(char: str) -> float:
    """The width of a character in em; an accent adds nothing."""
    base = unicodedata.normalize("NFD", char)[0]
    if base in _ADVANCES:
        return _ADVANCES[base]
    if base >= "\u2e80":  # Chinese, Japanese, Korean
        return 1.0
    if base >= "\u0370":  # Greek, Cyrillic and beyond
        return 0.8 if base.isupper() else 0.66
    return 0.7 if base.isupper() else 0.56
