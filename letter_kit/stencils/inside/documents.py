"""A document before it is laid out: its boxes, and which texts of it stand where."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from weasyprint import DEFAULT_OPTIONS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure

from letter_kit.stencils.cutting import tag_name
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.holes import Finder
from letter_kit.stencils.inside.settings import Before
from letter_kit.stencils.inside.styles import layout_context
from letter_kit.stencils.inside.surprise import Surprise
from letter_kit.stencils.inside.walking import every_box
from letter_kit.stencils.markup import METADATA, Markup

__all__ = ["OPTIONS", "Prepared", "prepare"]

OPTIONS = {**DEFAULT_OPTIONS, "pdf_variant": "pdf/ua-1", "pdf_version": "1.7", "pdf_tags": True}


class Prepared(NamedTuple):
    """A document that may be laid out."""

    page: Any
    """WeasyPrint's HTML."""
    context: Any
    root: Any
    """Its boxes."""
    finder: Finder
    tags: Mapping[Any, int]
    """The places of the elements' start tags among the tags of the page."""


def prepare(
    html: str, markup: Markup, sheets: Sequence[str] | None, fetcher: Any, fonts: Any, faces: Faces
) -> Prepared:
    """Read ``html``, which reads as ``markup``.

    ``sheets`` are its style sheets, if it does not hold them itself. Raises `Surprise`, and
    what WeasyPrint raises.
    """
    texts = [markup.said(index) for index in range(len(markup.texts))]
    texts[: len(METADATA)] = [""] * len(METADATA)
    page = HTML(string=html, base_url="letter:///", url_fetcher=fetcher)
    counters = CounterStyle()
    context = layout_context(page, sheets, fonts, counters, OPTIONS)
    root = build_formatting_structure(
        page.etree_element, context.style_for, context.get_image_from_uri, page.base_url,
        context.target_collector, counters, context.footnotes,
    )  # fmt: skip
    before = _blocks_before(root, _indexes(page.etree_element, texts))
    finder = Finder(context, before, texts, faces)
    return Prepared(page, context, root, finder, _tags(page.etree_element, markup))


def _tags(root: Any, markup: Markup) -> dict[Any, int]:
    """The places of the elements' start tags among the tags of the page."""
    body = next(child for child in root if child.tag == "body")
    starts = [place for place, tag in enumerate(markup.tags) if tag[1] != "/" and tag_name(tag)]
    elements = [element for element in body.iter() if isinstance(element.tag, str)]
    if [element.tag for element in elements] != [tag_name(markup.tags[n]) for n in starts]:
        return {}
    return dict(zip(elements, starts, strict=True))


def _indexes(root: Any, texts: Sequence[str]) -> dict[Any, list[int]]:
    """Which of ``texts`` stand in each element, itself, and after its children."""
    found: list[tuple[Any, str]] = []

    def look(element: Any) -> None:
        found.append((element, element.text or ""))
        for child in element:
            if isinstance(child.tag, str):
                look(child)
            found.append((element, child.tail or ""))

    look(next(child for child in root if child.tag == "body"))
    said = [(element, text) for element, text in found if text.strip()]
    told = [(index, text) for index, text in enumerate(texts) if text.strip()]
    if [text for _, text in said] != [text for _, text in told]:
        raise Surprise("the page reads otherwise than it is written")
    indexes: dict[Any, list[int]] = {}
    for (element, _), (index, _) in zip(said, told, strict=True):
        indexes.setdefault(element, []).append(index)
    return indexes


def _blocks_before(root: Any, indexes: Mapping[Any, list[int]]) -> dict[Any, list[Before]]:
    """The blocks of lines by element, with the indexes of the texts that they show."""
    of_boxes: dict[Any, int] = {}
    written: dict[Any, list[Any]] = {}
    for box in every_box(root):
        if (
            isinstance(box, boxes.TextBox)
            and box.element_tag == box.element.tag
            and box.text.strip()
        ):
            written.setdefault(box.element, []).append(box)
    for element, those in written.items():
        places = indexes.get(element, [])
        if len(places) == len(those):
            of_boxes.update(zip(those, places, strict=True))
    found: dict[Any, list[Before]] = {}
    for box in every_box(root):
        line = next(iter(box.children), None) if isinstance(box, boxes.BlockBox) else None
        if isinstance(line, boxes.LineBox):
            own = {text: of_boxes[text] for text in every_box(line) if text in of_boxes}
            found.setdefault(box.element, []).append(Before(line, own))
    return found
