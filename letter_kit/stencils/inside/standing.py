"""Which boxes of a page stand alone: what is in them has no say in the rest, nor the rest in them.

Such a part is placed by itself, from the top left corner of what contains it. It may be laid
out on a page of its own and put back.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from letter_kit.stencils.inside.walking import every_box, texts_of

__all__ = ["Standing", "is_told_elsewhere", "standing", "stands_alone", "with_ancestors"]


class Standing(NamedTuple):
    """A box that stands alone."""

    placeholder: Any
    container: Any
    """The box that it is placed in."""
    within: tuple[str, ...]
    """The names of the elements that it is in."""

    @property
    def box(self) -> Any:
        """The box itself, laid out."""
        return self.placeholder._box

    @property
    def element(self) -> Any:
        """The element of the box."""
        return self.box.element


def standing(page: Any) -> Iterator[Standing]:
    """The boxes of a page that stand alone, in the order of the document; none in another."""
    yield from _standing(page, ())


def _standing(box: Any, ancestors: tuple[Any, ...]) -> Iterator[Standing]:
    for child in box.children if isinstance(box, boxes.ParentBox) else ():
        around = (*ancestors, box)
        if isinstance(child, AbsolutePlaceholder) and _may_stand_alone(child._box, around):
            within = dict.fromkeys(box.element for box in around if box.element is not None)
            yield Standing(child, _container(around), tuple(element.tag for element in within))
        elif type(child) is boxes.BlockBox:
            yield from _standing(child, around)


def _may_stand_alone(box: Any, ancestors: tuple[Any, ...]) -> bool:
    return all(type(around) is boxes.BlockBox for around in ancestors[1:]) and stands_alone(box)


def stands_alone(box: Any) -> bool:
    """Whether a box is placed by itself, and what is in it keeps to itself."""
    style = box.style
    return (
        type(box) is boxes.BlockBox
        and box.element is not None
        and style["position"] == "absolute"
        and _is_length(style["top"])
        and style["bottom"] == "auto"
        and _is_length(style["left"])
        and _is_length(style["width"])
        and (style["height"] == "auto" or _is_length(style["height"]))
        and (style["min_height"] == "auto" or _is_length(style["min_height"]))
        and _is_length(style["max_height"])
        and any(text.text.strip() for text in texts_of(box))
        and all(_keeps_to_itself(inner, inner is box) for inner in every_box(box))
    )


def _is_length(value: Any) -> bool:
    return value != "auto" and getattr(value, "unit", None) == "px"


def _keeps_to_itself(box: Any, is_outermost: bool) -> bool:
    """Whether a box is plain text, to which nothing refers, and is drawn in its turn."""
    style = box.style
    return (
        type(box) in {boxes.BlockBox, boxes.LineBox, boxes.InlineBox, boxes.TextBox}
        and not is_told_elsewhere(box)
        and not box.link
        and not style["anchor"]
        and style["opacity"] == 1
        and not style["transform"]
        and style["overflow"] == "visible"
        and (is_outermost or style["position"] == "static")
    )


def _container(ancestors: tuple[Any, ...]) -> Any:
    return next(
        (around for around in reversed(ancestors) if around.style["position"] != "static"),
        ancestors[0],
    )


def is_told_elsewhere(box: Any) -> bool:
    """Whether what it says stands in a bookmark or at a page's edge as well."""
    return bool(box.style["bookmark_level"] != "none" or box.style["string_set"] != "none")


def with_ancestors(
    box: Any, ancestors: tuple[Any, ...] = ()
) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The box and those in it, but for lines, each with what it is in, the outermost first."""
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    yield box, ancestors
    if isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
        for child in box.children:
            yield from with_ancestors(child, (*ancestors, box))
