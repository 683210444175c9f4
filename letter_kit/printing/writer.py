"""A PDF written as it grows: what is written is forgotten, but for where it stands.

So the memory that it takes is 11 bytes an object, however large the file. The form is that
of PDF 1.7 (ISO 32000-1): object streams (7.5.7) and a cross-reference stream (7.5.8).
"""

import hashlib
import struct
import zlib
from array import array
from collections.abc import Callable

__all__ = ["PdfWriter", "pdf_text"]

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_AT_ONCE = 1000
"""Objects in an object stream: many pack well, since letters are alike; a reader that wants
one of them unpacks all."""
_FREE, _OWN, _PACKED = range(3)
"""The kinds of entries in a cross-reference stream."""
_ROWS_AT_ONCE = 10_000
_ROW = struct.Struct(">xBQH")
"""The predictor, the kind, the place or the object stream, and the index therein."""


class PdfWriter:
    """Hands the file to ``write``, piece by piece; texts of objects hold the numbers that
    `reserve` gave.
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._hand_over = write
        self._length = 0
        self._digest = hashlib.sha256()
        self._kinds = bytearray([_FREE])
        self._places = array("Q", [0])
        self._indices = array("H", [0xFFFF])
        self._packed: list[tuple[int, bytes]] = []
        self._write(_HEADER)

    def reserve(self) -> int:
        """The number of an object that is still to come."""
        self._kinds.append(_FREE)
        self._places.append(0)
        self._indices.append(0)
        return len(self._kinds) - 1

    def add(self, text: bytes, number: int | None = None) -> int:
        """Write an object that is no stream; its number."""
        number = number or self.reserve()
        self._packed.append((number, text))
        if len(self._packed) == _AT_ONCE:
            self._write_packed()
        return number

    def add_stream(self, entries: bytes, data: bytes, number: int | None = None) -> int:
        """Write a stream, ``data`` as it stands in the file; its number.

        ``entries`` are those of its dictionary but for the length.
        """
        number = number or self.reserve()
        self._note(number, _OWN, self._length)
        self._write(
            b"%d 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n"
            % (number, entries, len(data), data)
        )
        return number

    def add_packed(self, data: bytes, number: int | None = None, entries: bytes = b"") -> int:
        """Write a stream, ``data`` being packed; its number."""
        return self.add_stream(b"/Filter /FlateDecode " + entries, zlib.compress(data), number)

    def finish(self, root: int, info: int) -> None:
        """Write what a reader begins with. The file's identifier follows from its content."""
        self._write_packed()
        identifier = self._digest.hexdigest()[:32].encode()
        number, start = self.reserve(), self._length
        self._note(number, _OWN, start)
        entries = (
            b"/Type /XRef /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] /W [1 8 2]"
            b" /DecodeParms << /Predictor 12 /Columns %d >>"
        ) % (number + 1, root, info, identifier, identifier, _ROW.size - 1)
        self.add_stream(b"/Filter /FlateDecode " + entries, self._table(), number)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _table(self) -> bytes:
        """A row an object, each as what differs from the row above (PNG's predictor *up*),
        packed portion by portion.
        """
        packer = zlib.compressobj()
        packed = []
        above = bytes(_ROW.size)
        for start in range(0, len(self._kinds), _ROWS_AT_ONCE):
            portion = slice(start, start + _ROWS_AT_ONCE)
            rows = b"".join(
                map(_ROW.pack, self._kinds[portion], self._places[portion], self._indices[portion])
            )
            table = bytearray(_bytewise_difference(rows, above + rows[: -_ROW.size]))
            table[:: _ROW.size] = b"\2" * (len(table) // _ROW.size)
            packed.append(packer.compress(table))
            above = rows[-_ROW.size :]
        return b"".join((*packed, packer.flush()))

    def _write_packed(self) -> None:
        if not self._packed:
            return
        stream = self.reserve()
        places, offset = [], 0
        for index, (number, text) in enumerate(self._packed):
            self._note(number, _PACKED, stream, index)
            places.append(b"%d %d" % (number, offset))
            offset += len(text) + 1
        head = b" ".join(places) + b"\n"
        body = b"\n".join(text for _, text in self._packed)
        entries = b"/Type /ObjStm /N %d /First %d" % (len(self._packed), len(head))
        self._packed = []
        self.add_packed(head + body, stream, entries)

    def _note(self, number: int, kind: int, place: int, index: int = 0) -> None:
        self._kinds[number], self._places[number] = kind, place
        self._indices[number] = index

    def _write(self, data: bytes) -> None:
        self._hand_over(data)
        self._digest.update(data)
        self._length += len(data)


def _bytewise_difference(left: bytes, right: bytes) -> bytes:
    """Each byte of ``left`` less that of ``right``, modulo 256; all at once, as one number.

    The highest bit of each byte is set before and put right after, so that none borrows of
    its neighbour.
    """
    size = len(left)
    high = int.from_bytes(b"\x80" * size)
    low = int.from_bytes(b"\x7f" * size)
    a, b = int.from_bytes(left), int.from_bytes(right)
    return (((a | high) - (b & low)) ^ ((a ^ b ^ high) & high)).to_bytes(size)


def pdf_text(text: str) -> bytes:
    """``text`` as a string object in UTF-16, whatever it holds (ISO 32000-1, 7.9.2.2)."""
    return b"<feff%s>" % text.encode("utf-16-be", "replace").hex().encode()
