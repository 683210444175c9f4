"""A PDF file put together: what all letters of a stencil share, and what is a letter's own."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any
from xml.sax.saxutils import escape

import pydyf

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside import Block, Composition, Faces, Surprise

__all__ = ["FileForm", "content_object"]

_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_ENTRY = struct.Struct(">BIH")
"""An entry of the cross-reference stream: its kind, and two numbers."""
_FREE, _PLAIN, _PACKED = range(3)
_SMALL = 800
"""Bytes of a content that is not compressed: that would take longer than it saves."""
_MOST_FONTS = 64
_FIRST_FONT = 10_000
"""The number of the first object of fonts: the same in all files, and so are the objects."""
_XMP_BEGIN = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
)
_XMP_END = b'\n</x:xmpmeta>\n<?xpacket end="r"?>'


def content_object(number: int, content: bytes) -> bytes:
    """The PDF object of a part of a page's content."""
    if len(content) <= _SMALL:
        return _stream(number, b"", content)
    return _stream(number, b"/Filter /FlateDecode", zlib.compress(content))


def _stream(number: int, about: bytes, content: bytes) -> bytes:
    head = b"%d 0 obj\n<<%b/Length %d>>\nstream\n" % (number, about, len(content))
    return b"%b%b\nendstream\nendobj\n" % (head, content)


