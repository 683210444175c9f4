"""Pages laid out: in full, or put together of what is around the parts and the parts.

A letter whose address has other lines, or is in another place, than those before it has all
else in common with them: only its address is laid out, on a page of its own.
"""

from collections.abc import Callable, Mapping, Sequence
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
    put_together,
)
from letter_kit.stencils.markup import METADATA, Markup, taken_apart

__all__ = ["Layouts"]

_MOST_PAGES = 64
"""Two megabytes each."""
_MOST_PARTS = 256


class _Known(NamedTuple):
    """A region of a page that was laid out: where its texts were, and those that are fixed."""

    painted: tuple[Painted, ...]
    places: tuple[int, ...]
    texts: tuple[str, ...]
    free: frozenset[int]

    @classmethod
    def of(cls, painted: Sequence[Painted], region: Region, markup: Markup) -> "_Known":
        blocks = [piece for one in painted for piece in one.pieces if isinstance(piece, Block)]
        free = {index for block in blocks for index in block.indexes}
        texts = tuple(markup.texts[place] for place in region.places)
        return cls(tuple(painted), region.places, texts, frozenset(free))

    def fits(self, region: Region, markup: Markup) -> bool:
        """Whether the region reads the same but for texts that fit where the others were."""
        for place, was, text in zip(region.places, self.places, self.texts, strict=True):
            now = markup.texts[place]
            if was < len(METADATA):
                if bool(now) != bool(text):
                    return False
            elif was not in self.free and now != text:
                return False
        at = dict(zip(self.places, region.places, strict=True))
        return all(
            piece.draw([markup.said(at[index]) for index in piece.indexes]) is not None
            for one in self.painted
            for piece in one.pieces
            if isinstance(piece, Block)
        )

    def at(self, region: Region) -> list[Painted]:
        """What was painted, the places of its texts those of another page."""
        at = dict(zip(self.places, region.places, strict=True))
        return [
            one._replace(
                pieces=tuple(
                    piece.at(at) if isinstance(piece, Block) else piece for piece in one.pieces
                )
            )
            for one in self.painted
        ]


class _Page(NamedTuple):
    """A page laid out in full, and which containers its parts have."""

    laid: LaidOut
    around: _Known
    containers: tuple[tuple[float, float, float], ...]
    parts: dict[tuple[int, str], list[_Known]]
    """By the number of the part, and its markup."""


_Key = tuple[tuple[str, ...], str, tuple[tuple[str, Asset], ...]]


class Layouts:
    """Lays pages out, and remembers what may be used again."""

    def __init__(self, fonts: Any, faces: Faces) -> None:
        self._fonts, self._faces = fonts, faces
        self._pages: dict[_Key, list[_Page]] = {}

    def find(
        self, html: str, markup: Markup, assets: Mapping[str, Asset], fetcher: Any
    ) -> tuple[Composition, bool, Callable[[], None]]:
        """The page composed, whether of known parts, and what keeps it for others."""
        sheets = None
        for marks in {key[0]: None for key in self._pages}:
            if (cutting := cut(markup, marks)) is None:
                continue
            sheets = cutting.sheets
            for page in self._pages.get((marks, cutting.around.frame, tuple(assets.items())), ()):
                if page.around.fits(cutting.around, markup):
                    try:
                        return self._from_parts(page, cutting, marks, markup)
                    except Surprise:
                        break
        return self._in_full(html, markup, sheets, assets, fetcher)

    def _in_full(
        self,
        html: str,
        markup: Markup,
        sheets: Sequence[str] | None,
        assets: Mapping[str, Asset],
        fetcher: Any,
    ) -> tuple[Composition, bool, Callable[[], None]]:
        laid = lay_out(html, markup, sheets, fetcher, self._fonts, self._faces)
        composed = put_together(laid, [part.painted for part in laid.parts])
        marks = tuple(markup.tags[part.tag] for part in laid.parts)
        cutting = cut(markup, marks) if marks else None

        def keep() -> None:
            if cutting is not None:
                known = _Known.of(laid.around, cutting.around, markup)
                containers = tuple(part.container for part in laid.parts)
                page = _Page(laid, known, containers, {})
                for number, (part, region) in enumerate(
                    zip(laid.parts, cutting.parts, strict=True)
                ):
                    page.parts[number, region.frame] = [_Known.of([part.painted], region, markup)]
                key = (marks, cutting.around.frame, tuple(assets.items()))
                self._pages.setdefault(key, []).insert(0, page)
                while sum(map(len, self._pages.values())) > _MOST_PAGES:
                    del self._pages[next(iter(self._pages))]

        return composed, False, keep

    def _from_parts(
        self, page: _Page, cutting: Cutting, marks: Sequence[str], markup: Markup
    ) -> tuple[Composition, bool, Callable[[], None]]:
        parts, new = [], []
        for number, region in enumerate(cutting.parts):
            shelf = page.parts.get((number, region.frame), ())
            known = next((one for one in shelf if one.fits(region, markup)), None)
            if known is None:
                known = self._alone(cutting, number, marks[number], page.containers[number])
                new.append(((number, region.frame), known))
            parts += known.at(region)

        def keep() -> None:
            for key, known in new:
                page.parts.setdefault(key, []).insert(0, known)
            while sum(map(len, page.parts.values())) > _MOST_PARTS:
                del page.parts[next(iter(page.parts))]

        laid = page.laid._replace(around=tuple(page.around.at(cutting.around)))
        return put_together(laid, parts), True, keep

    def _alone(
        self, cutting: Cutting, number: int, mark: str, container: tuple[float, float, float]
    ) -> _Known:
        """A part, laid out on a page of its own."""
        html = cutting.alone[number]
        markup = taken_apart(html)
        laid = lay_out(html, markup, cutting.sheets, None, self._fonts, self._faces)
        again = cut(markup._replace(head="<style></style>"), [mark])
        if (
            again is None
            or len(laid.around) != 1
            or [markup.tags[part.tag] for part in laid.parts] != [mark]
            or laid.parts[0].container != container
        ):
            raise Surprise("a part is otherwise where it stands alone")
        return _Known.of([laid.parts[0].painted], again.parts[0], markup)
