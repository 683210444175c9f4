"""Whether the address lies where an envelope's window always shows it, measured on the PDF."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from letter_kit.errors import LetterError
from letter_kit.layout import Layout, place_address
from letter_kit.models import Letter

__all__ = ["check_window"]

_MM = 72 / 25.4
_TOLERANCE = 0.2
"""In mm: a letter's overhang may stand this far outside."""


class _Box(NamedTuple):
    """A piece of a line, in mm from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float


def check_window(pdf: bytes, letter: Letter, layout: Layout) -> None:
    """Raise `LetterError` where the window does not show the whole address and nothing else.

    Measured is the text of the first page as it stands in the file, whatever the frame did.
    """
    if not layout.window:
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        text = page.get_textpage()
        safe = _Box(*layout.safe)
        shown_text = text.get_text_bounded(*_in_points(safe, page.get_height()))
        pieces = list(_pieces(text, page.get_height()))
    finally:
        document.close()
    top = place_address(letter.address, letter.return_line, layout).y
    cut = [
        piece
        for piece in pieces
        # The sender's line above the address may be longer than what is always shown.
        if piece.bottom > top and _touches(piece, safe) and not _holds(safe, piece)
    ]
    address, shown = _signs("".join(letter.address)), _signs(shown_text)
    hidden = address - shown
    if cut or hidden:
        furthest = max(cut, key=lambda piece: _beyond(piece, safe)) if cut else None
        raise LetterError.of(
            "the envelope's window does not show the whole address",
            expected=f"{layout.name}: {_said(safe)}",
            found=f"text at {_said(furthest)}" if furthest else "an address that stands elsewhere",
            hint="Shorten the address, or look at the template: --overlay draws the window.",
        )
    if shown - address - _signs(letter.return_line):
        raise LetterError.of(
            "the envelope's window shows more than the address",
            found=" / ".join(shown_text.split("\r\n"))[:200],
            hint="Look at the template: --overlay draws the window.",
        )


def _signs(text: str) -> Counter[str]:
    """How often each sign stands in ``text``: the order in which a PDF has them varies.

    Hyphens are left out, since a reader of PDF takes those at a line's end for its own.
    """
    plain = unicodedata.normalize("NFKC", text)
    return Counter(
        char
        for char in plain
        if not char.isspace() and char.isprintable() and unicodedata.category(char) != "Pd"
    )


def _pieces(text: "object", height: float) -> Iterator[_Box]:
    for index in range(text.count_rects()):  # type: ignore[attr-defined]  # pypdfium2 has no types
        left, bottom, right, top = text.get_rect(index)  # type: ignore[attr-defined]  # the same
        yield _Box(left / _MM, (height - top) / _MM, right / _MM, (height - bottom) / _MM)


def _in_points(box: _Box, height: float) -> tuple[float, float, float, float]:
    """Left, bottom, right, top, as PDF counts them: from the bottom of the page."""
    return box.left * _MM, height - box.bottom * _MM, box.right * _MM, height - box.top * _MM


def _touches(piece: _Box, zone: _Box) -> bool:
    return (
        piece.left < zone.right - _TOLERANCE
        and piece.right > zone.left + _TOLERANCE
        and piece.top < zone.bottom - _TOLERANCE
        and piece.bottom > zone.top + _TOLERANCE
    )


def _holds(zone: _Box, piece: _Box) -> bool:
    return _beyond(piece, zone) <= _TOLERANCE


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
