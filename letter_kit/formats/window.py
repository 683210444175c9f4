"""Whether the address lies where an envelope's window always shows it, measured on the PDF."""

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from letter_kit.errors import LetterError
from letter_kit.layout import Layout, place_address
from letter_kit.models import Letter

__all__ = ["TOLERANCE", "check_window"]

_MM = 72 / 25.4
TOLERANCE = 0.2
"""In mm: a letter's overhang may stand this far outside."""


_SMALLEST = 1.6
"""In mm: how high the highest line must be; capitals of 8 pt are 1.9 mm."""
_DARK = 200
"""Of 255: what is lighter is not read."""
_PIXELS = 3
"""Pixels to a point, so that the finest stroke of 8 pt has one."""
_LEFT_OUT = frozenset({"Pd", "Mn", "Pi", "Pf"})


class _Box(NamedTuple):
    """A piece of a line, in mm from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float


def check_window(pdf: bytes, letter: Letter, layout: Layout) -> None:
    """Raise `LetterError` where the window does not show the whole address and nothing else.

    Measured is the first page as it stands in the file, whatever the frame did: where its
    text is, and whether that can be seen.
    """
    if not layout.window:
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        height = page.get_height()
        text = page.get_textpage()
        safe = _Box(*layout.safe)
        pieces = [
            (box, text.get_text_bounded(*_in_points(box, height))) for box in _boxes(text, height)
        ]
        shown = text.get_text_bounded(*_in_points(safe, height))
        top = place_address(letter.address, letter.return_line, layout).y
        # The sender's line above the address may be longer than what is always shown.
        lines = [(box, said) for box, said in pieces if box.bottom > top and _touches(box, safe)]
        if cut := [box for box, _ in lines if not _holds(safe, box)]:
            furthest = max(cut, key=lambda box: _beyond(box, safe))
            raise _hidden(layout, f"text at {_said(furthest)}")
        address = _signs("".join(letter.address))
        if address - _signs(shown):
            raise _hidden(layout, "an address that stands elsewhere")
        if len({round(box.top) for box, _ in lines}) < len(letter.address):
            raise _hidden(layout, "lines that stand on top of each other")
        if max(box.bottom - box.top for box, _ in lines) < _SMALLEST:
            raise _hidden(layout, "letters that are too small to read")
        is_seen = _ink(page, safe)
        if unseen := [said for box, said in lines if _signs(said) and not is_seen(box)]:
            raise _hidden(layout, f"that {unseen[0].strip()!r} cannot be seen")
        field = _Box(*layout.field[:2], layout.field.x + layout.field.width, safe.bottom)
        others = [
            said
            for box, said in pieces
            if box.bottom > top and _touches(box, field) and not _touches(box, safe)
        ]
        if _signs(shown) - address - _signs(letter.return_line):
            others.append(shown)
        if others:
            raise LetterError.of(
                "the envelope's window shows more than the address",
                found=" / ".join(" ".join(others).split("\r\n"))[:200],
                hint="Look at the template: --overlay draws the window.",
            )
    finally:
        document.close()


def _hidden(layout: Layout, found: str) -> LetterError:
    return LetterError.of(
        "the envelope's window does not show the whole address",
        expected=f"{layout.name}: {_said(_Box(*layout.safe))}",
        found=found,
        hint="Shorten the address, or look at the template: --overlay draws the window.",
    )


def _ink(page: Any, zone: _Box) -> Callable[[_Box], bool]:
    """Asks of a box in ``zone`` whether there is ink in it. The zone is drawn once."""
    width, height = page.get_size()
    left, bottom, right, top = _in_points(zone, height)
    picture = page.render(
        scale=_PIXELS, crop=(left, bottom, width - right, height - top), grayscale=True
    )
    pixels, stride = bytes(picture.buffer), picture.stride
    per_mm = _MM * _PIXELS

    def is_seen(box: _Box) -> bool:
        # A hyphen may be less than a pixel high: rounded outwards, every box has one.
        columns = slice(
            max(0, math.floor((box.left - zone.left) * per_mm)),
            math.ceil((box.right - zone.left) * per_mm),
        )
        rows = range(
            max(0, math.floor((box.top - zone.top) * per_mm)),
            min(picture.height, math.ceil((box.bottom - zone.top) * per_mm)),
        )
        return any(
            min(pixels[row * stride : (row + 1) * stride][columns], default=255) < _DARK
            for row in rows
        )

    return is_seen


def _signs(text: str) -> Counter[str]:
    """How often each sign stands in ``text``: the order in which a PDF has them varies.

    Hyphens are left out, since a reader of PDF takes those at a line's end for its own, accents,
    which stand with their letter or beside it, and brackets and quotation marks, which are turned
    round from right to left.
    """
    plain = unicodedata.normalize("NFKD", text)
    return Counter(
        char.casefold()
        for char in plain
        if char.isprintable()
        and not char.isspace()
        and not unicodedata.mirrored(char)
        and unicodedata.category(char) not in _LEFT_OUT
    )


def _boxes(text: Any, height: float) -> Iterator[_Box]:
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        yield _Box(left / _MM, (height - top) / _MM, right / _MM, (height - bottom) / _MM)


def _in_points(box: _Box, height: float) -> tuple[float, float, float, float]:
    """Left, bottom, right, top, as PDF counts them: from the bottom of the page."""
    return box.left * _MM, height - box.bottom * _MM, box.right * _MM, height - box.top * _MM


def _touches(piece: _Box, zone: _Box) -> bool:
    return (
        piece.left < zone.right - TOLERANCE
        and piece.right > zone.left + TOLERANCE
        and piece.top < zone.bottom - TOLERANCE
        and piece.bottom > zone.top + TOLERANCE
    )


def _holds(zone: _Box, piece: _Box) -> bool:
    return _beyond(piece, zone) <= TOLERANCE


def _beyond(piece: _Box, zone: _Box) -> float:
    """How far the piece reaches over the zone's edges, in mm."""
    return max(
        zone.left - piece.left,
        piece.right - zone.right,
        zone.top - piece.top,
        piece.bottom - zone.bottom,
    )


def _said(box: _Box) -> str:
    return f"x {box.left:.0f}–{box.right:.0f} mm, y {box.top:.0f}–{box.bottom:.0f} mm"
