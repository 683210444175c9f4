"""The fonts that WeasyPrint draws with, and their objects in a PDF."""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import pydyf
from weasyprint.pdf.fonts import Font, build_fonts_dictionary
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import get_pango_font_key

from letter_kit.stencils.faces import Face, Need, read_face
from letter_kit.stencils.inside.surprise import Surprise

__all__ = ["Faces"]

_MOST_KEPT = 256
"""Faces as they are in files, of twenty kilobytes each."""
_GLYPHS = re.compile(rb"<([0-9a-f]+)>")


class Faces(dict[int, Any]):
    """The fonts that letters use, as WeasyPrint collects them while it draws."""

    def __init__(self) -> None:
        self._known: dict[str, Face] = {}
        self._objects: dict[tuple[str, frozenset[Need], int], list[bytes]] = {}

    def __setitem__(self, key: int, font: Any) -> None:
        if font.bitmap or font.png or font.svg or font.colr or "fvar" in font.tables:
            raise Surprise(f"the font {font.family} is no plain one")
        if font.hash not in self._known:
            self._known[font.hash] = read_face(font.file_content, font.index)
        font.widths = dict(self._known[font.hash].widths)
        super().__setitem__(key, font)

    def add(self, pango_font: Any) -> tuple[Any, float]:
        """The font as WeasyPrint knows it, and its size in CSS pixels."""
        key, description, size = get_pango_font_key(pango_font)
        if key not in self:
            self[key] = Font(pango_font, description, size)
        return self[key], size

    def face(self, name: str) -> Face:
        """The face of that name."""
        return self._known[name]

    def lack(self) -> bool:
        """Whether a character was drawn since the last time that no font has."""
        lacking = [font for font in self.values() if font.missing]
        for font in lacking:
            font.missing = {}
        return bool(lacking)

    def forget(self) -> None:
        """Forget what was drawn."""
        self.lack()
        self.shown()

    def shown(self) -> dict[str, dict[int, str]]:
        """The glyphs drawn since the last time, by face, with the texts they stand for."""
        found: dict[str, dict[int, str]] = {}
        for font in self.values():
            if font.to_unicode:
                found[font.hash] = {**font.to_unicode, **found.get(font.hash, {})}
                font.to_unicode = {}
        return found

    def needs(self) -> frozenset[Need]:
        """What was drawn since the last time needs."""
        return self.needs_for(self.shown())

    def needs_for(self, shown: Mapping[str, Mapping[int, str]]) -> frozenset[Need]:
        """What the glyphs need, by face, with the texts that they stand for."""
        return frozenset(
            need for name, glyphs in shown.items() for need in self._known[name].needs(name, glyphs)
        )

    def needs_of(
        self, items: Sequence[Any], shown: Mapping[str, Mapping[int, str]]
    ) -> frozenset[Need]:
        """What operators need; ``shown`` are the glyphs of the page that they are from."""
        needs: set[Need] = set()
        name = ""
        for item in items:
            if isinstance(item, bytes) and item.endswith(b" Tf"):
                name = item[1:].split()[0].decode()
            elif isinstance(item, bytes) and item.endswith(b"] TJ"):
                glyphs = {
                    int(code[at : at + 4], 16)
                    for code in _GLYPHS.findall(item)
                    for at in range(0, len(code), 4)
                }
                texts = shown[name]
                needs.update(self._known[name].needs(name, {g: texts[g] for g in glyphs}))
        return frozenset(needs)

    def stream(self) -> Any:
        """A stream to draw a block into, as if on an empty page."""
        self.forget()
        resources = pydyf.Dictionary(
            {"ExtGState": pydyf.Dictionary(), "XObject": pydyf.Dictionary()}
        )
        return Stream(self, (0, 0, 1, 1), resources, {}, {}, {}, None)

    def objects(self, name: str, needs: frozenset[Need], number: int) -> list[bytes]:
        """The PDF objects of a face with what ``needs`` ask for, from ``number`` on.

        The last one is the font itself.
        """
        key = name, needs, number
        if key not in self._objects:
            while len(self._objects) >= _MOST_KEPT:
                del self._objects[next(iter(self._objects))]
            self._objects[key] = self._made(name, needs, number)
        return self._objects[key]

    def _made(self, name: str, needs: frozenset[Need], number: int) -> list[bytes]:
        face = self._known[name]
        font = copy(next(font for font in self.values() if font.hash == name))
        font.to_unicode = face.glyphs(needs)
        font.widths = {glyph: face.widths[glyph] for glyph in font.to_unicode}
        font.missing = {}
        pdf = pydyf.PDF()
        pdf.objects = [None] * number
        build_fonts_dictionary(pdf, {0: font}, True, True, {"hinting": False, "pdf_version": "1.7"})
        for entry in pdf.objects[number:]:
            lines: Any = getattr(entry, "stream", ())
            for index, line in enumerate(lines):
                if isinstance(line, bytes) and line.endswith(b"> <>"):
                    lines[index] = line[:-1] + b"200b>"  # PDF/UA asks for a text for each
        return [entry.indirect + b"\n" for entry in pdf.objects[number:]]
