"""Pictures: read once, checked, and from then on known by their bytes."""

from collections.abc import Callable
from pathlib import Path

from letter_kit.errors import InputError
from letter_kit.models import Asset
from letter_kit.reading import read_bytes

__all__ = ["PICTURE_TYPES", "read_picture"]

_WIDEST = 8_000
"""Pixels; a logo needs a tenth of it, and a larger one is a bomb or a mistake."""


def _is_png(content: bytes) -> bool:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or b"IEND" not in content[-12:]:
        return False
    width, height = (int.from_bytes(content[i : i + 4], "big") for i in (16, 20))
    return 0 < width <= _WIDEST and 0 < height <= _WIDEST


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-1024:]


def _is_svg(content: bytes) -> bool:
    from xml.parsers import expat

    elements: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")  # expat bounds what entities make
    parser.StartElementHandler = lambda name, _: elements.append(name)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        return False
    return elements[0].rpartition(" ")[2] == "svg"


PICTURE_TYPES: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    ".png": ("image/png", _is_png),
    ".jpg": ("image/jpeg", _is_jpeg),
    ".jpeg": ("image/jpeg", _is_jpeg),
    ".svg": ("image/svg+xml", _is_svg),
}


def read_picture(folder: Path, name: str, error: type[InputError] = InputError) -> Asset:
    """The picture ``name`` below ``folder``.

    Raises ``error`` where the file is missing, lies outside ``folder``, is not PNG, JPEG
    or SVG, or holds something other than its suffix says.
    """
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError) as exc:
        raise error.of(f"the picture cannot be found: {exc}"[:200], path=str(path)[:200]) from None
    if not inside:
        raise error.of("the picture lies outside its folder", path=str(path))
    if path.suffix.lower() not in PICTURE_TYPES:
        raise error.of(
            "this kind of picture is not known",
            path=str(path),
            expected=", ".join(PICTURE_TYPES),
            found=path.suffix or "no suffix",
        )
    media_type, is_sound = PICTURE_TYPES[path.suffix.lower()]
    content = read_bytes(path, error)
    if not is_sound(content):
        raise error.of(
            "the file does not hold what its suffix says, whole",
            path=str(path),
            expected=f"{media_type} of at most {_WIDEST} x {_WIDEST} pixels",
            hint="Export the picture anew.",
        )
    return Asset(name, media_type, content)
