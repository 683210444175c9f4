"""The fonts that a PDF may use: those of the installation, on every machine the same.

Static faces only: WeasyPrint makes an instance of a variable font for every file, which
takes longer than all the rest. Latin, Greek, Cyrillic and Arabic are in ``letter_kit/fonts``;
Chinese, Japanese and Korean are large, and come with the extra ``cjk``.
"""

from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

__all__ = ["FONTS", "INSTALL_CJK", "cjk_folders", "font_settings"]

FONTS = Path(__file__).parent.parent / "fonts"
INSTALL_CJK = "Install them with: pip install 'letter-kit[cjk]'"
_CJK_PACKAGES = ("pylopdf_fonts_zh_cn", "pylopdf_fonts_jp", "pylopdf_fonts_ko")
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
