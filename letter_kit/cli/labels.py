"""``letter-kit labels``: addresses on labels and envelopes."""

from pathlib import Path

import click

from letter_kit.cli.messages import tell
from letter_kit.cli.options import Gathered, list_options

__all__ = ["labels"]


@click.command()
@click.argument("recipients")
@click.option("--from", "sender", metavar="SENDER", required=True, help="sender.toml")
@click.option("--out", required=True, metavar="FILE", help="The PDF to write.")
@click.option(
    "--sheet", required=True, metavar="NAME", help="L7160, 5160, DL …: 'letter-kit list sheets'."
)
@click.option("--lang", metavar="CODE", help="The language. Default: each recipient's own.")
@click.option(
    "--start", type=int, default=1, metavar="N", help="The first label to print on, counted from 1."
)
@click.option("--no-return", is_flag=True, help="Leave your own address off envelopes.")
@click.option("--outline", is_flag=True, help="Draw the labels' edges, to try it on plain paper.")
@list_options
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def labels(
    recipients: str,
    sender: str,
    out: str,
    sheet: str,
    lang: str | None,
    start: int,
    no_return: bool,
    outline: bool,
    encoding: str | None,
    delimiter: str | None,
    force: bool,
) -> int:
    """Print the addresses of RECIPIENTS, a list, on labels or envelopes.

    The lines are those of the letters. A row that fails stops no other.
    """
    from letter_kit.library import Library
    from letter_kit.output import write_file
    from letter_kit.people import load_recipients, load_sender
    from letter_kit.printing import sheet as sheet_named
    from letter_kit.printing import write_labels

    library = Library.of()
    errors = Gathered()
    rows = errors.load(
        lambda: load_recipients(
            library.recipients(recipients), encoding=encoding, delimiter=delimiter
        )
    )
    writer = errors.load(lambda: load_sender(Path(sender)))
    paper = errors.load(lambda: sheet_named(sheet))
    errors.raise_all()
    made = write_labels(
        rows,
        writer,
        paper,
        language=lang,
        start=start,
        return_address=not no_return,
        outline=outline,
    )
    tell(made.problems)
    if made.document is None:
        click.echo(f"No address could be printed: {made.failed} rows failed.")
        return 1
    write_file(Path(out), made.document.content, force=force)
    click.echo(
        f"{made.labels} addresses, {made.failed} failed, {made.document.pages} pages in {out}."
        + ("" if not paper.cuts else " Print at actual size, without fitting to the page.")
    )
    return 1 if made.failed else 0
