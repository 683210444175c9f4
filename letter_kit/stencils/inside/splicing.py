"""A page put together from what is around its parts, and the parts."""

from collections.abc import Sequence
from copy import copy
from typing import Any, NamedTuple

import pydyf
from weasyprint.pdf.tags import _build_box_tree

from letter_kit.stencils.faces import Need
from letter_kit.stencils.inside.blocks import Block
from letter_kit.stencils.inside.painting import SLOT
from letter_kit.stencils.inside.regions import Painted, Slot

__all__ = ["Composition", "LaidOut", "Leaf", "Part", "put_together"]


class Part(NamedTuple):
    """A part of the first page that stands alone."""

    tag: int
    """The place of its start tag among the tags of the page."""
    page: Any
    container: Any
    """The boxes of the page, and of what it is placed in."""
    painted: Painted

    @property
    def place(self) -> tuple[float, ...]:
        """All that its layout knows of the page: edges in CSS pixels."""
        page, box = self.page, self.container
        return (
            page.position_x, page.position_y, page.width, page.height,
            page.content_box_x(), page.content_box_y(),
            box.padding_box_x(), box.padding_box_y(), box.padding_width(),
        )  # fmt: skip


class LaidOut(NamedTuple):
    """A document as WeasyPrint laid it out, the parts of its first page by themselves."""

    pdf: Any
    """pydyf's document, without fonts and without what is drawn."""
    contents: tuple[int, ...]
    """The PDF objects of the pages' contents."""
    around: tuple[Painted, ...]
    """What is drawn on each page, but for the parts."""
    parts: tuple[Part, ...]
    fonts: int
    """The PDF object that names the fonts."""
    states: frozenset[str]
    """The states of graphics that the pages know."""
    metadata: Any


class Leaf(NamedTuple):
    """A page: the PDF object of its content, and what is drawn, in order."""

    number: int
    pieces: tuple[bytes | Block, ...]


class Composition(NamedTuple):
    """A document put together."""

    pdf: Any
    leaves: tuple[Leaf, ...]
    unused: frozenset[int]
    """PDF objects that are not part of it."""
    fonts: int
    needs: frozenset[Need]
    """What stands between the blocks needs of fonts."""
    metadata: Any


def put_together(laid: LaidOut, parts: Sequence[Painted]) -> Composition:
    """The document with these parts in the place of its own."""
    first = laid.around[0]
    pdf = copy(laid.pdf)
    pdf.objects = list(pdf.objects)
    marks, unused = first.marks, set()
    drawn: list[list[bytes | Block]] = []
    references: list[Any] = []
    for slot, part in zip(_slots(pdf), parts, strict=True):
        root = pdf.objects[slot]
        parent = _replaced(pdf, _number(root["P"]))
        tags = {box: {**tag, "mcid": tag["mcid"] + marks} for box, tag in part.tags.items()}
        own: dict[int, Any] = {}
        (element,) = _build_box_tree(part.box, parent, pdf, 0, own, [], tags)
        parent["K"] = pydyf.Array(
            element.reference if kid == root.reference else kid for kid in parent["K"]
        )
        references += [reference for _, reference in sorted(own.items())]
        unused |= {slot, _number(root["K"][0])}
        drawn.append(_pieces(part, marks))
        marks += part.marks
    structure = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    tree = _replaced(pdf, _number(structure["ParentTree"]))
    of_pages = pydyf.Array(tree["Nums"])
    of_pages[1] = pydyf.Array([*of_pages[1][: first.marks], *references])
    tree["Nums"] = of_pages
    leaves = [
        Leaf(number, tuple(_pieces(around, 0, drawn)))
        for number, around in zip(laid.contents, laid.around, strict=True)
    ]
    needs = frozenset().union(*[painted.needs for painted in (*laid.around, *parts)])
    return Composition(pdf, tuple(leaves), frozenset(unused), laid.fonts, needs, laid.metadata)


def _pieces(
    painted: Painted, shift: int, parts: Sequence[list[bytes | Block]] = ()
) -> list[bytes | Block]:
    pieces: list[bytes | Block] = []
    for piece in painted.pieces:
        if isinstance(piece, Slot):
            pieces += parts[piece.part]
        else:
            pieces.append(
                piece.shifted(shift) if isinstance(piece, Block) else piece.numbered(shift)
            )
    return pieces


def _slots(pdf: Any) -> list[int]:
    """The structure elements of the parts, in their order."""
    elements = [entry for entry in pdf.objects if isinstance(entry, pydyf.Dictionary)]
    return [_number(entry["P"]) for entry in elements if entry.get("S") == f"/{SLOT}"]


def _replaced(pdf: Any, number: int) -> Any:
    """A copy of an object in the place of the object."""
    pdf.objects[number] = copy(pdf.objects[number])
    return pdf.objects[number]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
