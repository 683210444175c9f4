"""Options that several commands share, and how their values become data."""

import datetime as dt
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from letter_kit.errors import InputError, Problem, did_you_mean
from letter_kit.library import LIST_SUFFIXES, Library
from letter_kit.models import CampaignField, Recipient

__all__ = ["Gathered", "letter_options", "list_options", "load_who", "split_asks", "split_settings"]

_LONGEST_INPUT = 1_000_000
Command = TypeVar("Command", bound=Callable[..., Any])
Loaded = TypeVar("Loaded")


class _Date(click.ParamType[dt.date]):
    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"expected a date such as 2019-09-03, found {value!r}", param, ctx)


def letter_options(command: Command) -> Command:
    """What a letter is made of, for ``write`` and ``batch`` alike."""
    options = (
        click.option("--from", "sender", metavar="SENDER", required=True, help="sender.toml"),
        click.option("--lang", metavar="CODE", help="The language, such as fr or en-GB."),
        click.option("--asks", metavar="ID,…", help="The asks to make, besides required ones."),
        click.option("--layout", metavar="NAME", help="See 'letter-kit list layouts'."),
        click.option(
            "--template",
            metavar="NAME",
            default="classic",
            show_default=True,
            help="See 'letter-kit list templates', or a folder.",
        ),
        click.option(
            "--date", type=_Date(), help="The letter's date, such as 2019-09-03. Default: today."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def list_options(command: Command) -> Command:
    """How a list is written, for those that do not say it themselves."""
    options = (
        click.option("--encoding", metavar="NAME", help="The list's encoding, such as cp1252."),
        click.option("--delimiter", metavar="CHAR", help="The list's delimiter, such as ';'."),
    )
    for option in reversed(options):
        command = option(command)
    return command


Settings = tuple[dict[str, str], dict[str, str]]


def split_settings(settings: Sequence[str]) -> Settings:
    """``--set recipient.X=… --set sender.Y=…`` as one mapping for each.

    Raises `InputError` with every setting that is of another form.
    """
    found: dict[str, dict[str, str]] = {"recipient": {}, "sender": {}}
    problems = []
    for setting in settings:
        key, equals, value = setting.partition("=")
        owner, _, name = key.strip().partition(".")
        if not equals or not name or owner not in found:
            problems.append(
                Problem(
                    "--set cannot be read",
                    expected="recipient.FIELD=VALUE or sender.FIELD=VALUE",
                    found=repr(setting)[:80],
                    hint=did_you_mean(owner, found) if equals and name else None,
                )
            )
        else:
            found[owner][name] = value
    if problems:
        raise InputError(problems)
    return found["recipient"], found["sender"]


def split_asks(asks: str | None) -> tuple[str, ...] | None:
    """``a,b`` as ids; ``None`` where the option was not given."""
    if asks is None:
        return None
    return tuple(part.strip() for part in asks.split(",") if part.strip())


class Gathered:
    """Collects the errors of several loads, and raises them as one: all problems at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def load(self, function: Callable[[], Loaded]) -> Loaded:
        """What ``function`` loads. Where it raises an `InputError`, that is kept, and what
        is returned is nothing to rely on before `raise_all`.
        """
        try:
            return function()
        except InputError as exc:
            self._problems += exc.problems
            return cast(Loaded, None)

    def raise_all(self) -> None:
        """Raise what was collected, if anything was."""
        if self._problems:
            raise InputError(self._problems)


def load_who(
    who: str | None,
    fields: Sequence[CampaignField],
    overrides: Mapping[str, str],
    library: Library,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Recipient:
    """The recipient that ``--to`` and ``--set`` describe.

    Raises `InputError` where there is none, or what is there is wrong.
    """
    from letter_kit.paths import is_file
    from letter_kit.people import (
        load_recipient,
        load_row,
        recipient_from_toml,
        recipient_from_values,
    )

    if who is None:
        if not overrides:
            raise InputError.of(
                "it is not said to whom the letter goes",
                expected="--to WHO, or --set recipient.FIELD=VALUE",
                hint="For example: --set recipient.office=foreign_minister"
                " --set recipient.country=SN",
            )
        return recipient_from_values(overrides, fields, path="--set recipient")
    if who == "-":
        text = sys.stdin.read(_LONGEST_INPUT)
        return recipient_from_toml(text, "standard input", fields, overrides)
    path = Path(who)
    file, number_sign, row = who.rpartition("#")
    if number_sign and file and not is_file(path):
        return load_row(
            library.recipients(file),
            row,
            fields,
            overrides,
            encoding=encoding,
            delimiter=delimiter,
        )
    if path.suffix.lower() in LIST_SUFFIXES or who in library.lists():
        raise InputError.of(
            "which row of the list is meant?",
            path=who,
            expected=f"{who}#ROW, with a row's id or number",
        )
    return load_recipient(path, fields, overrides)
