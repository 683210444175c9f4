"""Files as bytes and as text, within bounds."""

import stat
from pathlib import Path

from letter_kit.errors import InputError

__all__ = ["read_bytes", "read_text"]

_MAX_BYTES = 5_000_000
_MAX_TEXT_BYTES = 1_000_000


def read_bytes(
    path: Path, error: type[InputError] = InputError, *, most: int = _MAX_BYTES
) -> bytes:
    """The bytes of a file of at most ``most`` bytes.

    Raises ``error`` where it is missing, is no file, cannot be read, or is too large.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise error.of(
                "expected a file, found a folder", path=_shown(path), hint="Name a file in it."
            )
        if not stat.S_ISREG(mode):
            # A pipe could keep us waiting, and a device never end.
            raise error.of("expected a file, found a device or pipe", path=_shown(path))
        with path.open("rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError:
        raise error.of(
            "there is no such file", path=_shown(path), hint="Look at the name, or make the file."
        ) from None
    except PermissionError:
        raise error.of(
            "the file may not be read (permission denied)",
            path=_shown(path),
            hint=f"Allow it: chmod u+r {_shown(path)}",
        ) from None
    except (OSError, ValueError, RuntimeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else exc
        raise error.of(f"the file cannot be read: {reason}", path=_shown(path)) from None
    if len(content) > most:
        raise error.of(
            "the file is too large", path=_shown(path), expected=f"at most {most / 1e6:g} MB"
        )
    return content


def read_text(path: Path, error: type[InputError] = InputError) -> str:
    """A UTF-8 text of at most 1 MB, with or without BOM, its line ends made line feeds.

    Raises ``error`` where `read_bytes` does or the bytes are not UTF-8.
    """
    raw = read_bytes(path, error, most=_MAX_TEXT_BYTES)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise error.of(
            "the file is not UTF-8",
            path=_shown(path),
            line=raw.count(b"\n", 0, exc.start) + 1,
            found=f"byte 0x{raw[exc.start]:02x}",
            hint="Save it as UTF-8 and try again.",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"{text[:199]}…"
