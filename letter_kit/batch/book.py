"""Bookkeeping: what comes of each row goes into the ledger and the account."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from letter_kit.batch.account import one_line
from letter_kit.batch.fingerprint import inputs_of
from letter_kit.batch.making import Made, Task
from letter_kit.batch.result import BatchResult
from letter_kit.batch.scratch import Scratch
from letter_kit.errors import Problem, RunawayError
from letter_kit.ledger import Ledger, Record
from letter_kit.people import Row

__all__ = ["Book", "OnRow"]

OnRow = Callable[[Row, tuple[Problem, ...]], None]
"""Is told of each row when it is done, with what is wrong where it failed."""

_RUNAWAYS_BORNE = 3
"""How many letters may run away before the first is done: then it is the campaign's fault."""
_HINT = "Look for loops inside loops, and for texts that are multiplied."
_SECONDS_UNKEPT = 0.5
_MOST_UNKEPT = 2_000


class Book:
    """Enters what comes of each row. ``ledger`` is ``None`` where nothing is to be kept."""

    def __init__(
        self,
        result: BatchResult,
        ledger: Ledger | None,
        scratch: Scratch,
        on_row: OnRow | None,
        fingerprint: bytes,
    ) -> None:
        self._result = result
        self._ledger = ledger
        self._scratch = scratch
        self._fingerprint = fingerprint
        self._on_row = on_row or (lambda row, problems: None)
        self._unkept: list[Record] = []
        self._kept_at = time.monotonic()
        self._runaways = 0

    def skip(self, row: Row, reason: str) -> None:
        """Enter a row that gets no letter."""
        self._result.skip(reason, row.line)
        if self._ledger is not None:
            record = Record(row.number, row.id, "skipped", error=reason)
            before = self._ledger.find(row.number)
            if before is None or (before.status == "skipped" and before[:9] != record[:9]):
                self._keep([record])
        self._on_row(row, ())

    def enter(self, task: Task, made: Made | None, lost: RunawayError | None) -> None:
        """Enter what came of a task.

        Raises `RunawayError` where it is the campaign that runs away, whoever the recipient.
        """
        if made is None:
            assert lost is not None
            lead = task.rows[0]
            problems = tuple(
                replace(
                    problem, message=f"the letter cannot be made: {problem.message}", hint=_HINT
                )
                for problem in lost.at(lead.path, lead.line).problems
            )
            cells = tuple(row.cells for row in task.rows)
            inputs = inputs_of(self._fingerprint, lead.headers, cells)
            made = Made("failed", inputs, problems=problems)
            self._runaways += 1
        if made.status == "failed":
            self._fail(task.rows, made)
            if self._runaways >= _RUNAWAYS_BORNE and not self._result.done:
                self.flush()
                raise RunawayError(made.problems)
        else:
            self._succeed(task.rows, made)

    def flush(self) -> None:
        """Let the ledger keep what was entered."""
        if self._ledger is not None and self._unkept:
            self._ledger.keep(self._unkept)
        self._unkept.clear()
        self._kept_at = time.monotonic()

    def _fail(self, rows: Sequence[Row], made: Made) -> None:
        error = one_line(made.problems)
        self._result.failed += len(rows)
        self._keep([Record(row.number, row.id, "failed", made.inputs, error=error) for row in rows])
        for row in rows:
            self._on_row(row, made.problems)

    def _succeed(self, rows: Sequence[Row], made: Made) -> None:
        result, lead = self._result, rows[0]
        result.done += len(rows)
        result.files += len(made.files)
        result.languages[made.language] += 1
        result.countries[made.country] += 1
        result.offices[made.office] += 1
        result.filled += made.filled is True
        result.laid_out += made.filled is False
        for warning in made.warnings:
            result.warn(warning, lead.line)
        if result.first is None or lead.number < result.first.number:
            result.first = lead
        for note in made.notes:
            result.note(note, lead.line)
        for row, person in zip(rows, made.people, strict=True):
            self._scratch.saw(person, row.number)
            self._on_row(row, ())
        if made.status == "kept":
            result.kept += len(rows)
            return
        record = Record(
            lead.number,
            lead.id,
            "done",
            made.inputs,
            made.language,
            made.rule,
            made.asks,
            "\n".join(made.warnings),
            files=made.files,
        )
        joined = record._replace(joined=lead.number, files=())
        self._keep([record, *(joined._replace(row=r.number, id=r.id) for r in rows[1:])])

    def _keep(self, records: Sequence[Record]) -> None:
        """Enter the records of a letter, which the ledger keeps together or not at all."""
        self._unkept += records
        full = len(self._unkept) >= _MOST_UNKEPT
        if full or time.monotonic() - self._kept_at > _SECONDS_UNKEPT:
            self.flush()
