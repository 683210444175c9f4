"""Cells that no spreadsheet takes for a formula."""

import re

__all__ = ["spreadsheet_cell"]

_FORMULA = re.compile(r"[=+\-@\t\r]")


def spreadsheet_cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula.

    An apostrophe goes before what would begin one; reading a list takes it off again.
    Source: OWASP, CSV Injection.
    """
    return f"'{text}" if _FORMULA.match(text) else text
