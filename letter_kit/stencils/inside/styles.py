"""Style sheets read once, and not for each page anew."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

from weasyprint import CSS
from weasyprint.css import StyleFor
from weasyprint.css.targets import TargetCollector
from weasyprint.document import Document
from weasyprint.images import get_image_from_uri
from weasyprint.layout import LayoutContext

from letter_kit.stencils.inside.surprise import Surprise

__all__ = ["layout_context"]


def layout_context(
    page: Any, sheets: Sequence[str] | None, fonts: Any, counters: Any, options: dict[str, Any]
) -> Any:
    """What WeasyPrint needs to lay ``page`` out, by its own style sheets or by ``sheets``."""
    if sheets is None:
        return Document._build_layout_context(page, fonts, counters, {}, options)
    targets = TargetCollector()
    for style in page._ua_counter_style():
        counters.update(style)
    cascade = [(sheet, "user agent", None) for sheet in page._ua_stylesheets(False)]
    cascade += [(_read(sheet, fonts), "author", None) for sheet in sheets if sheet.strip()]
    style_for = StyleFor(page, cascade, False, fonts, targets)
    images = partial(get_image_from_uri, cache={}, url_fetcher=page.url_fetcher, options=options)
    return LayoutContext(style_for, images, fonts, counters, targets)


@lru_cache(maxsize=64)
def _read(sheet: str, fonts: Any) -> Any:
    """A style sheet that adds nothing to what others have."""
    counters: dict[str, Any] = {}
    read = CSS(string=sheet, font_config=fonts, counter_style=counters)
    if counters or read.layers:
        raise Surprise("a style sheet with counters or layers")
    return read
