"""What was painted of a page, or of a part of it: blocks, and what stands between them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.blocks import Block
from letter_kit.stencils.inside.operators import Operators

__all__ = ["Painted", "Slot"]


class Slot(NamedTuple):
    """Where the part of that number is drawn."""

    part: int


class Painted(NamedTuple):
    """What was painted of a box. Its pieces of marked content are counted from 0."""

    box: Any
    pieces: tuple[Operators | Block | Slot, ...]
    tags: Mapping[Any, Mapping[str, Any]]
    """Of texts and pictures, what they are and their numbers."""
    marks: int
    needs: frozenset[Need]
    """What stands between the blocks needs of fonts."""

    @property
    def blocks(self) -> list[Block]:
        """The blocks among the pieces."""
        return [piece for piece in self.pieces if isinstance(piece, Block)]

    @property
    def is_all_blocks(self) -> bool:
        """Whether all that it says stands in blocks."""
        return self.marks == sum(len(block.marks) for block in self.blocks)
