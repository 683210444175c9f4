"""The faces of fonts in letters: what their glyphs stand for, and which of them a file holds.

A file's fonts depend on nothing but the letter: whoever uses one glyph of an alphabet gets the
whole alphabet. So letters of many people share the same few fonts, and are the same bytes
whoever was written to before. Glyphs outside all alphabets, such as ligatures, come one by one.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import NamedTuple
from unicodedata import normalize

from fontTools.ttLib import TTFont

__all__ = ["ALPHABETS", "Face", "Need", "read_face"]

ALPHABETS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "latin": (
        (0x20, 0x7E), (0xA0, 0xFF), (0x152, 0x153), (0x160, 0x161), (0x178, 0x178),
        (0x17D, 0x17E), (0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026),
        (0x202F, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122),
    ),
    "latin-extended": ((0x100, 0x24F), (0x1E00, 0x1EFF)),
    "greek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "cyrillic": ((0x400, 0x45F), (0x490, 0x491)),
}  # fmt: skip
"""Ranges of Unicode whose glyphs go into a file together; the first that has a glyph counts."""
_ALPHABET_OF = {
    code: alphabet
    for alphabet, ranges in ALPHABETS.items()
    for first, last in ranges
    for code in range(first, last + 1)
}
_MARK = 3
"""The class of glyphs that stand on others, in a font's table GDEF."""
_RADICALS = range(0x2E80, 0x2FE0)
"""Parts of Chinese characters, which some fonts draw as the characters that look alike."""
_JOINED = ((0xFB00, 0xFB06), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
"""Ligatures and Arabic forms: they stand for the letters that they are made of."""

Need = tuple[str, str] | tuple[str, int, str]
"""What a text needs of a face: an alphabet, or a glyph and the text that it stands for."""


class Face(NamedTuple):
    """What is known of a font file."""

    widths: Mapping[int, int]
    """The width of each glyph, in thousandths of an em."""
    texts: Mapping[int, str]
    """The text that a glyph stands for; not for those that only a combination of letters has."""
    alphabets: Mapping[int, str]
    """The alphabet of a glyph."""
    marks: frozenset[int]
    """Glyphs that stand on another one, as accents do."""

    def needs(self, name: str, glyphs: Mapping[int, str]) -> Iterable[Need]:
        """What the glyphs, shown for these texts, need of this face, which is called ``name``."""
        for glyph, text in glyphs.items():
            if alphabet := self.alphabets.get(glyph):
                yield name, alphabet
            elif glyph in self.texts:
                yield name, glyph, self.texts[glyph]
            else:
                # Of a letter that is drawn as two glyphs, the second has the text of both.
                parts = normalize("NFD", text) if glyph in self.marks else ""
                yield name, glyph, parts[1:] if len(parts) > 1 else text

    def glyphs(self, needs: Iterable[Need]) -> dict[int, str]:
        """The glyphs that meet the needs, in order, with the texts that they stand for."""
        wanted = set()
        found: dict[int, str] = {}
        for need in sorted(needs, key=repr):
            if len(need) == 2:
                wanted.add(need[1])
            else:
                found.setdefault(need[1], need[2])
        found.update(
            (glyph, self.texts[glyph])
            for glyph, alphabet in self.alphabets.items()
            if alphabet in wanted
        )
        return dict(sorted(found.items()))


def read_face(content: bytes, index: int) -> Face:
    """Read a font file; ``index`` is the place of the font in a collection."""
    font = TTFont(BytesIO(content), fontNumber=index, lazy=True)
    scale = 1000 / font["head"].unitsPerEm
    names = font.getGlyphOrder()
    metrics = font["hmtx"].metrics
    number_of = {name: number for number, name in enumerate(names)}
    codes: dict[int, list[int]] = {}
    for code, name in (font.getBestCmap() or {}).items():
        codes.setdefault(number_of[name], []).append(code)
    texts, alphabets = {}, {}
    for glyph, those in codes.items():
        code = min(those, key=_rareness)
        joined = any(first <= code <= last for first, last in _JOINED)
        texts[glyph] = normalize("NFKC", chr(code)) if joined else chr(code)
        if code in _ALPHABET_OF:
            alphabets[glyph] = _ALPHABET_OF[code]
    classes = font["GDEF"].table.GlyphClassDef if "GDEF" in font else None
    kinds = classes.classDefs if classes is not None else {}
    marks = frozenset(number for number, name in enumerate(names) if kinds.get(name) == _MARK)
    widths = {number: round(metrics[name][0] * scale) for number, name in enumerate(names)}
    return Face(widths, texts, alphabets, marks)


def _rareness(code: int) -> tuple[bool, bool, int]:
    """Of the characters that share a glyph, the commonest is the first: a space, not a wide one."""
    is_form = code in _RADICALS or normalize("NFKC", chr(code)) != chr(code)
    return code not in _ALPHABET_OF, is_form, code
