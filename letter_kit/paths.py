"""What is at a path, asked in a way that never fails.

A name that is too long, a loop of links or a folder that may not be read is, for whoever
looks for a file, the same as nothing there.
"""

from pathlib import Path

__all__ = ["is_file", "is_folder", "is_something"]


def is_file(path: Path) -> bool:
    """Whether there is a regular file, itself or through links."""
    try:
        return path.is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder, itself or through links."""
    try:
        return path.is_dir()
    except (OSError, ValueError, RuntimeError):
        return False


def is_something(path: Path) -> bool:
    """Whether the name is taken, be it by a link that leads nowhere."""
    try:
        return path.is_symlink() or path.exists()
    except (OSError, ValueError, RuntimeError):
        return False
