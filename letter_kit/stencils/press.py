"""Letters become PDF files: laid out in full once for each shape, and filled in from then on."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from letter_kit.models import Asset
from letter_kit.stencils.inside import Faces, lay_out
from letter_kit.stencils.markup import METADATA, Markup, taken_apart
from letter_kit.stencils.stencil import Drawings, Stencil, Zone

__all__ = ["Press", "Printed"]

_MOST_STENCILS = 64
"""Two megabytes each."""
_MOST_ON_A_SHELF = 8
"""Stencils of one shape, which differ in what does not fit into the others."""

_Shape = tuple[str, tuple[tuple[str, Asset], ...]]


class Printed(NamedTuple):
    """A PDF file, how many pages it has, and whether it was filled into a stencil."""

    content: bytes
    pages: int
    filled: bool


class Press:
    """Prints letters. ``fonts`` is WeasyPrint's font configuration."""

    def __init__(self, fonts: Any) -> None:
        self._fonts = fonts
        self._faces = Faces()
        self._drawings = Drawings()
        self._shelves: dict[_Shape, list[Stencil]] = {}

    def fill(self, html: str, assets: Mapping[str, Asset]) -> Printed | None:
        """The letter, if there is a stencil that it fits."""
        markup = taken_apart(html)
        shelf = self._shelves.get(_shape(markup, assets), ())
        for stencil in shelf:
            if (content := stencil.fill(markup)) is not None:
                return Printed(content, stencil.pages, filled=True)
        return None

    def lay_out(
        self, html: str, assets: Mapping[str, Asset], fetcher: Any, zone: Zone | None
    ) -> tuple[Printed, Callable[[], None]]:
        """The letter, laid out in full, and what keeps it as a stencil for others.

        What stands in ``zone`` of the first page must not reach over its edges in other letters
        either. Raises what WeasyPrint raises, and whatever else comes of another version of it.
        """
        markup = taken_apart(html)
        texts = [markup.said(index) for index in range(len(markup.texts))]
        texts[: len(METADATA)] = [""] * len(METADATA)
        laid = lay_out(html, texts, fetcher, self._fonts, self._faces)
        stencil = Stencil(markup, laid, self._faces, self._drawings, zone)
        content = stencil.fill(markup)
        assert content is not None, "a letter fits its own stencil"
        return Printed(content, stencil.pages, filled=False), lambda: self._keep(
            _shape(markup, assets), stencil
        )

    def _keep(self, shape: _Shape, stencil: Stencil) -> None:
        shelf = self._shelves.setdefault(shape, [])
        shelf.insert(0, stencil)
        del shelf[_MOST_ON_A_SHELF:]
        while sum(map(len, self._shelves.values())) > _MOST_STENCILS:
            del self._shelves[next(iter(self._shelves))]


def _shape(markup: Markup, assets: Mapping[str, Asset]) -> _Shape:
    return markup.frame, tuple(assets.items())
