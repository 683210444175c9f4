"""Columns of blocks: parts of a page in which a line that is higher moves the next ones down."""

from itertools import pairwise
from typing import Any

import pydyf

from letter_kit.stencils.inside.blocks import Block, Column
from letter_kit.stencils.inside.operators import Operators
from letter_kit.stencils.inside.regions import Painted

__all__ = ["as_column", "moved_down"]

_DIGITS = 4
_BIAS = 1e-7
"""CSS pixels: distances that layout gave by different ways round to the same."""


def as_column(painted: Painted, page: Any) -> Painted:
    """What was painted of a part, as a column if it is one: blocks and nothing else."""
    begin, *pieces, end = painted.pieces
    blocks = [piece for piece in pieces if isinstance(piece, Block)]
    if not blocks or len(blocks) != len(pieces) or not _draws_nothing(begin, end):
        return painted
    gaps = [below.top - above.bottom for above, below in pairwise(blocks)]
    if any(gap < -_BIAS for gap in gaps):
        return painted
    top = blocks[0].top
    column = Column(top, page.content_box_y() + page.height)
    moved: list[Block] = []
    for block, gap in zip(blocks, (*gaps, 0.0), strict=True):
        if (one := block.in_column(column, _rounded(gap), moved)) is None:
            return painted
        moved.append(one)
    return painted._replace(pieces=(begin, _down_to(top), *moved, end))


def moved_down(painted: Painted, distance: float) -> Painted | None:
    """A column so many CSS pixels further down; ``None`` where it is none."""
    if not distance:
        return painted
    begin, _, *pieces, end = painted.pieces
    blocks = [piece for piece in pieces if isinstance(piece, Block)]
    if not blocks or blocks[0].column is None:
        return None
    top, bottom = blocks[0].column
    column = Column(top + distance, bottom)
    return painted._replace(
        pieces=(begin, _down_to(column.top), *(block.moved(column) for block in blocks), end)
    )


def _down_to(top: float) -> Operators:
    return Operators((b"1 0 0 1 0 %b cm" % pydyf._to_bytes(_rounded(top)),))


def _draws_nothing(*pieces: Any) -> bool:
    return all(
        isinstance(piece, Operators) and set(piece.numbered(0).split()) <= {b"q", b"Q"}
        for piece in pieces
    )


def _rounded(value: float) -> float:
    return round(value + _BIAS, _DIGITS)
