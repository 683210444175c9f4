"""Pages laid out by WeasyPrint, and which texts of a document stand where."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from weasyprint import DEFAULT_OPTIONS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, DocumentMetadata, Page
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.html import get_html_metadata
from weasyprint.layout import layout_document
from weasyprint.pdf import generate_pdf

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.blocks import Before, Block, every_box
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.painting import Painter
from letter_kit.stencils.inside.surprise import Surprise

__all__ = ["LaidOut", "Leaf", "lay_out"]

_OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_version": "1.7", "pdf_tags": True}


class Leaf(NamedTuple):
    """A page: the PDF object of its content, and what is drawn, in order."""

    number: int
    pieces: "tuple[bytes | Block, ...]"


class LaidOut(NamedTuple):
    """A document as WeasyPrint laid it out."""

    pdf: Any
    """pydyf's document, without fonts and without what is drawn."""
    leaves: tuple[Leaf, ...]
    fonts: int
    """The PDF object that names the fonts."""
    needs: frozenset[Need]
    """What stands between the blocks needs of fonts."""
    metadata: Any


def lay_out(html: str, texts: Sequence[str], fetcher: Any, fonts: Any, faces: Faces) -> LaidOut:
    """Lay ``html`` out; ``texts`` are those of its body, in their order, as they read.

    Raises `Surprise`, and what WeasyPrint raises.
    """
    options = {**DEFAULT_OPTIONS, **_OPTIONS}
    page = HTML(string=html, base_url="letter:///", url_fetcher=fetcher)
    counters = CounterStyle()
    context = Document._build_layout_context(page, fonts, counters, {}, options)
    root = build_formatting_structure(
        page.etree_element, context.style_for, context.get_image_from_uri, page.base_url,
        context.target_collector, counters, context.footnotes,
    )  # fmt: skip
    before = _blocks_before(root, _indexes(page.etree_element, texts))
    leaves = [Page(box) for box in layout_document(page, root, context)]
    metadata = DocumentMetadata(**get_html_metadata(page))
    document = Document(leaves, metadata, page.url_fetcher, fonts, {}, None)
    context.create_block_formatting_context()
    painters = [Painter(leaf, leaf is leaves[0], context, before, faces, texts) for leaf in leaves]
    pdf = generate_pdf(document, None, 1, **options)
    numbers = {id(entry): number for number, entry in enumerate(pdf.objects)}
    return LaidOut(
        pdf,
        tuple(Leaf(numbers[id(p.stream)], tuple(p.pieces)) for p in painters),
        _number(painters[0].resources["Font"]),
        frozenset().union(*[painter.needs for painter in painters]),
        metadata,
    )


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


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
