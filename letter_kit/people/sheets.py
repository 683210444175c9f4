"""Lists as spreadsheets: XLSX, XLSM, XLS and ODS, read with calamine within bounds."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from letter_kit.errors import Problem, RecipientError
from letter_kit.people.kinds import Kind, locked
from letter_kit.people.old_excel import read_old_sheets
from letter_kit.people.records import Dialect, Knows, Record, Survey, header_among, is_blank
from letter_kit.people.workbooks import CellErrors, examine_ods, examine_xlsx
from letter_kit.reading import shown

__all__ = ["Sheet", "SheetRecords", "open_sheet"]

_FIRST_ROWS = 10
"""Among these, blank ones not counted, is the header."""
_EXACT = 1e15
"""Larger whole numbers have lost their last digits."""

Value = str | float | bool | dt.date | dt.time | dt.timedelta
Result = TypeVar("Result")


class Sheet(Protocol):
    """What is needed of a sheet of calamine's; rows count from the sheet's first."""

    @property
    def name(self) -> str: ...
    @property
    def start(self) -> tuple[int, int] | None: ...
    @property
    def width(self) -> int: ...
    def iter_rows(self) -> Iterator[list[Any]]:
        """The rows from the first of the sheet on, the columns from the first filled one."""


class SheetRecords:
    """One sheet of a workbook, which calamine holds; a record's line is the sheet's row."""

    def __init__(
        self,
        path: Path,
        sheet: Sheet,
        errors: CellErrors,
        begins: int,
        others: list[str],
    ) -> None:
        """``begins`` is the row of the header, ``others`` are the sheets that are not read."""
        self.dialect = Dialect(",", True)
        self._sheet = sheet
        self._errors = _in_columns_of(sheet, errors)
        self._begins = begins
        self.header = next(self._records())
        self.warnings: tuple[Problem, ...] = ()
        if others:
            self.warnings = (_not_read(path, sheet.name, others),)

    def survey(self) -> Survey:
        rows = 0
        numbers: dict[int, tuple[int, int]] = {}
        for line, values in enumerate(self._sheet.iter_rows(), start=1):
            if line <= self._begins:
                continue
            rows += line in self._errors or not is_blank([_text(value) for value in values])
            for column, value in enumerate(values):
                if type(value) is float:
                    count, first = numbers.get(column, (0, line))
                    numbers[column] = (count + 1, first)
        return Survey(rows, numbers)

    def rows(self) -> Iterator[Record]:
        return islice(self._records(), 1, None)

    def _records(self) -> Iterator[Record]:
        for line, values in enumerate(self._sheet.iter_rows(), start=1):
            if line < self._begins:
                continue
            cells = [_text(value) for value in values]
            for column, error in self._errors.get(line, {}).items():
                cells[column] = error
            yield Record(line, tuple(cells))


def open_sheet(path: Path, kind: Kind, knows: Knows) -> SheetRecords:
    """The first sheet with a header; hidden sheets count only where no other holds anything.

    Raises `RecipientError` where the workbook is broken, locked, too large or empty.
    """
    errors: Mapping[str, CellErrors] = {}
    if kind == "xls":
        found: tuple[Sequence[Sheet], Sequence[Sheet]]
        found = _guarded(path, lambda: read_old_sheets(path))
    else:
        errors = examine_xlsx(path) if kind == "xlsx" else examine_ods(path)
        found = _guarded(path, lambda: _read_sheets(path))
    sheets = found[0] or found[1]
    if not sheets:
        raise RecipientError.of(
            "the list is empty",
            path=str(path),
            line=1,
            expected="a row of headers, such as office, country, family_name",
        )
    headers = [_header_row(sheet, knows) for sheet in sheets]
    best = next((index for index, (_, known) in enumerate(headers) if known), 0)
    others = [sheet.name for sheet in sheets if sheet is not sheets[best]]
    chosen = sheets[best]
    return SheetRecords(path, chosen, errors.get(chosen.name, {}), headers[best][0], others)


def _read_sheets(path: Path) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets that hold anything: those that show, and the hidden ones."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with path.open("rb") as file:  # the content tells the kind, whatever the name says
        workbook = CalamineWorkbook.from_filelike(file)
    shown_sheets: list[Sheet] = []
    hidden: list[Sheet] = []
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.start is not None:
            (shown_sheets if about.visible == SheetVisibleEnum.Visible else hidden).append(sheet)
    return shown_sheets, hidden


def _guarded(path: Path, work: Callable[[], Result]) -> Result:
    """What ``work`` gives. Raises `RecipientError` where calamine cannot read the workbook."""
    from python_calamine import CalamineError, PasswordError

    try:
        return work()
    except PasswordError:
        raise locked(path) from None
    except (CalamineError, OSError, ValueError) as exc:
        reason = str(exc)
    except BaseException as exc:
        # A defect of the reader shows as an exception of no usual kind, which it does not export.
        if type(exc).__name__ != "PanicException":
            raise
        reason = "the reader gave up"
    raise RecipientError.of(
        f"the spreadsheet cannot be read: {reason}"[:200],
        path=str(path),
        hint="Open it in a spreadsheet program and save it anew as XLSX or CSV.",
    )


def _header_row(sheet: Sheet, knows: Knows) -> tuple[int, int]:
    """The row of the header, and how many of its cells are known headers."""
    first: list[tuple[int, list[str]]] = []
    for line, values in enumerate(sheet.iter_rows(), start=1):
        cells = [_text(value) for value in values]
        if not is_blank(cells):
            first.append((line, cells))
        if len(first) == _FIRST_ROWS:
            break
    begins, header = first[header_among([cells for _, cells in first], knows)] if first else (1, [])
    return begins, knows(header)


def _in_columns_of(sheet: Sheet, errors: CellErrors) -> Mapping[int, Mapping[int, str]]:
    """``errors`` with the columns counted from the sheet's first filled one."""
    start = sheet.start[1] if sheet.start else 0
    return {
        row: {
            column - start: text
            for column, text in cells.items()
            if 0 <= column - start < sheet.width
        }
        for row, cells in errors.items()
    }


def _text(value: Value) -> str:
    """A cell as a person would have typed it: calamine knows every number as a float."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, dt.datetime):
        at_midnight = value.time() == dt.time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _not_read(path: Path, name: str, others: list[str]) -> Problem:
    return Problem(
        f"the list is read from the sheet {shown(name)} alone",
        path=str(path),
        found=f"also {', '.join(shown(other) for other in others[:10])}",
        hint="If the others are lists as well, save each as a file of its own.",
        severity="warning",
    )
