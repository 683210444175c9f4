"""``letter-kit batch``: a letter for every row of a list."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letter_kit.cli.messages import tell, to_json
from letter_kit.cli.options import Gathered, letter_options, split_asks
from letter_kit.cli.progress import Progress, stop_on_signals
from letter_kit.errors import Problem

if TYPE_CHECKING:
    from letter_kit.batch import BatchResult, Told

__all__ = ["batch"]


@click.command()
@click.argument("campaign")
@click.argument("recipients")
@click.option("--out", required=True, metavar="DIR", help="A folder, or s3://bucket/prefix.")
@click.option(
    "--format", "formats", metavar="NAME", multiple=True, default=("pdf",), show_default=True,
    help="markdown, html or pdf. May be repeated.",
)  # fmt: skip
@letter_options
@click.option("--name-by", metavar="PATTERN", help="Default: {row:05}-{country}-{name}")
@click.option(
    "--where", metavar="COLUMN=VALUE", multiple=True, help="Only these rows; != for others."
)
@click.option("--exclude", metavar="FILE", help="A list of those who get no letter.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Stop after N letters.")
@click.option("--group-by", metavar="COLUMN,…", help="One letter to all rows that share these.")
@click.option("--skip-duplicates", is_flag=True, help="One letter a person and address.")
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes. Default: all cores."
)
@click.option(
    "--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True,
    help="Work on this machine, or on a Dask cluster.",
)  # fmt: skip
@click.option("--scheduler", metavar="ADDR", help="The cluster's scheduler: tcp://host:8786")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be written.")
@click.option("--retry-failed", is_flag=True, help="Try rows again that failed and did not change.")
@click.option("--force", is_flag=True, help="Write over files that are not of this run.")
@click.option("--strict", is_flag=True, help="A letter with a warning counts as failed.")
@click.option("--json", "as_json", is_flag=True, help="Print the account as JSON.")
def batch(
    campaign: str,
    recipients: str,
    out: str,
    formats: tuple[str, ...],
    sender: str,
    lang: str | None,
    asks: str | None,
    layout: str | None,
    template: str,
    date: dt.date | None,
    name_by: str | None,
    where: tuple[str, ...],
    exclude: str | None,
    limit: int | None,
    group_by: str | None,
    skip_duplicates: bool,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    dry_run: bool,
    retry_failed: bool,
    force: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Write a letter of CAMPAIGN to every row of RECIPIENTS, a list or a built-in one's name.

    A row that fails stops no other: it goes to failed.csv with its error. The same command
    again makes what is missing, changed or damaged, and nothing else.
    """
    from letter_kit.batch import DEFAULT_NAME, Selection, run_batch
    from letter_kit.campaigns import load_campaign
    from letter_kit.frames import load_frame
    from letter_kit.library import Library
    from letter_kit.people import load_recipients, load_sender

    if not out.strip():
        raise click.UsageError("--out needs the name of a folder.")
    if (engine == "dask") != (scheduler is not None):
        raise click.UsageError("--engine dask and --scheduler ADDR belong together.")
    library = Library.of()
    errors = Gathered()
    loaded = errors.load(lambda: load_campaign(campaign, library))
    fields = loaded.fields if loaded else ()
    rows = errors.load(lambda: load_recipients(library.recipients(recipients), fields))
    left_out = errors.load(lambda: load_recipients(Path(exclude))) if exclude else None
    writer = errors.load(lambda: load_sender(Path(sender), fields))
    frame = errors.load(lambda: load_frame(template, library))
    errors.raise_all()
    if rows.ignored:
        message = f"columns that no letter uses: {', '.join(rows.ignored)}"
        tell([Problem(message, path=str(rows.path), line=1, severity="warning")])

    with stop_on_signals() as stopping, Progress(rows.rows, sys.stderr) as progress:
        result = run_batch(
            loaded,
            rows,
            writer,
            out,
            date=date,
            formats=formats,
            language=lang,
            asks=split_asks(asks),
            layout=layout,
            template=frame,
            name_by=name_by or DEFAULT_NAME,
            selection=Selection(
                where, left_out, limit, split_asks(group_by) or (), skip_duplicates
            ),
            jobs=jobs,
            scheduler=scheduler,
            force=force,
            strict=strict,
            retry_failed=retry_failed,
            dry_run=dry_run,
            on_row=progress.row,
            stopping=stopping,
        )
    _tell_about(result, str(rows.path))
    if as_json:
        to_json(_as_data(result))
    else:
        _show(result, out, dry_run)
    if result.stopped:
        raise KeyboardInterrupt
    return 1 if result.failed else 0


def _as_data(result: "BatchResult") -> dict[str, object]:
    """The account as ``--json`` prints it."""
    return {
        "folder": str(result.folder),
        "rows": result.rows,
        "done": result.done,
        "failed": result.failed,
        "skipped": result.skipped,
        "files": result.files,
        "kept": result.kept,
        "languages": dict(result.languages.most_common()),
    }


def _tell_about(result: "BatchResult", path: str) -> None:
    """What is worth a look before the letters are sent."""
    for text, told in result.warnings.items():
        hint = _lines(told, result.done, "letters")
        tell([Problem(text, path=path, severity="warning", hint=hint)])
    for rows in result.duplicates:
        tell(
            [
                Problem(
                    f"rows {', '.join(map(str, rows[:8]))} are for the same person at the same"
                    " address",
                    path=path,
                    severity="warning",
                    hint="--skip-duplicates writes to the first of them.",
                )
            ]
        )
    if result.left_over:
        message = f"{result.left_over} letters are of rows that the list does not have any more"
        hint = "They were left alone; manifest.csv still has them."
        tell([Problem(message, path=str(result.folder), severity="warning", hint=hint)])


def _show(result: "BatchResult", out: str, dry_run: bool) -> None:
    kept = f" ({result.kept} were there already)" if result.kept else ""
    end = "nothing was written" if dry_run else f"{result.files} files in {out}"
    click.echo(
        f"{result.done} done{kept}, {result.failed} failed, {result.skipped} skipped:"
        f" {result.rows} rows, {end}"
    )
    for reason, told in result.reasons.items():
        click.echo(f"  skipped, since {reason}: {_lines(told, 0, 'rows')}")
    if dry_run:
        for what in ("languages", "countries", "offices"):
            counted = getattr(result, what).most_common()
            click.echo(f"{what}: " + ", ".join(f"{name or '–'} {n}" for name, n in counted))
        return
    if result.folder != Path(out):
        click.echo(f"The ledger stays here, to go on from: {result.folder}")
    if result.failed:
        click.echo(f"The rows that failed, with their errors: {result.folder / 'failed.csv'}")


def _lines(told: "Told", of: int, what: str) -> str:
    """Which rows something was told of: the lines of the list, the first of many."""
    if told.rows == of:
        return f"In all {of} {what}."
    first = ", ".join(map(str, told.lines))
    more = f" and {told.rows - len(told.lines)} more" if told.rows > len(told.lines) else ""
    return f"{told.rows} {what}: line {first}{more}."
