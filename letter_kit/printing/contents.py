"""What pages show, its parts that recur written once.

Letters of one campaign and language are the same but for a few lines. A page's content may
stand in several streams that are read as one (ISO 32000-1, 7.8.2), so that the lines which
recur can be shared.
"""

from hashlib import blake2b

from letter_kit.printing.writer import PdfWriter

__all__ = ["Contents"]

_END_OF_PIECE = b"\nEMC\n"
"""Where a marked piece ends, such as a line of text: a stream may end there."""
_UNSAFE = (b"(", b"%", b"\nID", b" ID")
"""A string, a comment or a picture within the content may hold what looks like such an end."""
_REMEMBERED = 20_000
"""Pieces seen only once that are remembered, so that memory does not grow with the letters."""


class Contents:
    """Writes the content of pages; a piece that comes again is written once more, then shared."""

    def __init__(self, target: PdfWriter) -> None:
        self._target = target
        self._once: set[bytes] = set()
        self._shared: dict[bytes, int] = {}

    def written(self, content: bytes) -> list[int]:
        """The numbers of the streams that together are ``content``, a page's."""
        whole = any(sign in content for sign in _UNSAFE)
        *ended, rest = [content] if whole else content.split(_END_OF_PIECE)
        numbers: list[int] = []
        own: list[bytes] = []
        for piece in (*(piece + _END_OF_PIECE for piece in ended), rest):
            shared = self._number(piece)
            if shared is None:
                own.append(piece)
                continue
            numbers += self._alone(own)
            numbers.append(shared)
            own = []
        return numbers + self._alone(own)

    def _number(self, piece: bytes) -> int | None:
        """The shared stream of a piece; nothing for one that was never seen before."""
        key = blake2b(piece, digest_size=16).digest()
        if key not in self._shared:
            if key not in self._once:
                if len(self._once) >= _REMEMBERED:
                    self._once.clear()
                self._once.add(key)
                return None
            self._once.remove(key)
            self._shared[key] = self._target.add_packed(piece)
        return self._shared[key]

    def _alone(self, pieces: list[bytes]) -> list[int]:
        content = b"".join(pieces)
        return [self._target.add_packed(content)] if content.strip() else []
