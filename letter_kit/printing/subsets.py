"""A font of a letter as data, where it is made as WeasyPrint makes it."""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, NamedTuple, Self

__all__ = ["FontParts", "FontSubset"]

_FILES = ("/FontFile2", "/FontFile3")
_MEASURED = {"/FontBBox", "/CapHeight", "/Flags", *_FILES}
"""Entries of a descriptor that follow from the glyphs of a subset."""
_USUAL = {
    "/Type", "/Subtype", "/BaseFont", "/CIDSystemInfo", "/CIDToGIDMap", "/W", "/FontDescriptor",
}  # fmt: skip
_MAPPED = re.compile(rb"^<([0-9a-f]{4})> <([0-9a-f]+)>$", re.MULTILINE)
_COUNT = re.compile(rb"(\d+) begin(?:bfchar|bfrange)")
_RUN = re.compile(rb"(\d+) \[([^\[\]]*)\]")


class FontSubset(NamedTuple):
    """A font of a letter: what it is, and what it has.

    ``family`` is the text of its descriptor, without what the glyphs of this subset make
    it; ``kind`` the key of its file; ``texts`` what glyphs stand for, in hexadecimal UTF-16.
    """

    family: bytes
    kind: str
    program: bytes
    widths: Mapping[int, bytes]
    texts: Mapping[int, bytes]
    box: tuple[float, ...]
    flags: int


class FontParts(NamedTuple):
    """The objects that make a font, as `pikepdf` has them."""

    font: Any
    descendant: Any
    descriptor: Any
    kind: str
    file: Any
    to_unicode: Any

    @classmethod
    def of(cls, font: Any) -> Self | None:
        """The parts of a font made as WeasyPrint makes them; else nothing."""
        descendants = font.get("/DescendantFonts")
        if font.get("/Encoding") != "/Identity-H" or "/ToUnicode" not in font or not descendants:
            return None
        descendant = descendants[0]
        descriptor = descendant.get("/FontDescriptor")
        if (
            descriptor is None
            or not {"/W", "/CIDToGIDMap"} <= set(descendant.keys()) <= _USUAL
            or descendant.CIDToGIDMap != "/Identity"
            or len({font.BaseFont, descendant.BaseFont, descriptor.FontName}) > 1
        ):
            return None
        kinds = [kind for kind in _FILES if kind in descriptor]
        if len(kinds) != 1:
            return None
        return cls(font, descendant, descriptor, kinds[0], descriptor[kinds[0]], font.ToUnicode)

    def fingerprint(self) -> bytes:
        """The same for fonts that are the same; cheap to have."""
        digest = blake2b(digest_size=16)
        for part in (
            self.file.read_raw_bytes(),
            self.to_unicode.read_raw_bytes(),
            self.descendant.W.unparse(resolved=True),
            self.font.BaseFont.unparse(),
        ):
            digest.update(b"%d " % len(part) + part)
        return digest.digest()

    def subset(self) -> FontSubset | None:
        """The font as data; nothing where it says more than is understood here."""
        import pikepdf

        widths = _widths(self.descendant.W.unparse(resolved=True))
        texts = _texts(self.to_unicode.read_bytes())
        entries = {key: value for key, value in self.descriptor.items() if key not in _MEASURED}
        family = pikepdf.Dictionary(entries).unparse()
        if widths is None or texts is None or b" R" in family:
            return None
        return FontSubset(
            family=family,
            kind=self.kind,
            program=self.file.read_bytes(),
            widths=widths,
            texts=texts,
            box=tuple(map(float, self.descriptor.FontBBox.as_list())),
            flags=int(self.descriptor.Flags),
        )


def _texts(cmap: bytes) -> dict[int, bytes] | None:
    """The text of each glyph; nothing where the map says it in another form as well."""
    mapped = _MAPPED.findall(cmap.partition(b"endcodespacerange")[2])
    if len(mapped) != sum(map(int, _COUNT.findall(cmap))) or b"usecmap" in cmap:
        return None
    return {int(glyph, 16): text for glyph, text in mapped}


def _widths(array: bytes) -> dict[int, bytes] | None:
    """``[ 1 [ 233 664 ] 5 [ 710 ] ]`` by glyph; nothing for the other form, of ranges."""
    widths: dict[int, bytes] = {}
    runs = _RUN.findall(array)
    for first, run in runs:
        widths |= enumerate(run.split(), int(first))
    rest = _RUN.sub(b"", array).split()
    return widths if rest == [b"[", b"]"] and runs else None
