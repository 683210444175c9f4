"""``letter-kit batch``: a letter for every row of a list."""

import datetime as dt
import sys
from pathlib import Path

import click

from letter_kit.cli.messages import tell, to_json
from letter_kit.cli.options import Gathered, letter_options, split_asks
from letter_kit.errors import LetterKitError, Problem

__all__ = ["batch"]

_LINES_SHOWN = 8


@click.command()
@click.argument("campaign")
@click.argument("recipients")
@click.option("--out", required=True, metavar="DIR", help="The folder for the letters.")
@click.option(
    "--format", "formats", metavar="NAME", multiple=True, default=("pdf",), show_default=True,
    help="markdown, html or pdf. May be repeated.",
)  # fmt: skip
@letter_options
@click.option("--name-by", metavar="PATTERN", help="Default: {row:05}-{country}-{name}")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Read the first N rows.")
@click.option("--force", is_flag=True, help="Write over the letters of an earlier batch.")
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
    limit: int | None,
    force: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Write a letter of CAMPAIGN to every row of RECIPIENTS, a CSV file or a built-in list.

    A row that fails stops no other: it goes to failed.csv with its error. Mend it there,
    and feed the file back.
    """
    from letter_kit.batch import DEFAULT_NAME, run_batch
    from letter_kit.campaigns import load_campaign
    from letter_kit.frames import load_frame
    from letter_kit.library import Library
    from letter_kit.people import Row, load_recipients, load_sender

    if not out.strip():
        raise click.UsageError("--out needs the name of a folder.")
    library = Library.of()
    errors = Gathered()
    loaded = errors.load(lambda: load_campaign(campaign, library))
    fields = loaded.fields if loaded else ()
    rows = errors.load(lambda: load_recipients(library.recipients(recipients), fields))
    writer = errors.load(lambda: load_sender(Path(sender), fields))
    frame = errors.load(lambda: load_frame(template, library))
    errors.raise_all()
    if rows.ignored:
        message = f"columns that no letter uses: {', '.join(rows.ignored)}"
        tell([Problem(message, path=str(rows.path), line=1, severity="warning")])

    count = 0

    def on_row(row: Row, error: LetterKitError | None) -> None:
        nonlocal count
        count += 1
        if error is not None:
            tell(error.problems)
        elif sys.stderr.isatty():
            click.echo(f"\r{count} of {rows.rows} rows\r", nl=False, err=True)

    result = run_batch(
        loaded,
        rows,
        writer,
        Path(out),
        date=date or dt.date.today(),
        formats=formats,
        language=lang,
        asks=split_asks(asks),
        layout=layout,
        template=frame,
        name_by=name_by or DEFAULT_NAME,
        limit=limit,
        force=force,
        strict=strict,
        on_row=on_row,
    )
    tell(
        Problem(text, path=str(rows.path), severity="warning", hint=_rows(lines, result.rows))
        for text, lines in result.warnings.items()
    )
    if as_json:
        to_json(
            {
                "folder": str(result.folder),
                "rows": result.rows,
                "done": result.done,
                "failed": result.failed,
                "skipped": result.skipped,
                "files": result.files,
            }
        )
    else:
        click.echo(
            f"{result.done} done, {result.failed} failed, {result.skipped} skipped:"
            f" {result.rows} rows, {result.files} files in {result.folder}"
        )
        if result.failed:
            click.echo(f"The rows that failed, with their errors: {result.folder / 'failed.csv'}")
    return 1 if result.failed else 0


def _rows(lines: list[int], rows: int) -> str:
    """Which letters a warning is for: the lines of the list, the first of many."""
    if len(lines) == rows:
        return f"In all {rows} letters."
    first = ", ".join(map(str, lines[:_LINES_SHOWN]))
    more = f" and {len(lines) - _LINES_SHOWN} more" if len(lines) > _LINES_SHOWN else ""
    return f"In {len(lines)} of {rows} letters: line {first}{more}."
