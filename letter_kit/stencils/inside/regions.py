"""What was painted of a page, or of a part of it: blocks, and what stands between them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pydyf

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.blocks import Block

__all__ = ["Fixed", "Painted", "Slot"]


class Fixed(NamedTuple):
    """Operators in which nothing changes but the numbers of their marked content."""

    said: tuple[bytes, ...]
    """What stands before, between and after the numbers, which follow each other."""
    first: int

    @staticmethod
    def of(items: list[Any], first: int) -> "Fixed":
        """Operators whose pieces of marked content are counted from ``first``."""
        said: list[list[bytes]] = [[]]
        for item in items:
            if isinstance(item, pydyf.Dictionary) and "MCID" in item:
                said.append([])
            else:
                said[-1].append(pydyf._to_bytes(item))
        return Fixed(tuple(b"\n".join(part) for part in said), first)

    def shifted(self, shift: int) -> bytes:
        """The operators, the numbers moved up by ``shift``."""
        parts = [self.said[0]]
        for number, part in enumerate(self.said[1:], start=self.first + shift):
            parts.append(b"<</MCID %d>>" % number)
            parts.append(part)
        return b"\n".join(parts)


class Slot(NamedTuple):
    """Where the part of that number is drawn."""

    part: int


class Painted(NamedTuple):
    """What was painted of a box. Its pieces of marked content are counted from 0."""

    box: Any
    pieces: tuple[Fixed | Block | Slot, ...]
    tags: Mapping[Any, Mapping[str, Any]]
    """Of texts and pictures, what they are and their numbers."""
    marks: int
    needs: frozenset[Need]
    """What stands between the blocks needs of fonts."""
