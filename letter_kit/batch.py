"""The use case: a list of recipients, one letter a row and format, and an account of it."""

import datetime as dt
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from letter_kit.account import (
    FAILED,
    MANIFEST,
    Entry,
    done_entry,
    failed_entry,
    one_line,
    without_errors,
    write_account,
)
from letter_kit.engines import GuardedWorker
from letter_kit.errors import (
    InputError,
    LetterKitError,
    Problem,
    RunawayError,
    SetupError,
    did_you_mean,
)
from letter_kit.formats import format_named
from letter_kit.frames import Frame, load_frame
from letter_kit.layout import choose_layout
from letter_kit.letters import Mailing, WrittenLetter, text_in, write_letters
from letter_kit.models import Campaign, Recipient, Sender, localised
from letter_kit.output import safe_name, write_file
from letter_kit.paths import is_folder, is_something
from letter_kit.people import RecipientList, Row

__all__ = ["DEFAULT_NAME", "BatchResult", "run_batch"]

DEFAULT_NAME = "{row:05}-{country}-{name}"
_NAME_FIELDS = ("row", "id", "country", "name", "language", "office")
_RUNAWAYS_BORNE = 3
"""How many rows may run away before it is taken for the campaign's fault."""


@dataclass(slots=True)
class BatchResult:
    """The account of a run: done + failed + skipped = rows read."""

    folder: Path
    done: int = 0
    failed: int = 0
    skipped: int = 0
    files: int = 0
    warnings: dict[str, list[int]] = field(default_factory=dict)
    """Each warning with the lines of the rows that it was given for."""

    @property
    def rows(self) -> int:
        return self.done + self.failed + self.skipped


def run_batch(
    campaign: Campaign,
    recipients: RecipientList,
    sender: Sender,
    out: str | Path,
    *,
    date: dt.date,
    formats: Sequence[str] = ("pdf",),
    language: str | None = None,
    asks: Sequence[str] | None = None,
    layout: str | None = None,
    template: str | Frame = "classic",
    name_by: str = DEFAULT_NAME,
    limit: int | None = None,
    force: bool = False,
    strict: bool = False,
    on_row: Callable[[Row, LetterKitError | None], None] | None = None,
) -> BatchResult:
    """Write a letter for every row of ``recipients`` to the folder ``out``.

    A row that fails stops no other: it goes to ``failed.csv`` as it came, with an
    ``error`` column. ``manifest.csv`` accounts for every row. Rows beyond ``limit`` are
    not read. With ``strict``, a letter with a warning fails. ``on_row`` is told of each row
    when it is done.

    Raises `InputError` where ``out`` holds a batch already and ``force`` is not given, or
    an argument is wrong; `RunawayError` where the campaign's text runs away on several
    rows; `SetupError` where the folder cannot be written to. What was done until then is
    accounted for.
    """
    out = Path(out)
    _check_options(campaign, sender, recipients, language, asks, layout)
    forms = [format_named(name) for name in dict.fromkeys(formats)]
    frame = template if isinstance(template, Frame) else load_frame(template)
    _check_pattern(name_by)
    _prepare(out, force)
    if recipients.path.resolve() in {(out / name).resolve() for name in (MANIFEST, FAILED)}:
        raise InputError.of(
            "the list lies where this batch writes its account",
            path=str(recipients.path),
            hint="Name another folder with --out.",
        )
    mailing = Mailing(
        campaign,
        sender,
        date,
        formats=tuple(form.name for form in forms),
        frame=frame,
        language=language,
        asks=None if asks is None else tuple(asks),
        layout=layout,
        strict=strict,
    )
    run = _Run(out, name_by, force)
    finished = False
    try:
        with GuardedWorker() as worker:
            for row in _first(recipients, limit):
                error = run.attempt(row, campaign, partial(write_letters, mailing, worker=worker))
                if on_row is not None:
                    on_row(row, error)
                if error is not None and run.runaways >= _RUNAWAYS_BORNE:
                    raise error
        finished = True
    finally:
        write_account(out, recipients, run.manifest, run.failed, finished=finished)
    return run.result


