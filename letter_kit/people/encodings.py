"""The encoding of a list: what the file says itself, else UTF-8, else what the person says.

Statistics are right in three of four small files; a name that is wrong on a thousand
letters is worse than a question. So nothing is guessed: where a file is not UTF-8, one of
its cells is shown as the likeliest encodings read it, and the person chooses.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
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
_BEYOND_ASCII = re.compile(r"[^\W\d_]*[^\x00-\x7f]+[^\W\d_]*")
_CHINESE = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA"}
_FREQUENT = {
    "CYRILLIC": frozenset("оеаинтсрвлкмд"),
    "GREEK": frozenset("αοιετσςνηυρπκλ"),
    "ARABIC": frozenset("اليمونرتبةدسع"),
    "HEBREW": frozenset("יוהלאמרתבשנ"),
}
"""The letters that make up most of a text."""
_ACCENTED = 0.5
_BY_CHANCE = 0.7
"""Any two bytes are a Chinese sign: that one comes out proves less than a word of letters."""
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
        name = codecs.lookup(TextIOWrapper(BytesIO(), encoding=wanted).encoding).name
    except (LookupError, ValueError):
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
    """From 0 to 1: how much like words of one writing the words beyond ASCII are."""
    likely: list[float] = []
    for cell in sample:
        try:
            text = cell.decode(encoding)
        except UnicodeDecodeError:
            return -1.0
        likely += map(_like_a_word, _BEYOND_ASCII.findall(text))
    return sum(likely) / len(likely) if likely else 0.0


def _like_a_word(word: str) -> float:
    """A word is of one script, has no capitals inside it, and mostly frequent letters."""
    if not word.isalpha() or not (word.isupper() or word[1:] == word[1:].lower()):
        return 0.0
    scripts = {unicodedata.name(char, "?").partition(" ")[0] for char in word}
    if scripts & _CHINESE:
        return _BY_CHANCE * _share(word, _is_frequent_sign) if scripts <= _CHINESE else 0.0
    if len(scripts) > 1:
        return 0.0
    frequent = _FREQUENT.get(scripts.pop())
    plain = unicodedata.normalize("NFKD", word.lower())
    if frequent is None:  # Latin: more than half of a word's letters bear no accent
        return float(_share(word, str.isascii) >= _ACCENTED)
    return _share(plain, lambda char: char in frequent or bool(unicodedata.combining(char)))


def _share(word: str, holds: Callable[[str], bool]) -> float:
    return sum(map(holds, word)) / len(word)


def _is_frequent_sign(char: str) -> bool:
    """Whether a Chinese, Japanese or Korean sign is of the first level of its standard."""
    if not "\u4e00" <= char <= "\u9fff":
        return True
    try:
        return char.encode("gb2312") < b"\xd8" or char.encode("shift_jis") < b"\x98"
    except UnicodeEncodeError:
        return False