class FileForm:
    """What the files of one stencil have in common.

    ``blocks`` are numbered by the PDF objects of their contents.
    """

    def __init__(self, laid: Composition, faces: Faces) -> None:
        self._faces = faces
        self._fixed_needs = laid.needs
        pdf = laid.pdf
        number = len(pdf.objects)
        self.blocks: dict[int, Block] = {}
        fixed: list[bytes] = []
        left_out = {0, laid.fonts, *laid.unused}
        for sheet, leaf in zip(_pages(pdf), laid.leaves, strict=True):
            left_out.add(leaf.number)
            numbers = [leaf.number]
            for _ in leaf.pieces[1:]:
                numbers.append(number)
                number += 1
            page = pdf.objects[sheet.number] = copy(sheet)
            page["Contents"] = pydyf.Array([b"%d 0 R" % place for place in numbers])
            for place, piece in zip(numbers, leaf.pieces, strict=True):
                if isinstance(piece, bytes):
                    fixed.append(content_object(place, piece))
                else:
                    self.blocks[place] = piece
        self._xmp_number = int(pdf.catalog["Metadata"].split()[0])
        left_out.add(self._xmp_number)
        self._xmp = _xmp(laid.metadata)
        self._info_number, self._packed_number, self._last = number, number + 1, number + 2
        if self._last >= _FIRST_FONT:
            raise Surprise("more objects than numbers for them")
        self._info = _Info(pdf.info)
        self._fonts_number = laid.fonts
        self._about_xref = (
            b"/Type /XRef/Index [0 %d %d %%d]/W [1 4 2]/Size %%d/Root %b/Info %d 0 R"
            b"/Filter /FlateDecode"
        ) % (self._last + 1, _FIRST_FONT, pdf.catalog.reference, self._info_number)
        rest = [entry for entry in pdf.objects if entry.number not in left_out]
        self._fixed = self._put(fixed, rest)
        self._fonts: dict[frozenset[Need], tuple[bytes, bytes, bytes]] = {}

    def _put(self, contents: Sequence[bytes], objects: Sequence[Any]) -> bytes:
        """The beginning of each file, with the objects that are the same in all."""
        parts = [_HEADER]
        offset = len(_HEADER)
        entries: dict[int, bytes] = {0: _ENTRY.pack(_FREE, 0, 65535)}
        packed = [entry for entry in objects if entry.compressible]
        plain = [entry for entry in objects if not entry.compressible]
        heads, bodies, place = [], [], 0
        for index, entry in enumerate(packed):
            data = entry.data
            heads.append(b"%d %d" % (entry.number, place))
            bodies.append(data)
            place += len(data) + 1
            entries[entry.number] = _ENTRY.pack(_PACKED, self._packed_number, index)
        head = b" ".join(heads) + b"\n"
        stream = zlib.compress(head + b"\n".join(bodies), 9)
        about = b"/Type /ObjStm/N %d/First %d/Filter /FlateDecode" % (len(packed), len(head))
        box = _stream(self._packed_number, about, stream)
        for part in (*contents, *[entry.indirect + b"\n" for entry in plain], box):
            number = int(part[: part.index(b" ")])
            entries[number] = _ENTRY.pack(_PLAIN, offset, 0)
            parts.append(part)
            offset += len(part)
        unused = _ENTRY.pack(_FREE, 0, 0)
        self._xref = b"".join(entries.get(number, unused) for number in range(self._last + 1))
        return b"".join(parts)

    def write(
        self, contents: Mapping[int, bytes], needs: frozenset[Need], metadata: Sequence[str]
    ) -> bytes:
        """A file: ``contents`` are objects of the blocks by number, and ``needs`` theirs."""
        fonts, of_fonts, names = self._fonts_for(needs | self._fixed_needs)
        xref = bytearray(self._xref)
        parts = [self._fixed, fonts]
        offset = len(self._fixed) + len(fonts)
        own = {
            **contents,
            self._fonts_number: names,
            self._info_number: self._info.object(self._info_number, metadata),
            self._xmp_number: _xmp_object(self._xmp_number, self._xmp, metadata),
        }
        for number, entry in own.items():
            _ENTRY.pack_into(xref, _ENTRY.size * number, _PLAIN, offset, 0)
            parts.append(entry)
            offset += len(entry)
        _ENTRY.pack_into(xref, _ENTRY.size * self._last, _PLAIN, offset, 0)
        size = _FIRST_FONT + len(of_fonts) // _ENTRY.size
        table = zlib.compress(xref + of_fonts, 1)
        about = self._about_xref % (len(of_fonts) // _ENTRY.size, size)
        parts.append(_stream(self._last, about, table))
        parts.append(b"startxref\n%d\n%%%%EOF\n" % offset)
        return b"".join(parts)

    def _fonts_for(self, needs: frozenset[Need]) -> tuple[bytes, bytes, bytes]:
        """The objects of fonts, their entries in the table, and the object that names them."""
        if needs in self._fonts:
            return self._fonts[needs]
        by_face: dict[str, set[Need]] = {}
        for need in needs:
            by_face.setdefault(need[0], set()).add(need)
        number, offset = _FIRST_FONT, len(self._fixed)
        names, entries, parts = [], [], []
        for name in sorted(by_face):
            objects = self._faces.objects(name, frozenset(by_face[name]), number)
            number += len(objects)
            names.append(b"/%b %d 0 R" % (name.encode(), number - 1))
            for part in objects:
                entries.append(_ENTRY.pack(_PLAIN, offset, 0))
                offset += len(part)
                parts.append(part)
        named = b"%d 0 obj\n<<%b>>\nendobj\n" % (self._fonts_number, b"".join(names))
        while len(self._fonts) >= _MOST_FONTS:
            del self._fonts[next(iter(self._fonts))]
        self._fonts[needs] = b"".join(parts), b"".join(entries), named
        return self._fonts[needs]


def _pages(pdf: Any) -> list[Any]:
    return [pdf.objects[number] for number in pdf.pages["Kids"][::3]]


class _Info:
    """The document's own data: title, author, subject."""

    def __init__(self, info: Mapping[str, Any]) -> None:
        names = ("Title", "Author", "Subject")
        self._rest = b"".join(
            b"/%b %b" % (key.encode(), value.data)
            for key, value in info.items()
            if key not in names
        )
        self._names = [name.encode() if name in info else None for name in names]

    def object(self, number: int, metadata: Sequence[str]) -> bytes:
        told = [
            b"/%b %b" % (name, pydyf.String(text).data)
            for name, text in zip(self._names, metadata, strict=True)
            if name
        ]
        return b"%d 0 obj\n<<%b%b>>\nendobj\n" % (number, self._rest, b"".join(told))


_PLACES = ("@@title@@", "@@author@@", "@@description@@")


def _xmp(metadata: Any) -> bytes:
    """The metadata, with marks where a letter's own go."""
    title, authors, description = metadata.title, metadata.authors, metadata.description
    if len(authors) > 1:
        raise Surprise("several authors")
    metadata.title = title and _PLACES[0]
    metadata.authors = authors and [_PLACES[1]]
    metadata.description = description and _PLACES[2]
    said = metadata.generate_rdf_metadata("ua", 1, None)
    metadata.title, metadata.authors, metadata.description = title, authors, description
    return _XMP_BEGIN + bytes(said) + _XMP_END


def _xmp_object(number: int, xmp: bytes, metadata: Sequence[str]) -> bytes:
    for mark, text in zip(_PLACES, metadata, strict=True):
        xmp = xmp.replace(mark.encode(), escape(text).encode())
    return _stream(number, b"/Type /Metadata/Subtype /XML", xmp)
