"""How an address fits into what the window always shows."""

import math
from typing import NamedTuple

from letter_kit.errors import LetterError
from letter_kit.layout.tables import Layout

__all__ = ["AddressPlace", "place_address"]

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
_WIDEST = 0.62
"""Mean advance of a capital in em, with some air: lines in capitals are the widest."""


class AddressPlace(NamedTuple):
    """Where the address stands: its top (mm), size (pt), height of a line (mm).

    ``return_y`` is the top of the sender's line above it.
    """

    y: float
    size: float
    line_height: float
    return_y: float


def place_address(lines: tuple[str, ...], return_line: str, layout: Layout) -> AddressPlace:
    """The place of an address: at the layout's line, higher or smaller where it is long.

    A smaller size goes before a line that wraps.

    Raises `LetterError` where it does not fit into the window at 8 pt.
    """
    return_height = _return_height(return_line, layout)
    top = layout.safe.top + return_height
    for may_wrap in (False, True):
        for size in _SIZES:
            printed = [_printed_lines(line, size, layout.text.width) for line in lines]
            line_height = size * (_LINE if size > 8.5 else _TIGHT_LINE) * _PT
            y = min(layout.text.y, layout.safe.bottom - line_height * sum(printed))
            if y >= top and (may_wrap or max(printed) == 1):
                return AddressPlace(
                    round(y, 2), size, round(line_height, 3), round(y - return_height, 2)
                )
    most = int((layout.safe.bottom - top) / (_SIZES[-1] * _TIGHT_LINE * _PT))
    raise LetterError.of(
        "the address does not fit into the envelope's window",
        expected=f"at most {most} lines of about"
        f" {int(_letters(_SIZES[-1], layout.text.width))} letters",
        found=f"{len(lines)} lines, the longest of {max(map(len, lines))} letters",
        hint="Shorten it, or give the recipient an address_block of its own.",
    )


def _return_height(return_line: str, layout: Layout) -> float:
    """Height in mm of the sender's line, which may take two, and the air below it."""
    if not layout.return_line:
        return 0
    width = layout.field.x + layout.field.width - layout.text.x
    return _RETURN_LINE * _printed_lines(return_line, _RETURN_SIZE, width) + 0.9


def _letters(size: float, width: float) -> float:
    return width / (size * _PT * _WIDEST)


def _printed_lines(line: str, size: float, width: float) -> int:
    """How many lines a line may wrap to; a line in small letters is narrower."""
    capitals = sum(char.isupper() for char in line)
    letters = capitals + 0.84 * (len(line) - capitals)
    return max(1, math.ceil(letters / _letters(size, width)))
