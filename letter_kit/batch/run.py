"""The use case: a list of recipients, one letter a row and format, and an account of it."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from letter_kit.batch.account import FAILED, MANIFEST, write_account
from letter_kit.batch.book import Book, OnRow
from letter_kit.batch.fingerprint import mailing_fingerprint
from letter_kit.batch.making import Plan, begin
from letter_kit.batch.naming import DEFAULT_NAME, check_pattern
from letter_kit.batch.result import BatchResult
from letter_kit.batch.scratch import Scratch
from letter_kit.batch.tasks import Selection, chunks_of, tasks_of
from letter_kit.engines import Engine, LocalEngine, Order, processors
from letter_kit.errors import InputError, Problem, SetupError, did_you_mean
from letter_kit.formats import format_named
from letter_kit.frames import Frame, load_frame
from letter_kit.layout import choose_layout
from letter_kit.ledger import Ledger
from letter_kit.letters import Mailing, text_in
from letter_kit.models import Campaign, Sender
from letter_kit.output import FolderLock, FolderStore, is_url, open_bucket, safe_name
from letter_kit.paths import is_folder, is_something
from letter_kit.people import RecipientList

if TYPE_CHECKING:
    from letter_kit.output.objects import ObjectStore

__all__ = ["account_folder", "run_batch"]

_TEXT_CHUNK, _PAGE_CHUNK = 200, 25
"""Letters that a worker is given at a time: a tenth of a second of work, or two."""
_DUPLICATES_TOLD = 100
_SAID_OF = {
    "campaign": "letters made from the campaign {}",
    "list": "letters made from the list {}",
    "out": "the account of letters elsewhere: {}",
}


def run_batch(
    campaign: Campaign,
    recipients: RecipientList,
    sender: Sender,
    out: str | Path,
    *,
    date: dt.date | None = None,
    formats: Sequence[str] = ("pdf",),
    language: str | None = None,
    asks: Sequence[str] | None = None,
    layout: str | None = None,
    template: str | Frame = "classic",
    name_by: str = DEFAULT_NAME,
    selection: Selection | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    strict: bool = False,
    retry_failed: bool = False,
    dry_run: bool = False,
    on_row: OnRow | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> BatchResult:
    """Write a letter for every row of ``recipients`` to ``out``, a folder or ``s3://…``.

    A row that fails stops no other: it goes to ``failed.csv`` as it came, with an
    ``error`` column. ``manifest.csv`` accounts for every row. A run in the folder of an
    earlier one makes what is missing, changed or damaged, and touches nothing else;
    without a ``date`` it keeps the earlier run's, and the first one takes today's.
    ``retry_failed`` tries rows again that failed before and did not change; so does ``force``.

    ``jobs`` is the number of worker processes, by default that of the processors;
    ``scheduler`` is the address of a Dask cluster that works instead of them. With
    ``strict``, a letter with a warning fails. With ``dry_run``, letters are made and not
    kept, and nothing is written. ``on_row`` is told of each row when it is done. When
    ``stopping`` says so, the run ends after the letters that it is at.

    Raises `InputError` where an argument is wrong, or ``out`` holds letters of another
    campaign or list and ``force`` is not given; `RunawayError` where the campaign's text
    runs away whoever the recipient is; `SetupError` where the machine stands in the way, or
    another run is at work in ``out``. What was done until then is accounted for.
    """
    selection = selection or Selection()
    _check_options(campaign, sender, recipients, language, asks, layout)
    check_pattern(name_by)
    selection.conditions(recipients)
    forms = tuple(dict.fromkeys(format_named(name).name for name in formats))
    frame = template if isinstance(template, Frame) else load_frame(template)
    folder = account_folder(out)
    bucket = open_bucket(str(out)) if is_url(str(out)) and not dry_run else None
    result = BatchResult(folder)

    with _at_work_in(folder, recipients, dry_run) as ledger, _scratch() as scratch:
        facts = {
            "campaign": campaign.id,
            "list": recipients.path.name,
            "out": str(out).rstrip("/") if is_url(str(out)) else "",
        }
        cut_short = _continue_or_begin(ledger, facts, folder, force) if ledger else False
        mailing = Mailing(
            campaign,
            sender,
            _date(date, ledger),
            forms,
            frame,
            language=language,
            asks=None if asks is None else tuple(asks),
            layout=layout,
            strict=strict,
        )
        plan = Plan(
            mailing,
            mailing_fingerprint(mailing, name_by),
            name_by,
            None if dry_run else _address(out, shared=scheduler is not None),
            overwrite=force or cut_short,
            retry_failed=retry_failed or force,
        )
        book = Book(result, ledger, scratch, on_row)
        tasks = tasks_of(recipients, selection, mailing, name_by, ledger, scratch, book.skip)
        if ledger:
            ledger.note({**facts, "date": mailing.date.isoformat(), "state": "running"})
        order = Order(begin, plan)
        try:
            with _engine(order, jobs, scheduler, recipients.rows) as engine:
                size = _chunk_size(forms, recipients.rows, engine.width)
                for outcome in engine.run(chunks_of(tasks, size), stopping):
                    book.enter(*outcome)
            result.stopped = stopping()
        finally:
            if ledger:
                _close_the_books(folder, recipients, ledger, book, bucket)
        result.duplicates = scratch.duplicates(_DUPLICATES_TOLD)
        if ledger:
            ledger.note({"state": "stopped" if result.stopped else "finished"})
            if selection.everyone and not result.stopped:
                result.left_over = ledger.rows_beyond(result.rows)
    return result


def account_folder(out: str | Path) -> Path:
    """The folder for ledger and account: that of the letters, or one here for an object store."""
    return Path(safe_name(str(out))) if is_url(str(out)) else Path(out)


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


@contextmanager
def _at_work_in(folder: Path, recipients: RecipientList, dry_run: bool) -> Iterator[Ledger | None]:
    """The folder's ledger, with nobody else at work there; none for a dry run."""
    if recipients.path.resolve() in {(folder / name).resolve() for name in (MANIFEST, FAILED)}:
        raise InputError.of(
            "the list lies where this batch writes its account",
            path=str(recipients.path),
            hint="Name another folder with --out.",
        )
    if dry_run:
        yield None
        return
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
        FolderStore(folder).sweep()
        with Ledger(folder) as ledger:
            yield ledger
    finally:
        lock.release()


