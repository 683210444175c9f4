"""The table of layouts (``layouts.toml``)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from letter_kit.errors import InputError, did_you_mean

__all__ = [
    "Corner",
    "Field",
    "Layout",
    "Margins",
    "Safe",
    "Text",
    "choose_layout",
    "layout",
    "layouts",
]

_BY_COUNTRY = {
    "CA": "us-commercial-9",
    "CH": "sn-010130-right",
    "FR": "nf-z11-001",
    "GB": "uk-dl",
    "IE": "uk-dl",
    "JP": "jp-kakull",
    "LI": "sn-010130-right",
    "MC": "nf-z11-001",
    "US": "us-commercial-9",
}
"""The layout that a sender's country uses; all others use the default."""
_DEFAULT = "din-5008-b"


class Margins(NamedTuple):
    """The margins of continuation pages; the first page's flow begins at `Layout.flow`."""

    top: float
    right: float
    bottom: float
    left: float


class Field(NamedTuple):
    """The address field of the standard."""

    x: float
    y: float
    width: float
    height: float


class Safe(NamedTuple):
    """The edges of what an envelope's window always shows."""

    left: float
    top: float
    right: float
    bottom: float


class Text(NamedTuple):
    """Where the address text begins, and how wide it may be."""

    x: float
    y: float
    width: float


class Corner(NamedTuple):
    """The top left corner of a block."""

    x: float
    y: float


class Layout(NamedTuple):
    """One layout; every length in mm from the page's top left corner."""

    id: str
    name: str
    paper: tuple[float, float]
    margins: Margins
    field: Field
    safe: Safe
    text: Text
    date: Corner
    flow: float
    return_line: bool
    fold_marks: tuple[float, ...]
    source: str
    hole_mark: float | None = None
    letterhead: float = 12
    window: bool = True
    """Whether the letter goes into an envelope with a window."""
    overlay: bool = False
    """Whether the page shows the address field, the safe zone and the folds, to look at."""


@cache
def layouts() -> dict[str, Layout]:
    """Every layout by its id."""
    text = (Path(__file__).parent / "layouts.toml").read_text("utf-8")
    return {
        layout_id: Layout(
            id=layout_id,
            name=entry["name"],
            paper=(entry["paper"][0], entry["paper"][1]),
            margins=Margins(**entry["margins"]),
            field=Field(**entry["field"]),
            safe=Safe(**entry["safe"]),
            text=Text(**entry["text"]),
            date=Corner(**entry["date"]),
            flow=entry["flow"],
            return_line=entry["return_line"],
            fold_marks=tuple(entry["fold_marks"]),
            source=entry["source"],
            hole_mark=entry.get("hole_mark"),
            letterhead=entry.get("letterhead", 12),
            window=entry.get("window", True),
        )
        for layout_id, entry in tomllib.loads(text).items()
    }


def layout(layout_id: str) -> Layout:
    """The layout of that id. Raises `InputError` where there is none."""
    known = layouts()
    if layout_id not in known:
        raise InputError.of(f"there is no layout {layout_id}", hint=did_you_mean(layout_id, known))
    return known[layout_id]


def choose_layout(sender_country: str, *wishes: str | None) -> Layout:
    """The first wish that is one, else the layout that the sender's country uses.

    Raises `InputError` where the wish is not known.
    """
    default = _BY_COUNTRY.get(sender_country, _DEFAULT)
    return layout(next((wish for wish in wishes if wish), default))
