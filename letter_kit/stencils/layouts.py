"""Pages laid out: in full, or put together of what is around the parts and the parts.

A letter whose address has other lines, or is in another place, than those before it has all
else in common with them: only its address is laid out, on a page of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from letter_kit.models import Asset
from letter_kit.stencils.cutting import Cutting, Region, cut
from letter_kit.stencils.inside import (
    Block,
    Composition,
    Faces,
    LaidOut,
    Painted,
    Surprise,
    lay_out,
    lay_out_alone,
    moved_down,
    put_together,
)
from letter_kit.stencils.markup import METADATA, Markup

__all__ = ["Found", "Layouts"]

_MOST_PAGES = 64
"""Two megabytes each."""
_MOST_OF_A_SHAPE = 4
"""Of one shape, such as differ in the height of a paragraph: trying them takes time as well."""
_MOST_PARTS = 256
_PIXELS_A_MM = 96 / 25.4
_New = list[tuple[object, "_Known"]]


class _Known(NamedTuple):
    """A region of a page that was laid out: where its texts were, and those that are fixed."""

    painted: tuple[Painted, ...]
    places: tuple[int, ...]
    texts: tuple[str, ...]
    free: frozenset[int]
    top: float

    @classmethod
    def of(cls, painted: Sequence[Painted], region: Region, markup: Markup) -> "_Known":
        free = {index for one in painted for block in one.blocks for index in block.indexes}
        texts = tuple(markup.texts[place] for place in region.places)
        return cls(tuple(painted), region.places, texts, frozenset(free), region.top)

    def fits(self, region: Region, markup: Markup) -> bool:
        """Whether the region reads the same but for texts that fit where the others were."""
        if self._moved(region) is None:
            return False
        for place, was, text in zip(region.places, self.places, self.texts, strict=True):
            now = markup.texts[place]
            if was < len(METADATA):
                if bool(now) != bool(text):
                    return False
            elif was not in self.free and now != text:
                return False
        at = dict(zip(self.places, region.places, strict=True))
        return all(
            block.draw([markup.said(at[index]) for index in block.indexes]) is not None
            for one in self.painted
            for block in one.blocks
        )

    def at(self, region: Region) -> list[Painted]:
        """What was painted, where the region is, the places of its texts those of its page."""
        at = dict(zip(self.places, region.places, strict=True))
        return [
            one._replace(
                pieces=tuple(
                    piece.at(at) if isinstance(piece, Block) else piece for piece in one.pieces
                )
            )
            for one in self._moved(region) or ()
        ]

    def _moved(self, region: Region) -> Sequence[Painted] | None:
        if region.top == self.top:
            return self.painted
        moved = [moved_down(one, (region.top - self.top) * _PIXELS_A_MM) for one in self.painted]
        return None if None in moved else [one for one in moved if one]


class _Page(NamedTuple):
    """A page laid out in full, without its parts."""

    laid: LaidOut
    around: _Known


class Found(NamedTuple):
    """A page composed."""

    composition: Composition
    is_new: bool
    """Whether it was laid out in full."""
    parts: list[Painted]
    """What was laid out alone."""
    keep: Callable[[], None]
    """Keeps what was laid out for other pages."""


_Key = tuple[tuple[str, ...], str, tuple[tuple[str, Asset], ...]]


class Layouts:
    """Lays pages out, and remembers what may be used again: pages, and parts of any page."""

    def __init__(self, fonts: Any, faces: Faces) -> None:
        self._fonts, self._faces = fonts, faces
        self._pages: dict[_Key, list[_Page]] = {}
        self._parts: dict[object, list[_Known]] = {}

    def find(self, html: str, markup: Markup, assets: Mapping[str, Asset], fetcher: Any) -> Found:
        """The page, composed of what is known of it and what has to be laid out."""
        sheets = None
        for marks in {key[0]: None for key in self._pages}:
            if (cutting := cut(markup, marks)) is None:
                continue
            sheets = cutting.sheets
            for page in self._pages.get((marks, cutting.around.frame, tuple(assets.items())), ()):
                if page.around.fits(cutting.around, markup):
                    try:
                        composition, new = self._composed(page, cutting, marks, markup)
                    except Surprise:
                        break
                    return Found(composition, False, _painted(new), partial(self._add, new))
        laid = lay_out(html, markup, sheets, fetcher, self._fonts, self._faces)
        marks = tuple(markup.tags[part.tag] for part in laid.parts)
        if marks and (cutting := cut(markup, marks)) is not None:
            page = _Page(laid, _Known.of(laid.around, cutting.around, markup))
            key = marks, cutting.around.frame, tuple(assets.items())
            with suppress(Surprise):
                composition, new = self._composed(page, cutting, marks, markup)
                keep = partial(self._keep, key, page, new)
                return Found(composition, True, _painted(new), keep)
        own = [part.painted for part in laid.parts]
        return Found(put_together(laid, own), True, own, lambda: None)

    def _composed(
        self, page: _Page, cutting: Cutting, marks: Sequence[str], markup: Markup
    ) -> tuple[Composition, _New]:
        """A page with parts that are known, or that are laid out alone.

        They always are, so that the same letter gives the same file whatever was known.
        """
        parts: list[Painted] = []
        new: _New = []
        for number, region in enumerate(cutting.parts):
            place = page.laid.parts[number].place
            key = cutting.within[number], region.frame, cutting.sheets[::2], place, page.laid.states
            shelf = self._parts.get(key, ())
            known = next((one for one in shelf if one.fits(region, markup)), None)
            if known is None:
                known = self._alone(page.laid, cutting, number, marks[number])
                new.append((key, known))
            parts += known.at(region)
        laid = page.laid._replace(around=tuple(page.around.at(cutting.around)))
        return put_together(laid, parts), new

    def _alone(self, laid: LaidOut, cutting: Cutting, number: int, mark: str) -> _Known:
        painted, markup = lay_out_alone(
            cutting.alone[number], cutting.sheets, mark, laid.parts[number], laid.states,
            self._fonts, self._faces,
        )  # fmt: skip
        again = cut(markup._replace(head="<style></style>"), [mark])
        assert again is not None, "a part that was cut out is on the page made for it"
        own = again.parts[0]._replace(top=cutting.parts[number].top)
        return _Known.of([painted], own, markup)

    def _keep(self, key: _Key, page: _Page, new: _New) -> None:
        self._add(new)
        shelf = self._pages.setdefault(key, [])
        shelf.insert(0, page)
        del shelf[_MOST_OF_A_SHAPE:]
        while sum(map(len, self._pages.values())) > _MOST_PAGES:
            del self._pages[next(iter(self._pages))]

    def _add(self, new: _New) -> None:
        for key, known in new:
            self._parts.setdefault(key, []).insert(0, known)
        while sum(map(len, self._parts.values())) > _MOST_PARTS:
            del self._parts[next(iter(self._parts))]


def _painted(new: _New) -> list[Painted]:
    return [painted for _, known in new for painted in known.painted]
