"""Page geometry in mm: where windows, folds and margins are, and how an address fits.

The layouts are one table (``layouts.toml``); adding one is adding an entry.
"""

from letter_kit.layout.address import AddressPlace, FittedLines, fit_lines, place_address
from letter_kit.layout.css import page_css
from letter_kit.layout.tables import Layout, choose_layout, layout, layouts

__all__ = [
    "AddressPlace",
    "FittedLines",
    "Layout",
    "choose_layout",
    "fit_lines",
    "layout",
    "layouts",
    "page_css",
    "place_address",
]
