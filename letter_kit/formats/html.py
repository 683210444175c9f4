"""HTML: one file that holds all it shows."""

from base64 import b64encode
from collections.abc import Callable

from markupsafe import Markup

from letter_kit.errors import TemplateError
from letter_kit.formats.body import body_html
from letter_kit.formats.framing import fill_frame
from letter_kit.formats.selfcontained import check_frame, check_page
from letter_kit.frames import Frame
from letter_kit.layout import Layout, page_css, place_address
from letter_kit.merging.escaping import escape_html
from letter_kit.models import Asset, Document, Letter

__all__ = ["letter_html", "render"]


def render(letter: Letter, frame: Frame, layout: Layout) -> Document:
    """The letter as a page; its pictures are in the file."""
    text = letter_html(letter, frame, layout, lambda name, asset: _data_url(asset))
    return Document(text.encode(), "text/html; charset=utf-8", ".html")


def letter_html(
    letter: Letter, frame: Frame, layout: Layout, address_of: Callable[[str, Asset], str]
) -> str:
    """The letter in its HTML frame; ``address_of`` gives the URL of a picture.

    Raises `LetterError` where the address does not fit the window or a picture is missing,
    `TemplateError` where the frame fails.
    """
    check_frame(frame)
    pictures = {name: address_of(name, asset) for name, asset in letter.assets.items()}
    place = place_address(letter.address, letter.return_line, layout)
    css = page_css(layout, place, letter.labels["page"]) + frame.file("letter.css")
    if "</" in css:
        raise TemplateError.of("a style sheet cannot hold </", path=f"{frame.path}/letter.css")
    page = fill_frame(
        frame,
        "letter.html.j2",
        escape_html,
        letter,
        layout=layout,
        pictures=pictures,
        css=Markup(css),
        body=Markup(body_html(letter.body, pictures)),
    )
    check_page(frame, page)
    return page


def _data_url(asset: Asset) -> str:
    return f"data:{asset.media_type};base64,{b64encode(asset.content).decode()}"