@contextmanager
def _scratch() -> Iterator[Scratch]:
    scratch = Scratch()
    try:
        yield scratch
    finally:
        scratch.close()


def _continue_or_begin(ledger: Ledger, facts: Mapping[str, str], folder: Path, force: bool) -> bool:
    """Whether the run before was cut short, so that files of its may be there unrecorded.

    Raises `InputError` where the folder holds the letters of another campaign or list.
    """
    before = ledger.facts
    for name, now in facts.items():
        if before.get(name, now) == now:
            continue
        if not force:
            raise InputError.of(
                f"the folder holds {_SAID_OF[name].format(before[name])}",
                path=str(folder),
                found=now or None,
                hint="Name another folder, or give --force to write over them.",
            )
        ledger.forget()
        return False
    return before.get("state") == "running"


def _date(asked: dt.date | None, ledger: Ledger | None) -> dt.date:
    """The letters' date: what was asked for, else that of the run that is continued."""
    before = ledger.facts.get("date") if ledger else None
    if asked is not None or before is None:
        return asked or dt.date.today()
    return dt.date.fromisoformat(before)


def _address(out: str | Path, *, shared: bool) -> str:
    """Where the letters go, as a worker finds it; other machines have other current folders."""
    return str(Path(out).absolute()) if shared and not is_url(str(out)) else str(out)


def _chunk_size(formats: Sequence[str], rows: int, width: int) -> int:
    """How many letters a worker is given at a time: fewer where there are few."""
    size = _PAGE_CHUNK if any(format_named(f).binary for f in formats) else _TEXT_CHUNK
    return max(1, min(size, rows // (4 * width)))


def _engine(order: Order, jobs: int | None, scheduler: str | None, rows: int) -> Engine:
    if scheduler is not None:
        from letter_kit.engines.cluster import DaskEngine

        return DaskEngine(order, scheduler)
    return LocalEngine(order, jobs=max(1, min(jobs or processors(), rows)))


def _close_the_books(
    folder: Path,
    recipients: RecipientList,
    ledger: Ledger,
    book: Book,
    bucket: "ObjectStore | None",
) -> None:
    """Let the ledger keep what was entered, and write the account, whatever ended the run."""
    failing = sys.exc_info()[1]
    FolderStore(folder).sweep()  # on a full disk, it makes room for the account
    try:
        book.flush()
        write_account(folder, recipients, ledger)
        if bucket is not None and not isinstance(failing, SetupError):
            _send_account(folder, bucket)
    except SetupError:
        if failing is None:  # else what ended the run says why
            raise


def _send_account(folder: Path, bucket: "ObjectStore") -> None:
    """Lay the account beside the letters as well."""
    for name in (MANIFEST, FAILED):
        if (folder / name).exists():
            bucket.upload(name, folder / name)
        else:
            bucket.remove(name)
