"""What a run made, failed and skipped, told from its ledger."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from letter_kit.ledger import Ledger
from letter_kit.output import FolderLock, open_store

__all__ = ["BatchStatus", "batch_status"]

_ERRORS_TOLD = 20
_FILES_TOLD = 50
_FILES_ASKED_FOR = 200


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """A run as a whole. ``state`` is running, finished, stopped, or cut short.

    ``errors`` are the most frequent ones, with the number of their rows; ``missing`` and
    ``changed`` are names of files, known where they were asked for.
    """

    folder: str
    campaign: str
    list: str
    date: str
    state: str
    done: int
    failed: int
    skipped: int
    files: int
    languages: Mapping[str, int]
    errors: Mapping[str, int]
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """All rows on record."""
        return self.done + self.failed + self.skipped

    def as_dict(self) -> dict[str, Any]:
        """The same for ``--json``."""
        return {**asdict(self), "rows": self.rows}


def batch_status(folder: Path, *, verify: bool = False) -> BatchStatus:
    """What is on record of the run in ``folder``; with ``verify``, every file is read.

    Raises `InputError` where no batch was made there, `SetupError` where the ledger
    cannot be read.
    """
    with Ledger.of(folder) as ledger:
        facts = ledger.facts
        counts = ledger.counts("status")
        errors = Counter(record.error for record in ledger.records("failed"))
        missing, changed = _look(folder, facts, ledger) if verify else ((), ())
        return BatchStatus(
            folder=str(folder),
            campaign=facts.get("campaign", ""),
            list=facts.get("list", ""),
            date=facts.get("date", ""),
            state=_state(folder, facts.get("state", "")),
            done=counts.get("done", 0),
            failed=counts.get("failed", 0),
            skipped=counts.get("skipped", 0),
            files=ledger.count_files(),
            languages=dict(sorted(ledger.counts("language").items())),
            errors=dict(errors.most_common(_ERRORS_TOLD)),
            missing=missing,
            changed=changed,
        )


def _state(folder: Path, noted: str) -> str:
    if noted != "running":
        return noted
    return "running" if FolderLock(folder).is_taken() else "cut short"


def _look(
    folder: Path, facts: Mapping[str, str], ledger: Ledger
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the first files that are missing, and of those that are changed."""
    store = open_store(facts.get("out") or str(folder))
    missing: list[str] = []
    changed: list[str] = []
    files = (file for _, file in ledger.files())
    while some := list(islice(files, _FILES_ASKED_FOR)):
        store.expect(file.name for file in some)
        for file in some:
            found = store.digest(file.name)
            if found != file.sha256 and len(missing) + len(changed) < _FILES_TOLD:
                (missing if found is None else changed).append(file.name)
    return tuple(missing), tuple(changed)
