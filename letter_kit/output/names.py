"""Names of files that hold on every system, whatever the data are."""

import re
import unicodedata

__all__ = ["LONGEST_NAME", "collision_key", "safe_name", "subfolder"]

LONGEST_NAME = 150
"""Bytes; file systems bear 255, and a number, a suffix and a temporary name are added."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_OTHERS = re.compile(r"[^\w.]+")
"""What is neither a letter, a digit, an underscore nor a full stop."""
_ROWS_A_FOLDER = 1_000
_ROWS_A_SHELF = 1_000_000


def safe_name(text: str) -> str:
    """``text`` as a file's name without suffix, on every system, whatever it holds.

    >>> safe_name("../../etc/passwd")
    'etc-passwd'
    """
    name = _OTHERS.sub("-", unicodedata.normalize("NFC", text)).strip("-.")
    while len(name) * 4 > LONGEST_NAME and len(name.encode()) > LONGEST_NAME:
        name = name[:-1]
    name = name.rstrip("-.")
    return f"_{name}" if _RESERVED.fullmatch(name) else name or "letter"


def collision_key(name: str) -> str:
    r"""What two names share that some file system takes for the same.

    >>> collision_key("Élan") == collision_key("e\u0301LAN")
    True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", name).casefold())


def subfolder(row: int) -> str:
    """The folder for the files of a row, so that none holds more rows than people bear.

    The first thousand rows need none. It follows from the row's number alone: a list that
    grows moves no file.

    >>> subfolder(1000), subfolder(1001), subfolder(1_000_001)
    ('', '0001001-0002000', '1000001-2000000/1000001-1001000')
    """
    if row <= _ROWS_A_FOLDER:
        return ""
    folder = _span(row, _ROWS_A_FOLDER)
    return folder if row <= _ROWS_A_SHELF else f"{_span(row, _ROWS_A_SHELF)}/{folder}"


def _span(row: int, size: int) -> str:
    first = (row - 1) // size * size + 1
    return f"{first:07}-{first + size - 1:07}"
