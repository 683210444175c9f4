"""What a worker does with a row: its letter made and put away, or why not.

It runs in a process of its own that an engine guards, on this machine or another.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from platform import node
from typing import Literal, NamedTuple

from letter_kit.batch.account import without_values
from letter_kit.batch.fingerprint import inputs_of, mailing_fingerprint
from letter_kit.batch.naming import placed, stem_of
from letter_kit.engines import DirectWorker
from letter_kit.errors import LetterKitError, Problem, SetupError
from letter_kit.formats import format_named, warm_up
from letter_kit.ledger import LEDGER, FileRecord
from letter_kit.letters import Mailing, WrittenLetter, letter_language, write_letters
from letter_kit.mailing import prepared
from letter_kit.models import Recipient
from letter_kit.output import Store, TakenError, is_url, open_store
from letter_kit.paths import is_file
from letter_kit.people import Note, Row

__all__ = ["Known", "LetterWork", "Made", "Plan", "Task", "begin", "person_key"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What every worker of a run needs to know; it can be pickled.

    ``out`` is the folder or the address of the store; where it is ``None``, nothing is
    kept. ``overwrite`` allows to write over files that are not on record.
    """

    mailing: Mailing
    fingerprint: bytes
    name_by: str
    out: str | None
    overwrite: bool = False
    retry_failed: bool = False
    verify: int = 0
    """Of so many rows, the PDF of one is held against one laid out in full."""


class Known(NamedTuple):
    """What the ledger knows of a row from an earlier run."""

    inputs: bytes
    failed: bool
    error: str
    warnings: tuple[str, ...]
    files: tuple[FileRecord, ...]


class Task(NamedTuple):
    """The rows that become one letter, the first one leading it.

    ``stem`` is the file's name, where the pattern alone does not make it unique; ``given_up``
    are files of that name which belonged to other rows.
    """

    rows: tuple[Row, ...]
    stem: str | None = None
    known: Known | None = None
    given_up: tuple[FileRecord, ...] = ()


