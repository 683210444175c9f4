"""Problems as a person reads them, and results as a program does."""

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from letter_kit.errors import Problem

__all__ = ["tell", "to_json"]


def tell(problems: Iterable[Problem]) -> None:
    """Print each problem on stderr, errors and warnings marked as such."""
    for problem in problems:
        word = click.style(
            problem.severity, fg="red" if problem.severity == "error" else "yellow", bold=True
        )
        where = f"{problem.where}: " if problem.where else ""
        click.echo(f"{where}{word}: {problem.text}", err=True)
        if problem.hint:
            click.echo(f"  {problem.hint}", err=True)


def to_json(value: Any) -> None:
    """Print ``value`` as JSON on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
