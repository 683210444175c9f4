"""Where a run keeps its ledger and its account, with nobody else at work there."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from letter_kit.batch.account import FAILED, MANIFEST, write_account
from letter_kit.batch.book import Book
from letter_kit.batch.tidying import take_back, withdraw
from letter_kit.errors import InputError, SetupError
from letter_kit.ledger import Ledger
from letter_kit.output import FolderLock, FolderStore, is_url, open_store, safe_name
from letter_kit.paths import is_folder, is_something
from letter_kit.people import RecipientList

if TYPE_CHECKING:
    from letter_kit.output.objects import ObjectStore

__all__ = ["Workplace", "account_folder", "workplace"]

_SAID_OF = {
    "campaign": "letters made from the campaign {}",
    "list": "letters made from the list {}",
    "out": "the account of letters elsewhere: {}",
}


class Workplace:
    """The folder of a run's ledger and account, and the store of its letters."""

    def __init__(self, folder: Path, out: str, ledger: Ledger) -> None:
        self.folder = folder
        self.ledger = ledger
        self.store = open_store(out)
        self._bucket = cast("ObjectStore", self.store) if is_url(out) else None
        self._aside = FolderStore(folder)

    @property
    def date(self) -> dt.date | None:
        """The letters' date in the run that is continued."""
        before = self.ledger.facts.get("date")
        return dt.date.fromisoformat(before) if before else None

    def begin(self, facts: Mapping[str, str], *, force: bool) -> bool:
        """Whether the run before was cut short. What it had not put on record is taken back.

        ``facts`` are what makes a run the same one: campaign, list, address.

        Raises `InputError` where the folder holds letters of another run, unless ``force``.
        """
        before = self.ledger.facts
        others = [name for name, now in facts.items() if before.get(name, now) != now]
        if others and not force:
            name = others[0]
            raise InputError.of(
                f"the folder holds {_SAID_OF[name].format(before[name])}",
                path=str(self.folder),
                found=facts[name] or None,
                hint="Name another folder, or give --force to write over them.",
            )
        if before:
            take_back(self._aside, self.ledger)
        self._aside.clear()
        if others:
            self.ledger.forget()
        withdraw(self.store, self.ledger)
        return not others and before.get("state") == "running"

    def close_books(
        self, book: Book, recipients: RecipientList, *, ended: bool, stopped: bool
    ) -> None:
        """Let the ledger keep what was entered, and write the account, whatever ended the run."""
        self._aside.sweep()  # on a full disk, it makes room for the account
        on_record = False
        try:
            try:
                book.flush()
                on_record = ended and not stopped
            finally:
                if not on_record:
                    take_back(self._aside, self.ledger)
            self._aside.clear()
            withdraw(self.store, self.ledger)
            write_account(self.folder, recipients, self.ledger)
            if self._bucket is not None:
                self._send_account(self._bucket)
        except SetupError:
            if ended:  # else what ended the run says why
                raise

    def _send_account(self, bucket: "ObjectStore") -> None:
        """Lay the account beside the letters as well."""
        for name in (MANIFEST, FAILED):
            if (self.folder / name).exists():
                bucket.upload(name, self.folder / name)
            else:
                bucket.remove(name)


def account_folder(out: str | Path) -> Path:
    """The folder for ledger and account: that of the letters, or one here for an object store."""
    return Path(safe_name(str(out))) if is_url(str(out)) else Path(out)


@contextmanager
def workplace(out: str | Path, recipients: RecipientList) -> Iterator[Workplace]:
    """The place for a run that writes to ``out``, made if need be, and nobody else's meanwhile.

    Raises `InputError` where it cannot be one, `SetupError` where it cannot be written to or
    another run is at work there.
    """
    folder = account_folder(out)
    if recipients.path.resolve() in {(folder / name).resolve() for name in (MANIFEST, FAILED)}:
        raise InputError.of(
            "the list lies where this batch writes its account",
            path=str(recipients.path),
            hint="Name another folder with --out.",
        )
    if is_something(folder) and not is_folder(folder):
        raise InputError.of("expected a folder, found a file", path=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise SetupError.of(
            f"the folder cannot be made: {exc.strerror}",
            path=str(folder)[:200],
            hint="Choose a folder that you may write to.",
        ) from None
    lock = FolderLock(folder)
    lock.take()
    try:
        with Ledger(folder) as ledger:
            yield Workplace(folder, str(out), ledger)
    finally:
        lock.release()
