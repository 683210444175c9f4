"""``letter-kit write``: one letter."""

import datetime as dt
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letter_kit.cli.messages import tell
from letter_kit.cli.options import (
    Gathered,
    letter_options,
    list_options,
    load_who,
    split_asks,
    split_settings,
)

if TYPE_CHECKING:
    from letter_kit.formats import Format
    from letter_kit.letters import Explanation

__all__ = ["write"]


@click.command()
@click.argument("campaign")
@click.option(
    "--to",
    "who",
    metavar="WHO",
    multiple=True,
    help="person.toml, LIST.csv#ROW, or - for TOML on stdin. Repeated: one letter to them all.",
)
@click.option(
    "--set",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
    help="A detail, such as recipient.gender=f or sender.place=Genève. May be repeated.",
)
@click.option("--format", "format_name", metavar="NAME", help="markdown, html or pdf.")
@letter_options
@click.option("-o", "--output", metavar="FILE", help="Where to write; - is standard output.")
@list_options
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--overlay", is_flag=True, help="Draw the window and the folds, to look at.")
@click.option("--strict", is_flag=True, help="Write nothing where there is a warning.")
@click.option("--explain", is_flag=True, help="Say which rules were used, and why.")
def write(
    campaign: str,
    who: tuple[str, ...],
    settings: tuple[str, ...],
    format_name: str | None,
    sender: str,
    lang: str | None,
    asks: str | None,
    layout: str | None,
    template: str,
    date: dt.date | None,
    output: str | None,
    encoding: str | None,
    delimiter: str | None,
    force: bool,
    overlay: bool,
    strict: bool,
    explain: bool,
) -> None:
    """Write one letter of CAMPAIGN, a name or a folder.

    The format follows from the suffix of -o; without one it is Markdown on standard output.
    """
    from letter_kit.engines import GuardedWorker, Limits
    from letter_kit.formats import warm_up

    form = _format(format_name, output)
    if form.binary and output in {None, "-"} and sys.stdout.isatty():
        raise click.UsageError(f"A {form.name} is not for a terminal; name a file with -o.")
    with GuardedWorker(Limits(in_all=12)) as worker:
        worker.prepare(warm_up, form)  # the child imports while the files are read here

        from letter_kit.campaigns import load_campaign
        from letter_kit.frames import load_frame
        from letter_kit.letters import write_letter
        from letter_kit.library import Library
        from letter_kit.output import write_file
        from letter_kit.people import load_sender

        library = Library.of()
        to_recipient, to_sender = split_settings(settings)
        errors = Gathered()
        loaded = errors.load(lambda: load_campaign(campaign, library))
        fields = loaded.fields if loaded else ()
        lead, *others = who or (None,)
        person = partial(load_who, library=library, encoding=encoding, delimiter=delimiter)
        recipient = errors.load(lambda: person(lead, fields, to_recipient))
        also_to = [errors.load(partial(person, other, fields, {})) for other in others]
        writer = errors.load(lambda: load_sender(Path(sender), fields, to_sender))
        frame = errors.load(lambda: load_frame(template, library))
        errors.raise_all()
        written = write_letter(
            loaded,
            recipient,
            writer,
            date=date,
            format=form.name,
            language=lang,
            asks=split_asks(asks),
            layout=layout,
            template=frame,
            overlay=overlay,
            also_to=also_to,
            strict=strict,
            worker=worker,
        )
    tell(written.warnings)
    if explain:
        _explain(written.explanation)
    if output is None or output == "-":
        sys.stdout.buffer.write(written.document.content)
    else:
        write_file(Path(output), written.document.content, force=force)


def _format(name: str | None, output: str | None) -> "Format":
    from letter_kit.formats import format_for_suffix, format_named

    if name is None and output and output != "-":
        return format_for_suffix(Path(output).suffix)
    return format_named("markdown" if name is None else name)


def _explain(explanation: "Explanation") -> None:
    for word, text in (
        ("language", f"{explanation.language}: {explanation.language_reason}"),
        ("form of address", explanation.rule),
        ("its source", explanation.source),
        ("fallback", "; ".join((*explanation.fallbacks, *explanation.notes)) or "none"),
        ("layout", explanation.layout),
    ):
        click.echo(f"{word}: {text}", err=True)
