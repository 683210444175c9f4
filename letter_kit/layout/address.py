"""How an address fits into what the window always shows."""

import math
from dataclasses import dataclass

from letter_kit.errors import LetterError
from letter_kit.layout.tables import Layout

__all__ = ["AddressPlace", "place_address"]

_PT = 25.4 / 72
_RETURN_LINE = 4.2
"""Height in mm of the sender's line above the address."""
_SIZES = (10.5, 10.0, 9.5, 9.0)
"""Sizes in pt, the usual one first. Postal sorting machines read 9 pt and larger."""
_LINE = 1.2
_WIDEST = 0.62
"""Mean advance of a capital in em, with some air: lines in capitals are the widest."""


@dataclass(frozen=True, slots=True)
class AddressPlace:
    """Where the first line's top is (mm), its size (pt) and the height of a line (mm)."""

    y: float
    size: float
    line_height: float


def place_address(lines: tuple[str, ...], layout: Layout) -> AddressPlace:
    """The place of an address: at the layout's line, higher or smaller where it is long.

    Raises `LetterError` where it does not fit into the window at 9 pt.
    """
    top = layout.safe.top + (_RETURN_LINE if layout.return_line else 0)
    for size in _SIZES:
        line_height = size * _LINE * _PT
        height = line_height * sum(_printed_lines(line, size, layout) for line in lines)
        y = min(layout.text.y, layout.safe.bottom - height)
        if y >= top:
            return AddressPlace(round(y, 2), size, round(line_height, 3))
    most = int((layout.safe.bottom - top) / (_SIZES[-1] * _LINE * _PT))
    raise LetterError.of(
        "the address does not fit into the envelope's window",
        expected=f"at most {most} lines of about {int(_letters(_SIZES[-1], layout))} letters",
        found=f"{len(lines)} lines, the longest of {max(map(len, lines))} letters",
        hint="Shorten it, or give the recipient an address_block of its own.",
    )


def _letters(size: float, layout: Layout) -> float:
    return layout.text.width / (size * _PT * _WIDEST)


def _printed_lines(line: str, size: float, layout: Layout) -> int:
    """How many lines a line may wrap to; a line in small letters is narrower."""
    capitals = sum(char.isupper() for char in line)
    letters = capitals + 0.8 * (len(line) - capitals)
    return max(1, math.ceil(letters / _letters(size, layout)))
