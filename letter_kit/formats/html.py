"""HTML: one file that holds all it shows."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache

from markupsafe import Markup

from letter_kit.errors import TemplateError
from letter_kit.formats.body import body_html
from letter_kit.formats.framing import fill_frame
from letter_kit.formats.selfcontained import check_frame, check_page
from letter_kit.frames import Frame
from letter_kit.layout import AddressPlace, Layout, page_css, place_address
from letter_kit.merging.escaping import escape_html
from letter_kit.models import Asset, Document, Letter

__all__ = ["letter_html", "render"]


def render(letter: Letter, frame: Frame, layout: Layout) -> Document:
    """The letter as a page; its pictures are in the file."""
    text = letter_html(letter, frame, layout, _data_url)
    return Document(text.encode(), "text/html; charset=utf-8", ".html")


def letter_html(
    letter: Letter, frame: Frame, layout: Layout, address_of: Callable[[str, Asset], str]
) -> str:
    """The letter in its HTML frame; ``address_of`` gives the URL of a picture.

    Raises `LetterError` where the address does not fit the window or a picture is missing,
    `TemplateError` where the frame fails.
    """
    check_frame(frame)
    pictures = _pictures(tuple(letter.assets.items()), address_of)
    place = place_address(letter.address, letter.return_line, layout)
    page = fill_frame(
        frame,
        "letter.html.j2",
        escape_html,
        letter,
        layout=layout,
        pictures=pictures,
        css=_css(frame, layout, place, letter.labels["page"]),
        body=Markup(body_html(letter.body, pictures)),
    )
    check_page(frame, page)
    return page


# Pictures and style sheets are the same for a run, but that addresses are of some heights.
@lru_cache(maxsize=8)
def _pictures(
    assets: tuple[tuple[str, Asset], ...], address_of: Callable[[str, Asset], str]
) -> Mapping[str, str]:
    return {name: address_of(name, asset) for name, asset in assets}


@lru_cache(maxsize=128)
def _css(frame: Frame, layout: Layout, place: AddressPlace, page_label: str) -> Markup:
    css = page_css(layout, place, page_label) + frame.file("letter.css")
    if "</" in css:
        raise TemplateError.of("a style sheet cannot hold </", path=f"{frame.path}/letter.css")
    return Markup(css)  # it is ours or the frame's, and cannot end its element


def _data_url(name: str, asset: Asset) -> str:
    return f"data:{asset.media_type};base64,{b64encode(asset.content).decode()}"
