"""``letter-kit status``: what a run made, failed and skipped."""

from pathlib import Path

import click

from letter_kit.cli.messages import to_json

__all__ = ["status"]


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--verify", is_flag=True, help="Read every file, and compare it with the ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(folder: str, verify: bool, as_json: bool) -> int:
    """What the batch in DIR made, failed and skipped.

    The exit code is 1 where rows failed, or files are missing or changed.
    """
    from letter_kit.batch import batch_status

    found = batch_status(Path(folder), verify=verify)
    if as_json:
        to_json(found.as_dict())
    else:
        click.echo(f"{found.campaign}, to {found.list}, dated {found.date}: {found.state}")
        click.echo(
            f"{found.done} done, {found.failed} failed, {found.skipped} skipped:"
            f" {found.rows} rows, {found.files} files"
        )
        if found.languages:
            said = ", ".join(f"{language} {n}" for language, n in found.languages.items())
            click.echo(f"languages: {said}")
        for error, rows in found.errors.items():
            click.echo(f"{rows} failed: {error}")
        for word, names in (("missing", found.missing), ("changed", found.changed)):
            for name in names:
                click.echo(f"{word}: {name}")
        if found.missing or found.changed or found.state != "finished":
            click.echo("The same command again makes what is missing or changed.")
    return 1 if found.failed or found.missing or found.changed else 0
