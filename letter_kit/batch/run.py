"""The use case: a list of recipients, one letter a row and format, and an account of it."""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from letter_kit.batch.book import Book, OnRow
from letter_kit.batch.bundles import Bundles, bundle, check_bundles
from letter_kit.batch.fingerprint import mailing_fingerprint
from letter_kit.batch.making import Plan, begin
from letter_kit.batch.naming import DEFAULT_NAME, check_pattern
from letter_kit.batch.result import BatchResult
from letter_kit.batch.scratch import Scratch
from letter_kit.batch.tasks import Selection, chunks_of, tasks_of
from letter_kit.batch.workplace import account_folder, workplace
from letter_kit.engines import Engine, LocalEngine, Order, jobs_for
from letter_kit.errors import InputError, Problem, did_you_mean
from letter_kit.formats import format_named
from letter_kit.frames import Frame, load_frame
from letter_kit.layout import choose_layout
from letter_kit.letters import Mailing, text_in
from letter_kit.models import Campaign, Sender
from letter_kit.output import is_url, open_bucket
from letter_kit.people import RecipientList

__all__ = ["run_batch"]

_TEXT_CHUNK, _PAGE_CHUNK = 200, 25
"""Letters that a worker is given at a time: a tenth of a second of work, or two."""
_DUPLICATES_TOLD = 100


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
    bundles: Bundles | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    strict: bool = False,
    verify: int = 0,
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

    ``selection`` chooses rows; ``bundles`` says what to make of all letters together.
    ``jobs`` is the number of worker processes, by default that of the processors;
    ``scheduler`` is the address of a Dask cluster that works instead of them. With
    ``strict``, a letter with a warning fails. With ``verify``, one PDF of so many rows is
    held against the letter laid out in full; where they differ, the run stops. With
    ``dry_run``, letters are made and not kept, and nothing is written. ``on_row`` is told of
    each row when it is done. When ``stopping`` says so, the run ends after the letters that
    it is at.

    Raises `InputError` where an argument is wrong, or ``out`` holds letters of another
    campaign or list and ``force`` is not given; `RunawayError` where the campaign's text
    runs away whoever the recipient is; `SetupError` where the machine stands in the way, or
    another run is at work in ``out``. What was done until then is accounted for.
    """
    selection, bundles = selection or Selection(), bundles or Bundles()
    _check_options(campaign, sender, recipients, language, asks, layout)
    check_pattern(name_by)
    selection.conditions(recipients)
    forms = tuple(dict.fromkeys(format_named(name).name for name in formats))
    frame = template if isinstance(template, Frame) else load_frame(template)
    if is_url(str(out)) and not dry_run:
        open_bucket(str(out))  # so that it is told at once where there is none
    result = BatchResult(account_folder(out))

    with ExitStack() as stack:
        place = None if dry_run else stack.enter_context(workplace(out, recipients))
        scratch = stack.enter_context(closing(Scratch()))
        facts = {
            "campaign": campaign.id,
            "list": recipients.path.name,
            "out": str(out).rstrip("/") if is_url(str(out)) else "",
        }
        cut_short = place.begin(facts, force=force) if place else False
        mailing = Mailing(
            campaign,
            sender,
            date or (place and place.date) or dt.date.today(),
            forms,
            frame,
            language=language,
            asks=None if asks is None else tuple(asks),
            layout=layout,
            strict=strict,
        )
        ledger = place.ledger if place else None
        check_bundles(bundles, mailing, ledger, force)
        plan = Plan(
            mailing,
            mailing_fingerprint(mailing, name_by),
            name_by,
            None if dry_run else _address(out, shared=scheduler is not None),
            # The files of a bucket are not told from those that somebody else put there.
            overwrite=force or (cut_short and is_url(str(out))),
            retry_failed=retry_failed or force,
            verify=verify,
        )
        book = Book(result, ledger, scratch, on_row, plan.fingerprint)
        tasks = tasks_of(recipients, selection, mailing, name_by, ledger, scratch, book.skip)
        if ledger:
            ledger.note({**facts, "date": mailing.date.isoformat(), "state": "running"})
        ended = False
        try:
            with _engine(Order(begin, plan), jobs, scheduler, recipients.rows) as engine:
                size = _chunk_size(forms, recipients.rows, engine.width)
                for outcome in engine.run(chunks_of(tasks, size), stopping):
                    book.enter(*outcome)
            result.stopped = stopping()
            ended = True
        finally:
            if place:
                place.close_books(book, recipients, ended=ended, stopped=result.stopped)
        result.duplicates = scratch.duplicates(_DUPLICATES_TOLD)
        if place:
            place.ledger.note({"state": "stopped" if result.stopped else "finished"})
        if place and not result.stopped:
            result.bundles = bundle(bundles, mailing, place.ledger, place.store, place.folder)
            if selection.everyone:
                result.left_over = place.ledger.rows_beyond(result.rows)
    return result


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
    return LocalEngine(order, jobs=jobs_for(rows, jobs))
