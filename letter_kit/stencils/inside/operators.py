"""PDF operators, in which nothing may change but the numbers of their marked content."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pydyf

__all__ = ["Operators", "is_mark"]


class Operators(NamedTuple):
    """Operators, and between them the numbers of marked content, counted from any number."""

    parts: tuple[bytes | int, ...]

    @classmethod
    def of(cls, items: Iterable[Any]) -> "Operators":
        """What WeasyPrint wrote; numbers of marked content may stand there as they are."""
        parts: list[bytes | int] = []
        said: list[bytes] = []
        for item in items:
            if isinstance(item, int) or is_mark(item):
                parts += [b"\n".join(said), item if isinstance(item, int) else item["MCID"]]
                said = []
            else:
                said.append(pydyf._to_bytes(item))
        return cls((*parts, b"\n".join(said)))

    def numbered(self, first: int) -> bytes:
        """The operators, their marked content counted from ``first``."""
        return b"\n".join(
            part if isinstance(part, bytes) else b"<</MCID %d>>" % (first + part)
            for part in self.parts
        )


def is_mark(item: Any) -> bool:
    """Whether an item of a stream is the number of marked content."""
    return isinstance(item, pydyf.Dictionary) and "MCID" in item
