"""The account of a batch, as a person reads it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letter_kit.cli.messages import tell
from letter_kit.errors import Problem

if TYPE_CHECKING:
    from letter_kit.batch import BatchResult, Told
    from letter_kit.people import RecipientList

__all__ = ["account_data", "show_account", "show_dry_run", "tell_about"]

_ROWS_TOLD = 8
_DUPLICATES_TOLD = 20
_NOTES_SHOWN = 60
_MADE_OF_CELLS = {
    "read": "Words that were read",
    "guess": "Conclusions from other cells: look at them",
    "blank": "Cells taken for blank",
    "unclear": "Cells left as they are, since they say nothing that is known",
}


def account_data(result: "BatchResult") -> dict[str, object]:
    """The account as ``--json`` prints it."""
    return {
        "folder": str(result.folder),
        "rows": result.rows,
        "done": result.done,
        "failed": result.failed,
        "skipped": result.skipped,
        "files": result.files,
        "kept": result.kept,
        "filled": result.filled,
        "laid_out": result.laid_out,
        "languages": dict(result.languages.most_common()),
        "bundles": [str(path) for path in result.bundles],
    }


def tell_about(result: "BatchResult", path: str) -> None:
    """Print what is worth a look before the letters are sent."""
    for text, told in result.warnings.items():
        hint = _lines(told, result.done, "letters")
        tell([Problem(text, path=path, severity="warning", hint=hint)])
    for rows in result.duplicates[:_DUPLICATES_TOLD]:
        said = ", ".join(map(str, rows[:_ROWS_TOLD]))
        message = f"rows {said} are for the same person at the same address"
        hint = "--skip-duplicates writes to the first of them."
        tell([Problem(message, path=path, severity="warning", hint=hint)])
    if (more := len(result.duplicates) - _DUPLICATES_TOLD) > 0:
        message = f"{more} or more other people stand in several rows"
        tell([Problem(message, path=path, severity="warning")])
    if result.left_over:
        message = f"{result.left_over} letters are of rows that the list does not have any more"
        hint = "They were left alone; manifest.csv still has them."
        tell([Problem(message, path=str(result.folder), severity="warning", hint=hint)])


def show_account(result: "BatchResult", out: str) -> None:
    """Print what was done; ``out`` is where the letters went."""
    kept = f" ({result.kept} were there already)" if result.kept else ""
    _show_counts(result, kept, f"{result.files} files in {out}")
    if result.filled:
        made = result.filled + result.laid_out
        click.echo(
            f"PDF: {result.laid_out} of {made} letters were laid out in full,"
            f" {result.filled} ({result.filled / made:.1%}) filled in"
        )
    if result.folder != Path(out):
        click.echo(f"The ledger stays here, to go on from: {result.folder}")
    for path in result.bundles:
        click.echo(f"All letters together: {path}")
    if result.failed:
        click.echo(f"The rows that failed, with their errors: {result.folder / 'failed.csv'}")


def show_dry_run(result: "BatchResult", recipients: "RecipientList") -> None:
    """Print how the list was understood, and what would be written."""
    click.echo(f"Columns of {recipients.path}:")
    width = max(len(header.strip()) for header in recipients.headers)
    for header, meaning in recipients.columns:
        click.echo(f"  {header.strip():{width}}  {meaning or '(no letter uses it)'}")
    for kind, heading in _MADE_OF_CELLS.items():
        notes = sorted((note, told) for note, told in result.notes.items() if note.kind == kind)
        if notes:
            click.echo(f"{heading}:")
        for note, told in notes[:_NOTES_SHOWN]:
            said = f"{note.column}: {note.found} = {note.meaning}" if note.meaning else note.found
            click.echo(f"  {said} ({_rows(told.rows)})")
        if len(notes) > _NOTES_SHOWN:
            click.echo(f"  … and {len(notes) - _NOTES_SHOWN} more")
    _show_counts(result, "", "nothing was written")
    for word in ("languages", "countries", "offices"):
        click.echo(f"{word}: {_counted(getattr(result, word).most_common())}")


def _show_counts(result: "BatchResult", kept: str, end: str) -> None:
    click.echo(
        f"{result.done} done{kept}, {result.failed} failed, {result.skipped} skipped:"
        f" {result.rows} rows, {end}"
    )
    for reason, told in result.reasons.items():
        click.echo(f"  skipped, since {reason}: {_lines(told, 0, 'rows')}")


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name or '(none)'} {count}" for name, count in counts) or "none"


def _lines(told: "Told", of: int, what: str) -> str:
    """Which rows something was told of: the lines of the list, the first of many."""
    if told.rows == of:
        return f"In all {of} {what}."
    first = ", ".join(map(str, told.lines))
    more = f" and {told.rows - len(told.lines)} more" if told.rows > len(told.lines) else ""
    return f"In {told.rows} of {of} {what}: line {first}{more}." if of else f"line {first}{more}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
