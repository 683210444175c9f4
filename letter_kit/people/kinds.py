"""What a file really is, by its content: names of lists lie."""

import zipfile
import zlib
from pathlib import Path
from typing import Literal, NoReturn

from letter_kit.errors import RecipientError

__all__ = ["Kind", "damaged", "kind_of", "locked"]

Kind = Literal["text", "xlsx", "xls", "ods"]

_MOST_PACKED = 50_000_000
"""Bytes of a spreadsheet's file."""
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {
    "EncryptedPackage": "locked",
    "WordDocument": "a Word document",
    "Workbook": "xls",
    "Book": "xls",
}
"""What is in an OLE file, by the names of its streams; the first that is there counts."""
_MEMBERS = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "a binary workbook (XLSB)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "Index/Document.iwa": "an Apple Numbers file",
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OTHERS = {
    b"%pdf": "a PDF",
    b"{\\rtf": "an RTF text",
    b"<html": "a web page",
    b"<!doctype html": "a web page",
    b"<table": "a web page",
    b"<?xml": "an XML file",
    b"begin:vcard": "a file of vCards",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"rar!": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"sqlite format": "a database",
}
"""What bears a list's name now and then, by its first bytes in small letters."""


def kind_of(path: Path) -> Kind:
    """What ``path`` is. Raises `RecipientError` with what it is where that is no list."""
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(_ARCHIVES):
        return _in_archive(path)
    if not head.startswith(_OLE):
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        for magic, said in _OTHERS.items():
            if start.startswith(magic):
                _refuse(path, said)
        return "text"
    content = _whole(path)
    for stream, said in _STREAMS.items():
        if stream.encode("utf-16-le") in content:
            if said == "locked":
                raise locked(path)
            return "xls" if said == "xls" else _refuse(path, said)
    return _refuse(path, "a file of an old Office program")


def _in_archive(path: Path) -> Kind:
    _whole(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            media_type = _start_of(archive, "mimetype")
            manifest = _start_of(archive, "META-INF/manifest.xml")
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError):
        raise damaged(path) from None
    if media_type.startswith(_OPEN_DOCUMENT):
        if "encryption-data" in manifest:
            raise locked(path)
        kind = media_type.removeprefix(_OPEN_DOCUMENT)
        return "ods" if kind.startswith("spreadsheet") else _refuse(path, "an OpenDocument " + kind)
    for member, said in _MEMBERS.items():
        if member in names:
            return "xlsx" if said == "xlsx" else _refuse(path, said)
    return _refuse(path, "a compressed folder")


def _start_of(archive: zipfile.ZipFile, member: str) -> str:
    if member not in archive.namelist():
        return ""
    with archive.open(member) as file:
        return file.read(100_000).decode("utf-8", "replace").strip()


def damaged(path: Path) -> RecipientError:
    """The error of a file that was cut off or changed."""
    return RecipientError.of(
        "the spreadsheet is damaged", path=str(path), hint="Get it anew, or save it anew."
    )


def locked(path: Path) -> RecipientError:
    """The error of a file that only opens with a password."""
    return RecipientError.of(
        "the spreadsheet is locked with a password",
        path=str(path),
        hint="Open it, take the password off (File, Info, Protect), and save it.",
    )


def _whole(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(_MOST_PACKED + 1)
    if len(content) > _MOST_PACKED:
        raise RecipientError.of(
            "the spreadsheet is too large",
            path=str(path),
            expected=f"at most {_MOST_PACKED / 1e6:g} MB",
            hint="Save it as CSV: that may be of any size.",
        )
    return content


def _refuse(path: Path, said: str) -> NoReturn:
    raise RecipientError.of(
        f"this is no list but {said}",
        path=str(path),
        expected="CSV, TSV, XLSX or ODS",
        hint="Open it in the program it comes from, and save the list as XLSX or CSV.",
    )