class _Run:
    """The rows of one batch, one after the other, and what became of them."""

    def __init__(self, out: Path, name_by: str, force: bool) -> None:
        self.result = BatchResult(out)
        self.manifest: list[Entry] = []
        self.failed: list[tuple[str, ...]] = []
        self.runaways = 0
        self._name_by = name_by
        self._force = force
        self._names = _Names()

    def attempt(
        self, row: Row, campaign: Campaign, write: Callable[[Recipient], list[WrittenLetter]]
    ) -> LetterKitError | None:
        """Write the row's letters, or note why not. Raises `SetupError`: that is no row's fault."""
        try:
            recipient = row.recipient(campaign.fields)
            letters = write(recipient)
            self._keep(row, recipient, letters)
        except SetupError:
            raise
        except LetterKitError as exc:
            self.result.failed += 1
            self.manifest.append(failed_entry(row, exc))
            self.failed.append((one_line(exc), *without_errors(row)))
            self.runaways += isinstance(exc, RunawayError)
            return exc.at(row.path, row.line)
        self.result.done += 1
        for warning in dict.fromkeys(w.text for letter in letters for w in letter.warnings):
            self.result.warnings.setdefault(warning, []).append(row.line)
        return None

    def _keep(self, row: Row, recipient: Recipient, letters: list[WrittenLetter]) -> None:
        """Write the files of a row: all of them, or none where a name is taken."""
        out = self.result.folder
        stem = self._names.free(_stem(self._name_by, row, recipient, letters[0]))
        entries = [done_entry(row, letter, stem) for letter in letters]
        if not self._force:
            _refuse_taken(out, [entry.file for entry in entries])
        for entry, letter in zip(entries, letters, strict=True):
            write_file(out / entry.file, letter.document.content, force=self._force)
        self.manifest += entries
        self.result.files += len(entries)


def _first(recipients: RecipientList, limit: int | None) -> Iterator[Row]:
    for row in recipients:
        if limit is not None and row.number > limit:
            return
        yield row


def _check_options(
    campaign: Campaign,
    sender: Sender,
    recipients: RecipientList,
    language: str | None,
    asks: Sequence[str] | None,
    layout: str | None,
) -> None:
    """What would fail in the same way for every row is told once, before anything is made."""
    if not recipients.rows:
        raise InputError.of(
            "the list has no rows", path=str(recipients.path), expected="a recipient a line"
        )
    choose_layout(sender.country, layout, sender.layout, campaign.layout)
    if language is not None:
        text_in(campaign, language)
    known = [ask.id for ask in campaign.asks]
    unknown = [name for name in asks or () if name not in known]
    if unknown:
        raise InputError(
            Problem(f"{campaign.id} has no ask {name}", key="asks", hint=did_you_mean(name, known))
            for name in unknown
        )


def _check_pattern(pattern: str) -> None:
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as exc:
        raise InputError.of(
            f"the name pattern cannot be read: {exc}", expected=DEFAULT_NAME, found=pattern
        ) from None
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in _NAME_FIELDS:
            raise InputError.of(
                f"the name pattern has an unknown field {{{name}}}",
                hint=did_you_mean(name, _NAME_FIELDS),
            )
        if conversion or (spec and not (name == "row" and spec.isdigit() and len(spec) <= 3)):
            raise InputError.of(
                "the name pattern cannot be read", expected=DEFAULT_NAME, found=pattern
            )


def _prepare(out: Path, force: bool) -> None:
    if is_something(out) and not is_folder(out):
        raise InputError.of("expected a folder, found a file", path=str(out))
    if is_something(out / MANIFEST) and not force:
        raise InputError.of(
            "the folder holds the letters of a batch already",
            path=str(out),
            hint="Name another folder, or give --force to write over them.",
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise SetupError.of(
            f"the folder cannot be made: {exc.strerror}",
            path=str(out)[:200],
            hint="Choose a folder that you may write to.",
        ) from None


def _stem(pattern: str, row: Row, recipient: Recipient, letter: WrittenLetter) -> str:
    organisation = localised(recipient.organisation, letter.letter.language)
    filled = pattern.format(
        row=row.number,
        id=row.id,
        country=recipient.represents_country or "XX",
        name=recipient.name or organisation or recipient.office,
        language=letter.letter.language,
        office=recipient.office,
    )
    return safe_name(filled)


class _Names:
    """Names that are free, without regard to case."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def free(self, stem: str) -> str:
        count = self._taken.get(stem.casefold(), 0) + 1
        self._taken[stem.casefold()] = count
        return stem if count == 1 else self.free(f"{stem}-{count}")


def _refuse_taken(out: Path, files: Sequence[str]) -> None:
    """Raise `InputError` where a file is there, before the first of a row is written."""
    for file in files:
        if is_something(out / file):
            raise InputError.of(
                "there is a file of this name already", path=str(out / file), hint="Give --force."
            )
