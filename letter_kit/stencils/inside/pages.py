"""Pages laid out by WeasyPrint, and parts of them that stand alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from weasyprint.document import Document, DocumentMetadata, Page
from weasyprint.html import get_html_metadata
from weasyprint.layout import layout_document
from weasyprint.layout.absolute import AbsolutePlaceholder, absolute_layout
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.pdf import generate_pdf

from letter_kit.stencils.cutting import ancestors, tag_name
from letter_kit.stencils.inside.documents import OPTIONS, prepare
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.painting import Painter, painted_alone
from letter_kit.stencils.inside.regions import Painted
from letter_kit.stencils.inside.splicing import LaidOut, Part
from letter_kit.stencils.inside.standing import Standing, standing, stands_alone
from letter_kit.stencils.inside.surprise import Surprise
from letter_kit.stencils.inside.walking import every_box
from letter_kit.stencils.markup import Markup, taken_apart

__all__ = ["lay_out", "lay_out_alone"]


def lay_out(
    html: str, markup: Markup, sheets: Sequence[str] | None, fetcher: Any, fonts: Any, faces: Faces
) -> LaidOut:
    """Lay a document out in full. See `prepare`."""
    page, context, root, finder, tags = prepare(html, markup, sheets, fetcher, fonts, faces)
    leaves = [Page(box) for box in layout_document(page, root, context)]
    metadata = DocumentMetadata(**get_html_metadata(page))
    document = Document(leaves, metadata, page.url_fetcher, fonts, {}, None)
    context.create_block_formatting_context()
    first = leaves[0]._page_box
    parts = [part for part in standing(first) if _is_where(part, tags, markup)]
    painters = [
        Painter(leaf, leaf is leaves[0], parts if leaf is leaves[0] else (), faces, finder)
        for leaf in leaves
    ]
    pdf = generate_pdf(document, None, 1, **OPTIONS)
    numbers = {id(entry): number for number, entry in enumerate(pdf.objects)}
    return LaidOut(
        pdf,
        tuple(numbers[id(painter.stream)] for painter in painters),
        tuple(painter.around for painter in painters),
        tuple(
            Part(tags[part.element], first, part.container, painted)
            for part, painted in zip(parts, painters[0].parts, strict=True)
        ),
        int(painters[0].resources["Font"].split()[0]),
        frozenset(painters[0].resources["ExtGState"]),
        metadata,
    )


def lay_out_alone(
    html: str, sheets: Sequence[str], mark: str, part: Part, states: frozenset[str],
    fonts: Any, faces: Faces,
) -> tuple[Painted, Markup]:  # fmt: skip
    """Lay out what may stand in the place of ``part``: the element with the start tag ``mark``.

    ``html`` is a page on which nothing else stands, and ``states`` are those of graphics that
    the page has to which it goes. Gives what is painted, and the markup of ``html``.
    """
    markup = taken_apart(html)
    _, context, root, finder, tags = prepare(html, markup, sheets, None, fonts, faces)
    place = markup.tags.index(mark)
    box = next(
        box
        for box in every_box(root)
        if tags.get(box.element) == place and box.element_tag == box.element.tag
    )
    context.current_page = 1
    context.page_bottom = part.page.content_box_y() + part.page.height
    context.create_block_formatting_context()
    box.position_x = box.position_y = 0  # from where it is moved to its place
    placeholder = AbsolutePlaceholder(box)
    absolute_layout(context, placeholder, part.container, [], 0, None)
    laid = placeholder._box
    if context.broken_out_of_flow or not stands_alone(laid):
        raise Surprise("a part that does not stand alone")
    layout_box_backgrounds(part.page, laid, context.get_image_from_uri)
    painted, used = painted_alone(laid, part.page, finder, faces)
    if not used <= states:
        raise Surprise("a part with colours that its page lacks")
    return painted, markup


def _is_where(part: Standing, tags: Mapping[Any, int], markup: Markup) -> bool:
    """Whether a part is, in the markup, within the elements whose boxes it is in."""
    place = tags.get(part.element)
    return place is not None and [tag_name(tag) for tag in ancestors(markup, place)] == [
        name for name in part.within if name != "html"
    ]
