"""Problems as a person reads them, and results as a program does."""

import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import click

from letter_kit.errors import Problem

__all__ = ["tell", "to_json"]

_MOST_SHOWN = 50
_LONGEST_LINE = 600
_SPACES = "\u00a0\u202f"


def tell(problems: Iterable[Problem]) -> None:
    """Print each problem on stderr, errors and warnings marked as such."""
    with suppress(OSError):  # a reader that has gone must not stop the work
        _print(list(problems))


def _print(problems: list[Problem]) -> None:
    for problem in problems[:_MOST_SHOWN]:
        word = click.style(
            problem.severity, fg="red" if problem.severity == "error" else "yellow", bold=True
        )
        where = f"{_visible(problem.where)}: " if problem.where else ""
        click.echo(f"{where}{word}: {_visible(problem.text)}", err=True)
        if problem.hint:
            click.echo(f"  {_visible(problem.hint)}", err=True)
    if len(problems) > _MOST_SHOWN:
        click.echo(f"… and {len(problems) - _MOST_SHOWN} more", err=True)


def _visible(text: str) -> str:
    """``text`` in one line of bounded length that cannot steer a terminal."""
    line = "".join(
        char if char.isprintable() or char in _SPACES else f"\\u{ord(char):04x}" for char in text
    )
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def to_json(value: Any) -> None:
    """Print ``value`` as JSON on stdout."""
    import json

    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
