"""Letters become PDF files: laid out in full once for each shape, and filled in from then on."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from letter_kit.models import Asset
from letter_kit.stencils.inside import Faces
from letter_kit.stencils.layouts import Layouts
from letter_kit.stencils.markup import Markup, taken_apart
from letter_kit.stencils.stencil import Drawings, Stencil, Zone

__all__ = ["Press", "Printed"]

_MOST_STENCILS = 256
_MOST_ON_A_SHELF = 6
"""Stencils of one shape, which differ in what does not fit into the others."""

_Shape = tuple[str, tuple[tuple[str, Asset], ...]]


class Printed(NamedTuple):
    """A PDF file, how many pages it has, and whether it was filled into a stencil.

    ``is_sure`` says that in its zone there is only what lies within it.
    """

    content: bytes
    pages: int
    filled: bool
    is_sure: bool


class Press:
    """Prints letters. ``fonts`` is WeasyPrint's font configuration."""

    def __init__(self, fonts: Any) -> None:
        self._fonts = fonts
        self._faces = Faces()
        self._layouts = Layouts(fonts, self._faces)
        self._drawings = Drawings()
        self._shelves: dict[_Shape, list[Stencil]] = {}

    def fill(self, html: str, assets: Mapping[str, Asset]) -> Printed | None:
        """The letter, if there is a stencil that it fits."""
        markup = taken_apart(html)
        shelf = self._shelves.get(_shape(markup, assets), [])
        for place, stencil in enumerate(shelf):
            if (content := stencil.fill(markup)) is not None:
                if place:
                    shelf[place - 1 : place + 1] = stencil, shelf[place - 1]
                return Printed(content, stencil.pages, filled=True, is_sure=True)
        return None

    def lay_out(
        self,
        html: str,
        assets: Mapping[str, Asset],
        fetcher: Any,
        zone: Zone | None,
        afresh: bool = False,
    ) -> tuple[Printed, Callable[[], None]]:
        """The letter, laid out, and what keeps it as a stencil for others.

        ``afresh`` is without anything that is known of other letters.
        What stands in ``zone`` of the first page must not reach over its edges in other letters
        either. Raises what WeasyPrint raises, and whatever else comes of another version of it.
        """
        markup = taken_apart(html)
        layouts = Layouts(self._fonts, self._faces) if afresh else self._layouts
        found = layouts.find(html, markup, assets, fetcher)
        stencil = Stencil(markup, found.composition, self._faces, self._drawings, zone)
        content = stencil.fill(markup)
        assert content is not None, "a letter fits its own stencil"
        is_sure = not found.is_new and all(
            part.is_all_blocks and (zone is None or all(map(zone.holds, part.blocks)))
            for part in found.parts
        )

        def keep() -> None:
            found.keep()
            self._keep(_shape(markup, assets), stencil)

        return Printed(content, stencil.pages, not found.is_new, is_sure), keep

    def _keep(self, shape: _Shape, stencil: Stencil) -> None:
        shelf = self._shelves.setdefault(shape, [])
        shelf.insert(0, stencil)
        del shelf[_MOST_ON_A_SHELF:]
        while sum(map(len, self._shelves.values())) > _MOST_STENCILS:
            del self._shelves[next(iter(self._shelves))]


def _shape(markup: Markup, assets: Mapping[str, Asset]) -> _Shape:
    return markup.frame, tuple(assets.items())
