"""Where campaigns, frames, lists and languages are: the only place that knows.

A name is looked up in the project (the current folder) first, then among what ships with
letter-kit; a path is taken as it is.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from letter_kit.errors import InputError, did_you_mean
from letter_kit.paths import is_file, is_folder, is_something

__all__ = ["LIST_SUFFIXES", "Library", "builtin_root"]

LIST_SUFFIXES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".ods")
"""How the names of recipients lists end."""

_PACKAGE = Path(__file__).resolve().parent


def builtin_root() -> Path:
    """The folder that holds the built-in ``campaigns``, ``templates``, ``languages`` and lists.

    A wheel carries them in ``letter_kit/_data``; a checkout has them beside the package.
    """
    shipped = _PACKAGE / "_data"
    return shipped if shipped.is_dir() else _PACKAGE.parent


class Library(NamedTuple):
    """The shelves, in the order in which a name is looked up."""

    roots: tuple[Path, ...]

    @classmethod
    def of(cls, project: Path | None = None) -> "Library":
        """The shelves of ``project`` (default: the current folder) and the built-in ones."""
        return cls((project or Path(), builtin_root()))

    @classmethod
    def builtin(cls) -> "Library":
        """What ships with letter-kit, and nothing else."""
        return cls((builtin_root(),))

    def campaign(self, where: str | Path) -> Path:
        """The folder of a campaign: by name or path, by path alone where it is a `Path`.

        Raises `InputError` if there is none.
        """
        return self._find("campaigns", where, self.campaigns(), "campaign", "campaign.toml")

    def frame(self, where: str | Path) -> Path:
        """The folder of a template, in the same way. Raises `InputError` if there is none."""
        return self._find("templates", where, self.frames(), "template", "letter.html.j2")

    def recipients(self, name: str) -> Path:
        """A recipients list, by name or path. Raises `InputError` if there is none."""
        lists = self.lists()
        if name in lists:
            return lists[name]
        if is_something(Path(name)):
            return Path(name)
        if Path(name).suffix:
            raise InputError.of("there is no such file", path=_cut(name))
        raise InputError.of(
            f"there is no recipients list {_cut(name)}",
            hint=f"{did_you_mean(name, lists) or ''} Or name a file.".strip(),
        )

    def campaigns(self) -> dict[str, Path]:
        """The folder of every campaign by name."""
        return self._folders("campaigns", "campaign.toml")

    def frames(self) -> dict[str, Path]:
        """The folder of every template by name."""
        return self._folders("templates", "letter.html.j2")

    def languages(self) -> dict[str, Path]:
        """The folder of every language by its code."""
        return self._folders("languages", "language.toml")

    def language_file(self, code: str, name: str) -> Path | None:
        """A file of the language ``code``, of the first shelf that has it."""
        if not code.isalpha():
            return None
        files = (root / "languages" / code / name for root in self.roots)
        return next((path for path in files if is_file(path)), None)

    def lists(self) -> dict[str, Path]:
        """Every recipients list by name."""
        found: dict[str, Path] = {}
        for shelf in self._shelves("recipients"):
            for path in sorted(shelf.glob("*")):
                if path.suffix.lower() in LIST_SUFFIXES and is_file(path):
                    found.setdefault(path.stem, path)
        return dict(sorted(found.items()))

    def _shelves(self, kind: str) -> Iterator[Path]:
        for root in self.roots:
            if is_folder(root / kind):
                yield root / kind

    def _folders(self, kind: str, marker: str) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for shelf in self._shelves(kind):
            for folder in sorted(shelf.glob("*")):
                if is_file(folder / marker):
                    found.setdefault(folder.name, folder)
        return dict(sorted(found.items()))

    def _find(
        self, kind: str, where: str | Path, known: dict[str, Path], word: str, marker: str
    ) -> Path:
        name = str(where)
        if isinstance(where, str) and where in known:
            return known[where]
        path = Path(where)
        if path.name == marker:
            path = path.parent
        if is_folder(path):
            if is_file(path / marker):
                return path
            raise InputError.of(
                f"this folder is no {word}", path=name, expected=f"a file {marker} in it"
            )
        raise InputError.of(
            f"there is no {word} {_cut(name)}",
            hint=" ".join(
                part
                for part in (
                    did_you_mean(name, known),
                    f"See 'letter-kit list {kind}', or give a folder.",
                )
                if part
            ),
        )


def _cut(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:79]}…"
