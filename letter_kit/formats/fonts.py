"""The fonts that a PDF may use: those of the installation, on every machine the same.

Static faces only: WeasyPrint makes an instance of a variable font for every file, which
takes longer than all the rest. Latin, Greek, Cyrillic and Arabic are in ``letter_kit/fonts``;
Chinese, Japanese and Korean are large, and come with the extra ``cjk``.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import category, normalize
from xml.sax.saxutils import escape

__all__ = [
    "FONTS",
    "INSTALL_CJK",
    "advances",
    "cjk_folders",
    "font_settings",
    "missing_characters",
]

FONTS = Path(__file__).parent.parent / "fonts"
INSTALL_CJK = "Install them with: pip install 'letter-kit[cjk]'"
_CJK_PACKAGES = ("pylopdf_fonts_zh_cn", "pylopdf_fonts_jp", "pylopdf_fonts_ko")
_WITHOUT_GLYPH = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Kinds of characters that are spaces, or are obeyed and not seen."""
_GENERIC = {
    "serif": ("Source Serif 4", "Amiri", "Noto Serif SC"),
    "sans-serif": ("Source Sans 3", "Amiri", "Noto Sans SC"),
    "monospace": ("Source Sans 3", "Amiri", "Noto Sans SC"),
}


def font_settings() -> str:
    """The settings of Fontconfig: our folders and no other."""
    folders = "".join(
        f"<dir>{escape(str(folder))}</dir>" for folder in (FONTS, *cjk_folders().values())
    )
    aliases = "".join(
        f"<alias><family>{name}</family><prefer>"
        + "".join(f"<family>{family}</family>" for family in families)
        + "</prefer></alias>"
        for name, families in _GENERIC.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        f'<fontconfig>{folders}<cachedir prefix="xdg">fontconfig</cachedir>{aliases}</fontconfig>'
    )


def cjk_folders() -> dict[str, Path]:
    """The folders of the packages of the extra ``cjk`` that are installed, by package."""
    found = {}
    for name in _CJK_PACKAGES:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            found[name] = Path(spec.origin).parent
    return found


def missing_characters(text: str) -> tuple[str, ...]:
    """The characters of ``text`` that no font of the installation has, each once."""
    wanted = {
        char: ord(char) for char in normalize("NFC", text) if category(char) not in _WITHOUT_GLYPH
    }
    folders = (FONTS, *cjk_folders().values())
    for folder in folders:  # the larger fonts are looked into only where they are needed
        if not wanted:
            break
        known = _characters(folder)
        wanted = {char: code for char, code in wanted.items() if code not in known}
    return tuple(wanted)


@lru_cache(maxsize=16)
def advances(name: str) -> Mapping[str, float]:
    """The width of each character of a font in `FONTS`, in em, as it stands by itself."""
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / name, lazy=True) as font:
        em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        return {chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}


@lru_cache(maxsize=16)
def _characters(folder: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for path in sorted(folder.glob("*.?tf")):
        with TTFont(path, lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)
