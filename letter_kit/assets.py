"""Pictures: read once, checked, and from then on known by their bytes."""

from pathlib import Path

from letter_kit.errors import InputError
from letter_kit.models import Asset
from letter_kit.reading import read_bytes

__all__ = ["PICTURE_TYPES", "read_picture"]

PICTURE_TYPES = {
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".svg": ("image/svg+xml", None),
}


def read_picture(folder: Path, name: str, error: type[InputError] = InputError) -> Asset:
    """The picture ``name`` below ``folder``.

    Raises ``error`` where the file is missing, lies outside ``folder``, is not PNG, JPEG
    or SVG, or holds something other than its suffix says.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise error.of("the picture lies outside its folder", path=str(path))
    if path.suffix.lower() not in PICTURE_TYPES:
        raise error.of(
            "this kind of picture is not known",
            path=str(path),
            expected=", ".join(PICTURE_TYPES),
            found=path.suffix or "no suffix",
        )
    media_type, magic = PICTURE_TYPES[path.suffix.lower()]
    content = read_bytes(path, error)
    honest = content.startswith(magic) if magic else b"<svg" in content[:4096].lower()
    if not honest:
        raise error.of(
            "the file does not hold what its suffix says",
            path=str(path),
            expected=media_type,
            hint="Export the picture anew.",
        )
    return Asset(name, media_type, content)
