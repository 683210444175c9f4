"""``letter-kit batch``: a letter for every row of a list."""

import datetime as dt
import sys
from pathlib import Path

import click

from letter_kit.cli.account import account_data, show_account, show_dry_run, tell_about
from letter_kit.cli.messages import tell, to_json
from letter_kit.cli.options import Gathered, letter_options, list_options, split_asks
from letter_kit.cli.progress import Progress, stop_on_signals
from letter_kit.errors import Problem

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
@list_options
@click.option("--combined", metavar="FILE.pdf", help="All letters in one PDF as well.")
@click.option("--duplex", is_flag=True, help="In it, each letter begins on a right-hand page.")
@click.option(
    "--combined-every", type=click.IntRange(min=1), metavar="N", help="A new file after N letters."
)
@click.option("--zip", "archive", metavar="FILE.zip", help="All files in a zip as well.")
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
@click.option(
    "--verify",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Hold the PDF of every Nth row against one laid out in full.",
)
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
    encoding: str | None,
    delimiter: str | None,
    combined: str | None,
    duplex: bool,
    combined_every: int | None,
    archive: str | None,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    dry_run: bool,
    retry_failed: bool,
    force: bool,
    strict: bool,
    verify: int,
    as_json: bool,
) -> int:
    """Write a letter of CAMPAIGN to every row of RECIPIENTS, a list or a built-in one's name.

    A row that fails stops no other: it goes to failed.csv with its error. The same command
    again makes what is missing, changed or damaged, and nothing else.
    """
    from letter_kit.batch import DEFAULT_NAME, Bundles, Selection, run_batch
    from letter_kit.campaigns import load_campaign
    from letter_kit.frames import load_frame
    from letter_kit.letters import write_letter
    from letter_kit.library import Library
    from letter_kit.people import load_recipients, load_sender

    if not out.strip():
        raise click.UsageError("--out needs the name of a folder.")
    if combined is None and (duplex or combined_every):
        raise click.UsageError("--duplex and --combined-every go with --combined FILE.pdf.")
    if (engine == "dask") != (scheduler is not None):
        raise click.UsageError("--engine dask and --scheduler ADDR belong together.")
    library = Library.of()
    errors = Gathered()
    loaded = errors.load(lambda: load_campaign(campaign, library))
    fields = loaded.fields if loaded else ()
    rows = errors.load(
        lambda: load_recipients(
            library.recipients(recipients), fields, encoding=encoding, delimiter=delimiter
        )
    )
    left_out = errors.load(lambda: load_recipients(Path(exclude))) if exclude else None
    writer = errors.load(lambda: load_sender(Path(sender), fields))
    frame = errors.load(lambda: load_frame(template, library))
    errors.raise_all()
    tell(rows.warnings)
    if rows.ignored and not dry_run:
        message = f"columns that no letter uses: {', '.join(rows.ignored)}"
        tell([Problem(message, path=str(rows.path), severity="warning")])

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
            bundles=Bundles(
                Path(combined) if combined else None,
                duplex,
                combined_every,
                Path(archive) if archive else None,
            ),
            jobs=jobs,
            scheduler=scheduler,
            force=force,
            strict=strict,
            verify=verify,
            retry_failed=retry_failed,
            dry_run=dry_run,
            on_row=progress.row,
            stopping=stopping,
        )
    tell_about(result, str(rows.path))
    if as_json:
        to_json(account_data(result))
    elif dry_run:
        show_dry_run(result, rows)
        if result.first is not None:
            letter = write_letter(
                loaded, result.first.recipient(fields), writer, date=date, language=lang,
                asks=split_asks(asks), layout=layout, template=frame,
            )  # fmt: skip
            click.echo(f"\nThe first letter, of line {result.first.line}:\n")
            click.echo(letter.document.content.decode())
    else:
        show_account(result, out)
    if result.stopped:
        raise KeyboardInterrupt
    return 1 if result.failed else 0
