"""``letter-kit check``: all problems of a campaign, a list, a sender or a recipient."""

from collections.abc import Iterable
from pathlib import Path

import click

from letter_kit.cli.messages import tell, to_json
from letter_kit.cli.options import list_options
from letter_kit.errors import InputError, LetterKitError, Problem

__all__ = ["check"]


@click.command()
@click.argument("target", metavar="CAMPAIGN|DIR|FILE")
@list_options
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(
    target: str, encoding: str | None, delimiter: str | None, strict: bool, as_json: bool
) -> int:
    """Report all problems, each with file and line.

    The target is a campaign (a name, its folder or one of its files), a list of
    recipients (CSV, TSV, XLSX, ODS), a recipient or a sender (TOML), or a language's folder.
    """
    try:
        problems = list(_problems_of(target, encoding, delimiter))
    except InputError as exc:
        problems = list(exc.problems)
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        to_json([problem.as_dict() for problem in problems])
    else:
        tell(sorted(problems, key=lambda problem: (problem.path or "", problem.line or 0)))
        counts = ((errors, "error"), (len(problems) - errors, "warning"))
        said = ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counts)
        click.echo(f"{target}: {said if problems else 'good'}")
    return 2 if errors or (strict and problems) else 0


def _problems_of(target: str, encoding: str | None, delimiter: str | None) -> Iterable[Problem]:
    from letter_kit.campaigns import load_campaign
    from letter_kit.checks import check_campaign, check_language, check_recipients
    from letter_kit.library import LIST_SUFFIXES, Library
    from letter_kit.paths import is_file, is_something

    path = Path(target)
    if is_file(path / "language.toml"):
        return check_language(path.name)
    lists = Library.of().lists()
    if path.suffix.lower() in LIST_SUFFIXES or (target in lists and not is_something(path)):
        found = lists.get(target, path)
        return check_recipients(found, encoding=encoding, delimiter=delimiter)
    if path.suffix.lower() == ".md" or path.name == "campaign.toml":
        return check_campaign(load_campaign(path.parent))
    if path.suffix.lower() == ".toml":
        return _problems_of_person(path)
    if is_file(path):
        raise InputError.of(
            "this kind of file is not checked",
            path=target,
            expected="a list (CSV, XLSX, ODS), a person or sender (.toml), or a campaign's folder",
        )
    return check_campaign(load_campaign(target))


def _problems_of_person(path: Path) -> Iterable[Problem]:
    """A file with organisations or signatories is a sender, any other a recipient."""
    from letter_kit.people import load_recipient, load_sender
    from letter_kit.reading import parse_toml, read_text

    keys = parse_toml(read_text(path), str(path)).data.keys()
    load = load_sender if keys & {"organisations", "signatories"} else load_recipient
    try:
        load(path)
    except LetterKitError as exc:
        return exc.problems
    return ()
