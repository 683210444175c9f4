"""What addresses are printed on (``sheets.toml``): sheets of labels, and envelopes."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from letter_kit.errors import InputError, did_you_mean

__all__ = ["Box", "Sheet", "sheet", "sheets"]

_MARGIN = (4.0, 2.0)
"""Within a label, at the sides and above and below, in mm: a printer feeds its sheets with a
play of a millimetre or two."""
_ON_LABELS, _ON_ENVELOPES = 10.5, 12.0
"""The usual size in pt; that of envelopes is what machines read best (Deutsche Post: 10 to 12)."""
_RETURN = (10.0, 8.0)
"""Where the sender's address begins on an envelope, in mm; it ends where the stamp's zone does."""


class Box(NamedTuple):
    """A rectangle, in mm from the top left corner of the paper."""

    x: float
    y: float
    width: float
    height: float


class Sheet(NamedTuple):
    """Paper with places for addresses, in the order in which they are filled.

    ``returns`` is the place of the sender's address, which only an envelope has. ``cuts``
    are the labels' edges.
    """

    name: str
    sold_as: tuple[str, ...]
    paper: tuple[float, float]
    places: tuple[Box, ...]
    size: float
    cuts: tuple[Box, ...] = ()
    returns: Box | None = None
    stamp: Box | None = None

    @property
    def about(self) -> str:
        """What a person needs to tell it from others."""
        width, height = self.paper
        others = f"; also {', '.join(self.sold_as)}" if self.sold_as else ""
        if not self.cuts:
            return f"envelope, {width:g} × {height:g} mm{others}"
        label = self.cuts[0]
        paper = {210: "A4", 215.9: "US Letter"}.get(width, f"{width:g} × {height:g} mm")
        return (
            f"{len(self.cuts)} labels of {label.width:.4g} × {label.height:.4g} mm on"
            f" {paper}{others}"
        )


def sheet(name: str) -> Sheet:
    """The sheet of that name, or sold under it, without regard to case.

    Raises `InputError` where there is none.
    """
    found = sheets()
    names = {
        alias.casefold(): entry
        for entry in found.values()
        for alias in (*entry.sold_as, entry.name)
    }
    wanted = name.strip().casefold()
    if wanted not in names:
        raise InputError.of(
            f"there is no sheet {name[:40]!r}",
            key="sheet",
            hint=f"{did_you_mean(name, found)} See: letter-kit list sheets",
        )
    return names[wanted]


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet of labels and every envelope by its name."""
    table = tomllib.loads((Path(__file__).parent / "sheets.toml").read_text("utf-8"))
    return {
        **{name: _labels(name, entry) for name, entry in table["labels"].items()},
        **{name: _envelope(name, entry) for name, entry in table["envelopes"].items()},
    }


def _labels(name: str, entry: dict[str, Any]) -> Sheet:
    (left, top), (across, down), size = entry["first"], entry["pitch"], entry["label"]
    cuts = tuple(
        Box(left + column * across, top + row * down, *size)
        for row in range(entry["rows"])
        for column in range(entry["columns"])
    )
    beside, above = _MARGIN
    places = tuple(
        Box(cut.x + beside, cut.y + above, cut.width - 2 * beside, cut.height - 2 * above)
        for cut in cuts
    )
    return Sheet(name, tuple(entry["sold_as"]), tuple(entry["paper"]), places, _ON_LABELS, cuts)


def _envelope(name: str, entry: dict[str, Any]) -> Sheet:
    paper, address = tuple(entry["paper"]), Box(*entry["address"])
    stamp = Box(paper[0] - entry["stamp"][0], 0, *entry["stamp"])
    x, y = _RETURN
    # It ends above the address, so that no machine takes the one for the other.
    returns = Box(x, y, stamp.x - x - 2, address.y - y - 4)
    return Sheet(
        name,
        tuple(entry["sold_as"]),
        paper,
        (address,),
        _ON_ENVELOPES,
        returns=returns,
        stamp=stamp,
    )
