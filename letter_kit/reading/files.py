"""Files as bytes and as text, within bounds."""

from pathlib import Path

from letter_kit.errors import InputError

__all__ = ["read_bytes", "read_text"]

_MAX_FILE_BYTES = 5_000_000


def read_bytes(path: Path, error: type[InputError] = InputError) -> bytes:
    """The bytes of a file of at most 5 MB.

    Raises ``error`` where it is missing, is a folder, cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise error.of(
                "the file is too large",
                path=str(path),
                expected="at most 5 MB",
                found=f"{path.stat().st_size / 1e6:.1f} MB",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise error.of("there is no such file", path=str(path)) from None
    except IsADirectoryError:
        raise error.of(
            "expected a file, found a folder",
            path=str(path),
            hint="Name a file in it.",
        ) from None
    except PermissionError:
        raise error.of("the file may not be read (permission denied)", path=str(path)) from None
    except (OSError, ValueError) as exc:
        raise error.of(f"the file cannot be read: {exc}", path=str(path)[:200]) from None


def read_text(path: Path, error: type[InputError] = InputError) -> str:
    """A UTF-8 text, with or without BOM, its line ends made line feeds.

    Raises ``error`` where `read_bytes` does or the bytes are not UTF-8.
    """
    raw = read_bytes(path, error)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise error.of(
            "the file is not UTF-8",
            path=str(path),
            line=raw.count(b"\n", 0, exc.start) + 1,
            found=f"byte 0x{raw[exc.start]:02x}",
            hint="Save it as UTF-8 and try again.",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
