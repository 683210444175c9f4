"""The rows of a list become tasks: chosen, joined, named, with what is known of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from letter_kit.batch.making import Known, Task, person_key
from letter_kit.batch.naming import is_unique, placed, stem_of
from letter_kit.batch.scratch import Scratch
from letter_kit.batch.selection import (
    Condition,
    Exclusions,
    check_columns,
    condition,
    group_key,
)
from letter_kit.errors import LetterKitError
from letter_kit.formats import format_named
from letter_kit.ledger import FileRecord, Ledger
from letter_kit.mailing import Mailing, letter_language
from letter_kit.output import collision_key
from letter_kit.people import RecipientList, Row

__all__ = ["Selection", "chunks_of", "tasks_of"]

Skip = Callable[[Row, str], None]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of a list are written to.

    ``where`` are conditions such as ``country=FR``, of which each must hold. ``exclude`` is
    a list of people that are left out. ``limit`` is the number of letters after which no
    more rows are read. Rows that mean the same in the columns ``group_by`` become one
    letter. With ``skip_duplicates``, the same person at the same address gets one letter.
    """

    where: tuple[str, ...] = ()
    exclude: RecipientList | None = None
    limit: int | None = None
    group_by: tuple[str, ...] = ()
    skip_duplicates: bool = False

    @property
    def everyone(self) -> bool:
        """Whether it leaves nobody out."""
        return not (self.where or self.exclude or self.skip_duplicates) and self.limit is None

    def conditions(self, recipients: RecipientList) -> list[Condition]:
        """Its conditions for a list.

        Raises `InputError` where it cannot be read, or names what the list does not have.
        """
        check_columns(self.group_by, recipients)
        return [condition(text, recipients) for text in self.where]


class _Tasks:
    """Makes tasks of rows, in the order of the list."""

    def __init__(
        self, recipients: RecipientList, selection: Selection, mailing: Mailing, scratch: Scratch
    ) -> None:
        self._recipients = recipients
        self._selection = selection
        self._mailing = mailing
        self._scratch = scratch
        self._conditions = selection.conditions(recipients)
        self._excluded = Exclusions(selection.exclude or ())

    def chosen(self, skip: Skip) -> Iterator[tuple[Row, ...]]:
        """The rows that become a letter each."""
        rows = self._admitted(skip)
        if not self._selection.group_by:
            yield from ((row,) for row in rows)
            return
        for row in rows:
            key = group_key(row, self._selection.group_by)
            self._scratch.gather(key or f"row {row.number}".encode(), row)
        yield from self._scratch.groups()

    def named(self, rows: tuple[Row, ...], name_by: str) -> str:
        """The name of a letter's files, where no other letter has it."""
        row = rows[0]
        try:
            lead = row.recipient(self._mailing.campaign.fields)
            stem = stem_of(name_by, row, lead, letter_language(self._mailing, lead))
        except LetterKitError:
            return ""  # the row fails, and tells why when it is made
        count, free = 1, stem
        while self._scratch.claim(_key(placed(free, row)), row.number) is not None:
            count += 1
            free = f"{stem}-{count}"
        return free

    def given_up(self, stem: str, row: Row, ledger: Ledger) -> tuple[FileRecord, ...]:
        """The files of that name that belong to rows which get another one, or are no more."""
        found = []
        for form in self._mailing.formats:
            name = placed(stem, row) + format_named(form).suffix
            holder = ledger.row_of(name)
            if holder in {None, row.number}:
                continue
            if holder > self._recipients.rows or self._scratch.is_named(holder):
                record = ledger.find(holder)
                found += [file for file in record.files if file.name == name] if record else []
        return tuple(found)

    def _admitted(self, skip: Skip) -> Iterator[Row]:
        for row in self._recipients:
            if reason := self._reason_to_skip(row):
                skip(row, reason)
            else:
                yield row

    def _reason_to_skip(self, row: Row) -> str | None:
        for wanted in self._conditions:
            if not wanted.admits(row):
                return f"it does not meet {wanted.said}"
        if row in self._excluded:
            return "it is on the list of those left out"
        if self._selection.skip_duplicates:
            try:
                person = person_key(row.recipient(self._mailing.campaign.fields))
            except LetterKitError:
                return None  # the row fails, and tells why when it is made
            if (earlier := self._scratch.claim(person, row.number)) is not None:
                return f"it is for the same person as row {earlier}"
        return None


def tasks_of(
    recipients: RecipientList,
    selection: Selection,
    mailing: Mailing,
    name_by: str,
    ledger: Ledger | None,
    scratch: Scratch,
    skip: Skip,
) -> Iterator[Task]:
    """A task for each letter; ``skip`` is told of each row that gets none, and why."""
    maker = _Tasks(recipients, selection, mailing, scratch)
    earlier = None if ledger is None or ledger.empty else ledger
    unique = is_unique(name_by)

    def tasks() -> Iterator[Task]:
        chosen = islice(maker.chosen(skip), selection.limit)
        if unique or earlier is None:
            for rows in chosen:
                stem = None if unique else maker.named(rows, name_by)
                yield Task(rows, stem, _known(earlier, rows[0].number))
            return
        # Names may have moved from row to row: each is given before any is used.
        for rows in chosen:
            scratch.name(maker.named(rows, name_by), rows)
        for stem, rows in scratch.named():
            given_up = maker.given_up(stem, rows[0], earlier) if stem else ()
            yield Task(rows, stem, _known(earlier, rows[0].number), given_up)

    return tasks()


def chunks_of(tasks: Iterator[Task], size: int) -> Iterator[Sequence[Task]]:
    """The tasks, ``size`` at a time."""
    while chunk := list(islice(tasks, size)):
        yield chunk


def _known(ledger: Ledger | None, row: int) -> Known | None:
    record = ledger.find(row) if ledger is not None else None
    if record is None or record.status == "skipped":
        return None
    failed, warnings = record.status == "failed", tuple(filter(None, record.warnings.split("\n")))
    return Known(record.inputs, failed, record.error, warnings, record.files)


def _key(name: str) -> bytes:
    return collision_key(name).encode("utf-8", "surrogatepass")
