"""Old Excel workbooks (XLS), read in a process of their own.

calamine holds a sheet as a full rectangle. Where an XLSX or ODS file asks for one that is too
large shows in its XML; in an XLS file it does not, and a process that cannot get the memory
it asks for dies. So a child reads them, within a limit.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["OldSheet", "read_old_sheets"]

_SECONDS = 60
_MOST_MEMORY = 1_500_000_000
_MOST_CELLS = 5_000_000
_CHILD = f"""
import datetime, json, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({_MOST_MEMORY}, {_MOST_MEMORY}))
except (ImportError, ValueError):
    pass
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
def plain(value):
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return value if isinstance(value, (str, bool, float)) else str(value)
with open(sys.argv[1], "rb") as file:
    book = CalamineWorkbook.from_filelike(file)
sheets = []
for about in book.sheets_metadata:
    if about.typ != SheetTypeEnum.WorkSheet:
        continue
    sheet = book.get_sheet_by_name(about.name)
    if sheet.start and sheet.total_height * sheet.total_width <= {_MOST_CELLS}:
        rows = [[plain(value) for value in row] for row in sheet.iter_rows()]
        seen = about.visible == SheetVisibleEnum.Visible
        sheets.append([about.name, seen, sheet.start, sheet.width, rows])
    elif sheet.start:
        sys.exit("a sheet is too large")
json.dump(sheets, sys.stdout)
"""


class OldSheet:
    """A sheet as calamine has it, in plain lists."""

    def __init__(self, name: str, start: tuple[int, int], width: int, rows: list[Any]) -> None:
        self.name, self.start, self.width = name, start, width
        self._rows = rows

    def iter_rows(self) -> Iterator[list[Any]]:
        """The rows from the first of the sheet on."""
        return iter(self._rows)


def read_old_sheets(path: Path) -> tuple[list[OldSheet], list[OldSheet]]:
    """The sheets of a workbook that hold anything: those that show, and the hidden ones.

    Raises `ValueError` where it cannot be read within the limits.
    """
    command = [sys.executable, "-P", "-c", _CHILD, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError("it takes too long") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        known = reason and reason[-1] == "a sheet is too large"
        raise ValueError(reason[-1] if known else "it is damaged, or asks for too much memory")
    shown: list[OldSheet] = []
    hidden: list[OldSheet] = []
    for name, seen, start, width, rows in json.loads(done.stdout):
        (shown if seen else hidden).append(OldSheet(name, tuple(start), width, rows))
    return shown, hidden
