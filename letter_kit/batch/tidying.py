"""A run's folder in order: no letter in it that the ledger does not have."""

from contextlib import suppress

from letter_kit.ledger import Ledger
from letter_kit.output import FolderStore, Store, TakenError

__all__ = ["take_back", "withdraw"]


def withdraw(store: Store, ledger: Ledger) -> None:
    """Take away the letters that no row has any more, unless somebody changed them.

    That is a letter that now has another name, or one whose row now fails. It is done when
    all is on record: what one row leaves, another may have taken.
    """
    for name, digest in ledger.withdrawn():
        _remove(store, name, digest)
    ledger.forget_withdrawn()


def take_back(folder: FolderStore, ledger: Ledger) -> None:
    """Take away the files that a run put in place, and ended before they were on record.

    The next run makes them again. What somebody else put there, or changed, stays.
    """
    for name, digest in folder.placed():
        if ledger.row_of(name) is None:
            _remove(folder, name, digest)


def _remove(store: Store, name: str, digest: str) -> None:
    with suppress(TakenError):
        if store.digest(name) == digest:
            store.remove(name)
