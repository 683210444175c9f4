"""Pages laid out by WeasyPrint, and which texts of a document stand where."""

from collections.abc import Mapping, Sequence
from typing import Any

from weasyprint import DEFAULT_OPTIONS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, DocumentMetadata, Page
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.html import get_html_metadata
from weasyprint.layout import layout_document
from weasyprint.pdf import generate_pdf

from letter_kit.stencils.cutting import ancestors, tag_name
from letter_kit.stencils.inside.blocks import Before
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.holes import Finder
from letter_kit.stencils.inside.painting import Painter
from letter_kit.stencils.inside.splicing import LaidOut, Part
from letter_kit.stencils.inside.standing import Standing, standing
from letter_kit.stencils.inside.styles import layout_context
from letter_kit.stencils.inside.surprise import Surprise
from letter_kit.stencils.inside.walking import every_box
from letter_kit.stencils.markup import METADATA, Markup

__all__ = ["lay_out"]

_OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_version": "1.7", "pdf_tags": True}


def lay_out(
    html: str, markup: Markup, sheets: Sequence[str] | None, fetcher: Any, fonts: Any, faces: Faces
) -> LaidOut:
    """Lay ``html`` out, which reads as ``markup``.

    ``sheets`` are its style sheets, if it does not hold them itself. Raises `Surprise`, and
    what WeasyPrint raises.
    """
    options = {**DEFAULT_OPTIONS, **_OPTIONS}
    texts = [markup.said(index) for index in range(len(markup.texts))]
    texts[: len(METADATA)] = [""] * len(METADATA)
    page = HTML(string=html, base_url="letter:///", url_fetcher=fetcher)
    counters = CounterStyle()
    context = layout_context(page, sheets, fonts, counters, options)
    root = build_formatting_structure(
        page.etree_element, context.style_for, context.get_image_from_uri, page.base_url,
        context.target_collector, counters, context.footnotes,
    )  # fmt: skip
    finder = Finder(
        context, _blocks_before(root, _indexes(page.etree_element, texts)), texts, faces
    )
    leaves = [Page(box) for box in layout_document(page, root, context)]
    metadata = DocumentMetadata(**get_html_metadata(page))
    document = Document(leaves, metadata, page.url_fetcher, fonts, {}, None)
    context.create_block_formatting_context()
    tags = _tags(page.etree_element, markup)
    parts = [part for part in standing(leaves[0]._page_box) if _is_where(part, tags, markup)]
    painters = [
        Painter(leaf, leaf is leaves[0], parts if leaf is leaves[0] else (), faces, finder)
        for leaf in leaves
    ]
    pdf = generate_pdf(document, None, 1, **options)
    numbers = {id(entry): number for number, entry in enumerate(pdf.objects)}
    return LaidOut(
        pdf,
        tuple(numbers[id(painter.stream)] for painter in painters),
        tuple(painter.around for painter in painters),
        tuple(
            Part(tags[part.box.element], part.container, painted)
            for part, painted in zip(parts, painters[0].parts, strict=True)
        ),
        int(painters[0].resources["Font"].split()[0]),
        metadata,
    )


def _tags(root: Any, markup: Markup) -> dict[Any, int]:
    """The places of the elements' start tags among the tags of the page."""
    body = next(child for child in root if child.tag == "body")
    starts = [place for place, tag in enumerate(markup.tags) if tag[1] != "/" and tag_name(tag)]
    elements = [element for element in body.iter() if isinstance(element.tag, str)]
    if [element.tag for element in elements] != [tag_name(markup.tags[n]) for n in starts]:
        return {}
    return dict(zip(elements, starts, strict=True))


def _is_where(part: Standing, tags: Mapping[Any, int], markup: Markup) -> bool:
    """Whether a part is, in the markup, within the elements whose boxes it is in."""
    place = tags.get(part.box.element)
    return place is not None and [tag_name(tag) for tag in ancestors(markup, place)] == [
        name for name in part.within if name != "html"
    ]


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