class Made(NamedTuple):
    """What became of a task. A letter is ``kept`` where it was there already, as it must be.

    ``inputs`` is empty where they are not why it failed: then it is tried again.
    """

    status: Literal["done", "kept", "failed"]
    inputs: bytes
    language: str = ""
    country: str = ""
    office: str = ""
    rule: str = ""
    asks: str = ""
    people: tuple[bytes, ...] = ()
    """What tells each row's recipient from others. See `person_key`."""
    notes: tuple[Note, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[FileRecord, ...] = ()
    filled: bool | None = None
    """Whether its PDF was filled into a stencil; ``None`` where none was made."""


def begin(plan: Plan) -> "LetterWork":
    """The work of a process, ready to begin.

    Raises `SetupError` where this machine would make other letters than the one that
    planned the run, or does not share its folder.
    """
    if mailing_fingerprint(plan.mailing, plan.name_by) != plan.fingerprint:
        raise SetupError.of(
            f"the worker on {node()} would make other letters than this machine",
            hint="The same letter-kit and WeasyPrint are needed on both, and the same folder"
            " 'languages', where the project has one.",
        )
    if plan.out is not None and not is_url(plan.out) and not is_file(Path(plan.out, LEDGER)):
        raise SetupError.of(
            f"the worker on {node()} does not see the folder",
            path=plan.out,
            hint="Name a folder that all machines share under this path, or a bucket.",
        )
    return LetterWork(plan)


class LetterWork:
    """Makes letters, one task after the other. See `letter_kit.engines.work.Work`."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._fields = plan.mailing.campaign.fields
        self._store: Store | None = None if plan.out is None else open_store(plan.out)
        self._mailings: dict[tuple[str, ...], Mailing] = {plan.mailing.formats: plan.mailing}
        self._worker = DirectWorker()
        for name in plan.mailing.formats:
            warm_up(format_named(name))

    def expect(self, tasks: Sequence[Task]) -> None:
        """Look together at what there is already of these letters."""
        names = [file.name for task in tasks if task.known for file in task.known.files]
        if self._store is not None and names:
            self._store.expect(names)

    def do(self, task: Task) -> Made:
        """Make the letter of ``task``. Raises `SetupError`, which is no row's fault."""
        row = task.rows[0]
        cells = tuple(row.cells for row in task.rows)
        inputs = inputs_of(self._plan.fingerprint, row.headers, cells)
        known = task.known
        if known and known.failed and known.inputs == inputs and not self._plan.retry_failed:
            problem = Problem(known.error, path=row.path, line=row.line)
            return Made("failed", inputs, problems=(problem,))
        try:
            read = [row.understood(self._fields) for row in task.rows]
            notes = tuple(note for one in read for note in one.notes)
            return self._make(task, [one.recipient for one in read], inputs, notes)
        except (SetupError, MemoryError):
            raise
        except TakenError as exc:
            return Made("failed", b"", problems=exc.at(row.path, row.line).problems)
        except LetterKitError as exc:
            problems = exc.at(row.path, row.line).problems
        except Exception as exc:  # a defect of ours must not cost the other rows
            problems = (_unforeseen(exc, row),)
        return Made("failed", inputs, problems=problems)

    def settle(self) -> None:
        """Put the files in their places."""
        if self._store is not None:
            self._store.settle()

    def _make(
        self, task: Task, people: list[Recipient], inputs: bytes, notes: tuple[Note, ...]
    ) -> Made:
        lead, row = people[0], task.rows[0]
        language = letter_language(self._plan.mailing, lead)
        stem = task.stem or stem_of(self._plan.name_by, row, lead, language)
        name = placed(stem, row)
        intact = self._intact(task.known, inputs, name)
        wanted = tuple([f for f in self._plan.mailing.formats if f not in intact])
        country, office = lead.represents_country or "", lead.office
        keys = tuple([person_key(person) for person in people])
        if not wanted:
            return Made("kept", inputs, language, country, office, people=keys, notes=notes)
        letters = write_letters(self._mailing(wanted), lead, people[1:], worker=self._worker)
        filled = next((one.document.filled for one in letters if one.document.pages), None)
        if filled and self._plan.verify and row.number % self._plan.verify == 0:
            _verify(self._plan.mailing, letters, row)
        files = self._put_away(dict(zip(wanted, letters, strict=True)), name, inputs, task)
        first = letters[0]
        # Each format has warnings of its own: those of the files that stay hold on.
        before = task.known.warnings if task.known and intact else ()
        told = (without_values(warning) for letter in letters for warning in letter.warnings)
        return Made(
            "done",
            inputs,
            language,
            country,
            office,
            rule=first.explanation.rule,
            asks=" ".join([f"{ask.id}:{ask.stance}" for ask in first.asks]),
            people=keys,
            notes=notes,
            warnings=tuple(dict.fromkeys((*before, *told))),
            files=files,
            filled=filled,
        )

    def _mailing(self, formats: tuple[str, ...]) -> Mailing:
        if formats not in self._mailings:
            self._mailings[formats] = replace(self._plan.mailing, formats=formats)
        return self._mailings[formats]

    def _intact(self, known: Known | None, inputs: bytes, name: str) -> set[str]:
        """The formats whose files are in their place, as they must be."""
        if self._store is None or known is None or known.failed or known.inputs != inputs:
            return set()
        return {
            file.format
            for file in known.files
            if file.inputs == inputs
            and file.name == name + format_named(file.format).suffix
            and self._store.digest(file.name) == file.sha256
        }

    def _put_away(
        self, letters: Mapping[str, WrittenLetter], name: str, inputs: bytes, task: Task
    ) -> tuple[FileRecord, ...]:
        """Hand the files of a letter to the store: all of them, or none where a name is taken."""
        contents = {form: letter.document.content for form, letter in letters.items()}
        files = tuple(
            FileRecord(
                form,
                name + letters[form].document.suffix,
                hashlib.sha256(content).hexdigest(),
                inputs,
            )
            for form, content in contents.items()
        )
        if self._store is None:
            return files
        ours = {file.name for file in task.known.files} if task.known else set()
        given_up = {file.name: file.sha256 for file in task.given_up}
        for file in files:
            there = self._store.digest(file.name)
            free = {None, file.sha256, given_up.get(file.name)}
            if not (self._plan.overwrite or file.name in ours or there in free):
                raise TakenError.of(
                    "there is a file of this name already, which is not this run's",
                    path=f"{self._plan.out}/{file.name}",
                    hint="Move it away, or give --force to write over it.",
                )
        for file in files:
            self._store.put(file.name, contents[file.format], file.sha256)
        return files


def _unforeseen(exc: Exception, row: Row) -> Problem:
    return Problem(
        f"letter-kit met an error that it does not know: {type(exc).__name__}",
        path=row.path,
        line=row.line,
        hint="This is a defect of letter-kit. Please report it.",
    )


def _verify(mailing: Mailing, letters: Sequence[WrittenLetter], row: Row) -> None:
    """Raise `SetupError` where a PDF is not what laying the letter out in full gives."""
    from letter_kit.formats.pdf import is_exact

    page = prepared(mailing).page
    for written in letters:
        if written.document.filled and not is_exact(
            written.document, written.letter, mailing.frame, page
        ):
            raise SetupError.of(
                "the PDF is not the one that laying the letter out in full gives",
                path=row.path,
                line=row.line,
                hint="This is a defect of letter-kit. Please report it, with the template.",
            )


def person_key(recipient: Recipient) -> bytes:
    """A digest that two rows share where person and address are the same; else it is empty."""
    name = recipient.name or ""
    place = (
        recipient.street_1,
        recipient.street_2,
        recipient.postal_code,
        recipient.city,
        recipient.country,
        *recipient.address_block,
    )
    who = (name, recipient.represents_country, *sorted(recipient.organisation.values()))
    if not name:
        who = (recipient.office, *who)
    parts = [part or "" for part in (*who, "", *place)]
    said = "\n".join([" ".join(part.split()) for part in parts]).casefold()
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest()
