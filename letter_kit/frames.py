"""Frames: the templates that put a letter on a page, one folder each.

``letter.html.j2`` and ``letter.css`` are the frame; ``letter.md.j2`` is its Markdown form,
and where it is missing, that of the built-in ``classic``. A frame may extend a built-in
one: ``{% extends "builtin:classic/letter.html.j2" %}``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from letter_kit.errors import TemplateError
from letter_kit.library import Library
from letter_kit.paths import is_file
from letter_kit.reading import Table, parse_toml, read_text

__all__ = ["Frame", "describe_frame", "load_frame"]

_BUILTIN = "builtin:"
_SUFFIXES = (".j2", ".css")


class Frame(NamedTuple):
    """A frame by its files: text by name, those of built-in frames as ``builtin:NAME/FILE``."""

    name: str
    path: str
    files: Mapping[str, str]

    def file(self, name: str) -> str:
        """The text of a file of the frame, or of the built-in ``classic``."""
        return self.files.get(name) or self.files[f"{_BUILTIN}classic/{name}"]


def load_frame(where: str | Path, library: Library | None = None) -> Frame:
    """The frame of that name or folder.

    Raises `InputError` where there is none, `TemplateError` where a file cannot be read.
    """
    folder = (library or Library.of()).frame(str(where))
    files = _texts(folder, "")
    for name, builtin in Library.builtin().frames().items():
        files |= _texts(builtin, f"{_BUILTIN}{name}/")
    return Frame(folder.name, str(folder), files)


def describe_frame(folder: Path) -> str:
    """The sentence in ``template.toml`` that says what the frame is for."""
    about = folder / "template.toml"
    if not is_file(about):
        return ""
    table = Table(parse_toml(read_text(about, TemplateError), str(about), error=TemplateError))
    return table.text("description") or ""


def _texts(folder: Path, prefix: str) -> dict[str, str]:
    return {
        f"{prefix}{path.name}": read_text(path, TemplateError)
        for path in sorted(folder.glob("*"))
        if path.suffix in _SUFFIXES
    }
