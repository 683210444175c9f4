"""The fonts of many letters, each once.

WeasyPrint embeds in every letter a subset of each font: the glyphs that this letter needs.
The subsets of one font are made one here, and the fonts of all letters refer to it.
"""

import re
import struct
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from letter_kit.printing.opentype import OpenTypeUnion
from letter_kit.printing.subsets import FontParts, FontSubset
from letter_kit.printing.truetype import TrueTypeUnion
from letter_kit.printing.writer import PdfWriter

if TYPE_CHECKING:
    import pikepdf

__all__ = ["FontPool"]

_UNIONS: dict[str, type[TrueTypeUnion] | type[OpenTypeUnion]] = {
    "/FontFile2": TrueTypeUnion,
    "/FontFile3": OpenTypeUnion,
}
_CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo
<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
_AT_ONCE = 100
"""Entries of a character map that may stand together (Adobe Technical Note 5411)."""


class FontPool:
    """Takes in the fonts of letters; `write` writes them, when all letters were read."""

    def __init__(self, target: PdfWriter) -> None:
        self._target = target
        self._known: dict[bytes, int] = {}
        self._families: dict[bytes, list[_Font]] = {}

    def adopt(self, font: "pikepdf.Object") -> int | None:
        """The number of a font that does what ``font`` does.

        Nothing where it is made in a way that is not known here, and stays as it is.
        """
        parts = FontParts.of(font)
        if parts is None:
            return None
        key = parts.fingerprint()
        if key not in self._known:
            subset = parts.subset()
            number = self._absorbed(subset) if subset is not None else None
            if number is None:
                return None
            self._known[key] = number
        return self._known[key]

    def write(self) -> None:
        """Write every font. Nothing can be adopted after it."""
        for fonts in self._families.values():
            for font in fonts:
                font.write(self._target)

    def _absorbed(self, subset: FontSubset) -> int | None:
        known = self._families.setdefault(subset.family, [])
        try:
            for font in known:
                if font.absorb(subset):
                    return font.view(subset.texts, self._target)
            font = _Font(subset)
        except _unreadable():
            return None
        known.append(font)
        return font.view(subset.texts, self._target)


class _Font:
    """One font, and the views of it: where a glyph stands for one text here, for another there.

    A space and a space that does not break are one glyph, and each letter says which it
    means.
    """

    def __init__(self, subset: FontSubset) -> None:
        self._union = _UNIONS[subset.kind]()
        self._kind = subset.kind
        self._family = subset.family
        self._widths: dict[int, bytes] = {}
        self._box = subset.box
        self._flags = subset.flags
        self._programs: set[bytes] = set()
        self._views: list[tuple[dict[int, bytes], int]] = []
        self.absorb(subset)

    def absorb(self, subset: FontSubset) -> bool:
        """Take in a subset, if it is one of this font."""
        if any(self._widths.get(n, width) != width for n, width in subset.widths.items()):
            return False
        if subset.program not in self._programs:
            if not self._union.absorb(subset.program, subset.widths):
                return False
            # Two suffice to tell whether there is more than one.
            if len(self._programs) < 2:
                self._programs.add(subset.program)
        self._widths.update(subset.widths)
        lows, highs = (
            map(choice, self._box[part], subset.box[part])
            for choice, part in ((min, slice(0, 2)), (max, slice(2, 4)))
        )
        self._box = (*lows, *highs)
        self._flags &= subset.flags
        return True

    def view(self, texts: Mapping[int, bytes], target: PdfWriter) -> int:
        """The number of a font in which each glyph stands for these texts."""
        for known, number in self._views:
            if all(known.get(glyph, text) == text for glyph, text in texts.items()):
                known.update(texts)
                return number
        number = target.reserve()
        self._views.append((dict(texts), number))
        return number

    def write(self, target: PdfWriter) -> None:
        name = re.search(rb"/FontName (/\S+)", self._family)
        assert name is not None
        if len(self._programs) == 1:
            (program,) = self._programs
        else:
            program = self._union.program()
        is_truetype = self._kind == "/FontFile2"
        entries = b"/Length1 %d" % len(program) if is_truetype else b"/Subtype /OpenType"
        file = target.add_packed(program, entries=entries)
        descriptor = target.add(
            b"%s /Flags %d /FontBBox [%s] /CapHeight %s %s %d 0 R >>"
            % (
                self._family[: self._family.rindex(b">>")],
                self._flags,
                b" ".join(map(_number, self._box)),
                _number(self._box[3]),
                self._kind.encode(),
                file,
            )
        )
        descendant = target.add(
            b"<< /Type /Font /Subtype /CIDFontType%d /BaseFont %s /CIDSystemInfo"
            b" << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
            b" /CIDToGIDMap /Identity /W [%s] /FontDescriptor %d 0 R >>"
            % (2 if is_truetype else 0, name[1], _width_array(self._widths), descriptor)
        )
        for texts, number in self._views:
            to_unicode = target.add_packed(_CMAP % _character_map(texts))
            target.add(
                b"<< /Type /Font /Subtype /Type0 /BaseFont %s /Encoding /Identity-H"
                b" /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>"
                % (name[1], descendant, to_unicode),
                number,
            )


def _width_array(widths: Mapping[int, bytes]) -> bytes:
    parts: list[bytes] = []
    for glyph, width in sorted(widths.items()):
        if glyph - 1 not in widths:
            parts.append(b"%s%d [" % (b"] " if parts else b"", glyph))
        parts.append(width + b" ")
    return b"".join(parts) + b"]"


def _character_map(texts: Mapping[int, bytes]) -> bytes:
    entries = [b"<%04x> <%s>" % (glyph, text) for glyph, text in sorted(texts.items())]
    return b"\n".join(
        b"%d beginbfchar\n%s\nendbfchar"
        % (len(entries[start : start + _AT_ONCE]), b"\n".join(entries[start : start + _AT_ONCE]))
        for start in range(0, len(entries), _AT_ONCE)
    )


def _number(value: float) -> bytes:
    return b"%g" % value if value == round(value, 3) else b"%.3f" % value


def _unreadable() -> tuple[type[Exception], ...]:
    """What a font that is not as expected raises; it then stays as it is."""
    from fontTools.ttLib import TTLibError

    return (TTLibError, struct.error, zlib.error, KeyError, IndexError, AttributeError)
