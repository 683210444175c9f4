"""A `Letter` becomes a `Document`: one module a format, one table of them."""

from letter_kit.formats.table import (
    FORMATS,
    Format,
    format_for_suffix,
    format_named,
    render,
    warm_up,
)

__all__ = ["FORMATS", "Format", "format_for_suffix", "format_named", "render", "warm_up"]
