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
    builtin: bool = False
    """Whether it ships with letter-kit, and so was looked at before."""

    # What is made of a frame is kept by it; two of one name are told apart by their files.
    def __hash__(self) -> int:
        return hash((self.name, self.path))

    def file(self, name: str) -> str:
        """The text of a file of the frame, or of the built-in ``classic``."""
        return self.files[name if name in self.files else f"{_BUILTIN}classic/{name}"]


def load_frame(where: str | Path, library: Library | None = None) -> Frame:
    """The frame of that name or folder.

    Raises `InputError` where there is none, `TemplateError` where a file cannot be read.
    """
    folder = (library or Library.of()).frame(where)
    files = _texts(folder, "")
    builtin = Library.builtin().frames()
    for name, path in builtin.items():
        files |= _texts(path, f"{_BUILTIN}{name}/")
    is_builtin = folder.resolve() in {path.resolve() for path in builtin.values()}
    return Frame(folder.name, str(folder), files, is_builtin)


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
