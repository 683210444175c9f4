"""Addresses as pages: HTML in which every place is given in mm."""

from collections.abc import Sequence
from html import escape

from letter_kit.language import direction
from letter_kit.models import Sender
from letter_kit.printing.addresses import Address, returned_to
from letter_kit.printing.sheets import Box, Sheet

__all__ = ["label_pages"]

_CSS = """
@page { size: %gmm %gmm; margin: 0 }
html { font-family: "Source Sans 3", Amiri, "Noto Sans SC", "Noto Sans JP", "Noto Sans KR",
  sans-serif; color: #000 }
:lang(ar), :lang(fa), :lang(ur) { font-family: Amiri, "Source Sans 3", sans-serif }
:lang(zh) { font-family: "Noto Sans SC", "Source Sans 3", sans-serif }
:lang(ja) { font-family: "Noto Sans JP", "Source Sans 3", sans-serif }
:lang(ko) { font-family: "Noto Sans KR", "Source Sans 3", sans-serif }
body, p { margin: 0 }
.page { position: relative; width: %gmm; height: %gmm; overflow: hidden; break-after: page }
.page:last-child { break-after: auto }
.place { position: absolute }
.place p { padding-inline-start: 1em; text-indent: -1em }
.place[dir=rtl] p { text-align: right; padding: 0; text-indent: 0 }
.cut { position: absolute; box-sizing: border-box; border: .2mm solid #999 }
"""


def label_pages(
    addresses: Sequence[Address],
    sheet: Sheet,
    *,
    before: int,
    sender: Sender | None,
    outline: bool,
    language: str,
    title: str,
) -> str:
    """The pages; on the first one, ``before`` places stay empty.

    ``sender`` is whose address stands on envelopes, if any. Raises `LetterError` where that
    does not fit.
    """
    count = len(sheet.places)
    cells: list[Address | None] = [*[None] * before, *addresses]
    pages = [
        _page(cells[start : start + count], sheet, sender, outline)
        for start in range(0, len(cells), count)
    ]
    css = _CSS % (*sheet.paper, *sheet.paper)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{css}</style></head>\n"
        f"<body>{''.join(pages)}</body></html>"
    )


def _page(
    cells: Sequence[Address | None], sheet: Sheet, sender: Sender | None, outline: bool
) -> str:
    parts = [_cut(cut) for cut in sheet.cuts] if outline else []
    for address, place in zip(cells, sheet.places, strict=False):
        if address is None:
            continue
        if sender is not None and sheet.returns is not None:
            lines, spoken, size = returned_to(sender, address.abroad, sheet.returns)
            parts.append(_block(lines, spoken, size, 1.2, sheet.returns))
        fitted = address.fitted
        leading = fitted.line_height / (fitted.size * 25.4 / 72)
        # On a label in the middle; on an envelope where the post looks for it.
        height = fitted.lines * fitted.line_height
        above = (place.height - height) / 2 if sheet.cuts else 0
        block = Box(place.x, place.y + above, place.width, fitted.height)
        parts.append(_block(address.lines, address.language, fitted.size, leading, block))
    return f'<div class="page">{"".join(parts)}</div>\n'


def _block(lines: Sequence[str], language: str, size: float, leading: float, place: Box) -> str:
    """A block of lines; ``leading`` is the height of a line in em."""
    runs = direction("".join(lines))
    said = "".join(f"<p>{_line(line, runs)}</p>" for line in lines)
    return (
        f'<div class="place" lang="{escape(language)}" dir="{runs}"'
        f' style="{_position(place)};font-size:{size:g}pt;line-height:{leading:.4g}">{said}</div>'
    )


def _line(line: str, around: str) -> str:
    """A line; one that runs against those ``around`` it is kept apart from them."""
    runs = direction(line)
    return escape(line) if runs == around else f'<bdi dir="{runs}">{escape(line)}</bdi>'


def _cut(cut: Box) -> str:
    return f'<div class="cut" style="{_position(cut)}"></div>'


def _position(box: Box) -> str:
    return f"left:{box.x:.5g}mm;top:{box.y:.5g}mm;width:{box.width:.5g}mm;height:{box.height:.5g}mm"
