"""A list of any kind, opened by what it is and not by what it is called."""

from pathlib import Path

from letter_kit.errors import Problem, RecipientError
from letter_kit.people.delimited import check_file, open_text
from letter_kit.people.kinds import Kind, kind_of
from letter_kit.people.records import Knows, Records

__all__ = ["open_list"]

_KINDS: dict[str, tuple[Kind, ...]] = {
    ".csv": ("text",),
    ".tsv": ("text",),
    ".tab": ("text",),
    ".xlsx": ("xlsx",),
    ".xlsm": ("xlsx",),
    ".xls": ("xls",),
    ".ods": ("ods",),
}
_CALLED = {
    "text": "a text (CSV)",
    "xlsx": "an Excel workbook (XLSX)",
    "xls": "an Excel workbook (XLS)",
    "ods": "an OpenDocument spreadsheet (ODS)",
}


def open_list(path: Path, encoding: str | None, delimiter: str | None, knows: Knows) -> Records:
    """The records of ``path``; a name that says something else than the content is told.

    Raises `RecipientError` where the file cannot be read or is no list, and where an
    ``encoding`` or a ``delimiter`` is given for a spreadsheet, which has none.
    """
    check_file(path)
    kind = kind_of(path)
    records: Records
    if kind == "text":
        records = open_text(path, encoding, delimiter, knows)
    else:
        from letter_kit.people.sheets import open_sheet

        for option, value in (("--encoding", encoding), ("--delimiter", delimiter)):
            if value is not None:
                raise RecipientError.of(
                    f"{option} is for texts, and this is {_CALLED[kind]}",
                    path=str(path),
                    hint=f"Leave {option} out.",
                )
        records = open_sheet(path, kind, knows)
    suffix = path.suffix.lower()
    if suffix in _KINDS and kind not in _KINDS[suffix]:
        records.warnings += (
            Problem(
                f"the file is called {suffix} and is {_CALLED[kind]}; it was read as that",
                path=str(path),
                hint="Rename it, so that other programs read it as well.",
                severity="warning",
            ),
        )
    return records
