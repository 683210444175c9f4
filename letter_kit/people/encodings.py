"""The encoding of a list: what the file says itself, else UTF-8, else what the person says.

Statistics are right in three of four small files; a name that is wrong on a thousand
letters is worse than a question. So nothing is guessed: where a file is not UTF-8, one of
its cells is shown as the likeliest encodings read it, and the person chooses.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from letter_kit.errors import RecipientError, did_you_mean
from letter_kit.reading import shown

__all__ = ["encoding_of", "not_decoded"]

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Longest first where one begins another."""
# Windows and Mac in the west first: most lists come from there. Of the others the one
# that makes the best words is shown.
_WESTERN = ("cp1252", "mac_roman")
_OTHERS = (
    "gb18030", "shift_jis", "big5", "euc_kr", "cp1251", "koi8_r", "cp1256", "cp1253", "cp1255",
    "cp1250", "cp1254", "cp1257", "iso8859_15", "cp850", "cp866", "mac_cyrillic",
)  # fmt: skip
_KNOWN = ("utf-8", "utf-16", "latin-1", *_WESTERN, *_OTHERS)
_SHOWN = 3
_CUT = re.compile(rb"[,;\t|\"\r\n]+")
_SAMPLE = 200
"""How many cells tell the likeliest encoding."""


def encoding_of(head: bytes, wanted: str | None, path: str) -> tuple[str, bool]:
    """The encoding of a file that begins with ``head``, and whether a mark says so.

    Raises `RecipientError` where the ``wanted`` one does not exist or the mark belies it.
    """
    marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    if wanted is None:
        return marked or _without_a_mark(head), marked is not None
    try:
        name = codecs.lookup(wanted).name
        b"".decode(wanted)
    except (LookupError, ValueError, UnicodeError):
        raise RecipientError.of(
            "there is no such encoding",
            path=path,
            key="--encoding",
            expected="a name such as utf-8, cp1252 or mac_roman",
            found=shown(wanted),
            hint=did_you_mean(wanted, _KNOWN),
        ) from None
    if marked is None:
        return name, False
    if not marked.startswith(name.removesuffix("-le").removesuffix("-be")):
        raise RecipientError.of(
            "the file says itself that it is in another encoding",
            path=path,
            line=1,
            key="--encoding",
            expected=marked.removesuffix("-sig"),
            found=shown(wanted),
            hint="Leave --encoding out.",
        )
    return marked, True


def _without_a_mark(head: bytes) -> str:
    """UTF-16 where every other byte is nought, as in the text of western languages."""
    sample = head[: len(head) // 2 * 2]
    for name, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        half = sample[zeros::2]
        if half and half.count(0) > len(half) * 0.7 and 0 not in sample[letters::2]:
            return name
    return "utf-8"


def not_decoded(path: Path, encoding: str) -> RecipientError:
    """The error of a file that is not in ``encoding``, with the first cell that shows it."""
    line, cell, sample = _first_cells(path, encoding)
    if encoding not in {"utf-8", "utf-8-sig"}:
        return RecipientError.of(
            f"the file is not {encoding}",
            path=str(path),
            line=line,
            found=f"bytes {cell[:20].hex(' ')}" if cell else None,
            hint="Try --encoding with another name, or without it.",
        )
    readings = _readings(cell, sample)
    seen = "; ".join(f"{name} reads {shown(text)}" for name, text in readings.items())
    return RecipientError.of(
        "the file is not UTF-8, and does not say what it is",
        path=str(path),
        line=line,
        expected="UTF-8, or --encoding NAME",
        found=seen or f"bytes {cell[:20].hex(' ')}",
        hint=f"Choose the one that reads right: --encoding {next(iter(readings), 'NAME')}."
        " Or save the list as 'CSV UTF-8'.",
    )


def _first_cells(path: Path, encoding: str) -> tuple[int, bytes, list[bytes]]:
    """The line and the bytes of the first cell that is not in ``encoding``, and more such."""
    single = not encoding.startswith(("utf-16", "utf-32"))
    cells: list[bytes] = []
    first = 1
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(1_000_000), b""), start=1):
            if not single or line.isascii():
                continue
            wrong = [cell for cell in _CUT.split(line) if _is_wrong(cell, encoding)]
            if wrong and not cells:
                first = number
            cells += wrong
            if len(cells) >= _SAMPLE:
                break
    return first, cells[0].strip() if cells else b"", cells


def _is_wrong(cell: bytes, encoding: str) -> bool:
    try:
        cell.decode(encoding)
    except UnicodeDecodeError:
        return True
    return False


def _readings(cell: bytes, sample: list[bytes]) -> dict[str, str]:
    """``cell`` as three encodings read it, all different."""
    others = sorted(_OTHERS, key=lambda name: -_likeliness(sample, name))
    found: dict[str, str] = {}
    for name in (*_WESTERN, *others):
        try:
            text = cell.decode(name)
        except UnicodeDecodeError:
            continue
        if text.isprintable() and text not in found.values():
            found[name] = text
        if len(found) == _SHOWN:
            break
    best = {name: _likeliness(sample, name) for name in found}
    return dict(sorted(found.items(), key=lambda item: -best[item[0]]))


def _likeliness(sample: list[bytes], encoding: str) -> float:
    """How many of the words with signs beyond ASCII are words of a single script."""
    words = good = 0
    for cell in sample:
        try:
            text = cell.decode(encoding)
        except UnicodeDecodeError:
            return -1.0
        for word in re.findall(r"[^\W\d_]*[^\x00-\x7f]+[^\W\d_]*", text):
            words += 1
            good += word.isalpha() and len(set(_scripts(word))) == 1 and _is_cased_well(word)
    return good / words if words else 0.0


def _scripts(word: str) -> Iterator[str]:
    """The script of each run of letters, by the first word of their names."""
    names = (unicodedata.name(char, "?").partition(" ")[0] for char in word)
    for script, _ in groupby(names):
        yield "CJK" if script in {"CJK", "HIRAGANA", "KATAKANA"} else script


def _is_cased_well(word: str) -> bool:
    return word in {word.lower(), word.upper(), word.capitalize()} or word[1:].lower() == word[1:]
