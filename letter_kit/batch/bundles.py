"""What is made of all letters of a run together: one PDF for the print house, one zip."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from letter_kit.batch.account import FAILED, MANIFEST
from letter_kit.errors import InputError
from letter_kit.ledger import Ledger
from letter_kit.mailing import Mailing
from letter_kit.output import Store
from letter_kit.paths import is_file, is_something

__all__ = ["Bundles", "bundle", "check_bundles"]


@dataclass(frozen=True, slots=True)
class Bundles:
    """What to make of a run's files.

    ``combined`` is a PDF with all letters in the order of their rows; with ``duplex``, each
    begins on a right-hand page, and ``every`` letters begin a new file. ``zip`` holds all
    files with the account.
    """

    combined: Path | None = None
    duplex: bool = False
    every: int | None = None
    zip: Path | None = None

    @property
    def files(self) -> dict[str, Path]:
        """The files asked for, by kind."""
        named = {"combined": self.combined, "zip": self.zip}
        return {kind: path for kind, path in named.items() if path is not None}


def check_bundles(bundles: Bundles, mailing: Mailing, ledger: Ledger | None, force: bool) -> None:
    """Raise `InputError` for what could not be made after a long run."""
    if bundles.combined is not None and "pdf" not in mailing.formats:
        raise InputError.of(
            "letters are combined from PDFs, and this run makes none", hint="Add --format pdf."
        )
    for kind, path in bundles.files.items():
        ours = ledger is not None and _fact(kind, path) in ledger.facts
        if is_something(path) and not ours and not force:
            raise InputError.of(
                "there is a file of this name already", path=str(path), hint="Give --force."
            )


def bundle(
    bundles: Bundles, mailing: Mailing, ledger: Ledger, store: Store, folder: Path
) -> list[Path]:
    """Make what is asked for of all letters on record; what has not changed is left alone.

    Raises `InputError` where a letter cannot be used, `SetupError` where a file cannot be
    written.
    """
    made = []
    for kind, path in bundles.files.items():
        contents = _contents(bundles, ledger)
        if is_file(path) and ledger.facts.get(_fact(kind, path)) == contents:
            continue
        if kind == "combined":
            made += _combine(path, bundles, mailing, ledger, store)
        else:
            made += _pack(path, ledger, store, folder)
        ledger.note({_fact(kind, path): contents})
    return made


def _combine(
    path: Path, bundles: Bundles, mailing: Mailing, ledger: Ledger, store: Store
) -> list[Path]:
    from letter_kit.printing import CombinedPart, combine_pdfs

    def parts() -> Iterator[CombinedPart]:
        for row, file in ledger.files("pdf"):
            record = ledger.find(row)
            language = record.language if record else mailing.campaign.source_language
            stem = file.name.rpartition("/")[2].removesuffix(".pdf")
            yield CombinedPart(store.read(file.name), stem, language)

    campaign = mailing.campaign
    text = campaign.texts[campaign.source_language]
    made = combine_pdfs(
        parts(),
        path,
        title=text.title,
        language=text.language,
        duplex=bundles.duplex,
        every=bundles.every,
        force=True,
    )
    return [file.path for file in made]


def _pack(path: Path, ledger: Ledger, store: Store, folder: Path) -> list[Path]:
    from letter_kit.printing import zip_files

    def entries() -> Iterator[tuple[str, Path | bytes]]:
        for name in (MANIFEST, FAILED):
            if is_file(folder / name):
                yield name, folder / name
        for _, file in ledger.files():
            yield file.name, store.read(file.name)

    zip_files(entries(), path, force=True)
    return [path]


def _contents(bundles: Bundles, ledger: Ledger) -> str:
    """A digest of what the bundles are made from."""
    digest = hashlib.sha256(repr((bundles.duplex, bundles.every)).encode())
    for _, file in ledger.files():
        digest.update(f"{file.name}\0{file.sha256}\n".encode())
    return digest.hexdigest()


def _fact(kind: str, path: Path) -> str:
    return f"{kind} {path.resolve()}"
