"""The command line: it parses, calls the library, and shows what came of it."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import click

from letter_kit import __version__
from letter_kit.cli.messages import tell
from letter_kit.errors import LetterKitError, SetupError

__all__ = ["cli", "main"]

USAGE, SETUP, INTERRUPTED = 2, 3, 130


_COMMANDS = {
    "list": "catalogue",
    "show": "catalogue",
    "write": "write",
    "batch": "batch",
    "status": "status",
    "labels": "labels",
    "check": "check",
    "doctor": "doctor",
}
"""Each command with the module that holds it, in the order of the help."""


class _Commands(click.Group):
    """Commands that are imported when they are called, so that each starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        if cmd_name not in _COMMANDS:
            raise click.exceptions.NoSuchCommand(cmd_name, possibilities=list(_COMMANDS), ctx=ctx)
        module = import_module(f"letter_kit.cli.{_COMMANDS[cmd_name]}")
        command = getattr(module, "list_" if cmd_name == "list" else cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 all done; 1 some rows failed; 2 bad usage, campaign or data;"
    " 3 the machine stands in the way; 130 interrupted.",
)
@click.version_option(__version__, prog_name="letter-kit")
def cli() -> None:
    """Campaign letters to ministries: correctly addressed, in their language, on one page."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code. Nothing ends in a traceback.

    Set ``LETTER_KIT_DEBUG=1`` to see the traceback of an error that letter-kit did not
    foresee.
    """
    _prepare_streams()
    code = _run(arguments)
    try:
        sys.stdout.flush()
    except OSError as exc:
        return _unwritable(exc, code)
    return code


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = cli.main(args=arguments, prog_name="letter-kit", standalone_mode=False)
    except LetterKitError as exc:
        tell(exc.problems)
        return SETUP if isinstance(exc, SetupError) else USAGE
    except click.ClickException as exc:
        _say(exc)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        _say("Interrupted.")
        return INTERRUPTED
    except SystemExit:  # click ends so when the reader of its output has gone
        return _unwritable(BrokenPipeError(), 0)
    except OSError as exc:  # every file is guarded: what fails is standard output
        return _unwritable(exc, 0)
    except Exception as exc:
        if os.environ.get("LETTER_KIT_DEBUG"):
            raise
        _say(
            f"letter-kit met an error that it does not know: {type(exc).__name__}: {exc}\n"
            "  This is a defect of letter-kit. Please report it, with what"
            " LETTER_KIT_DEBUG=1 shows."
        )
        return SETUP
    return code if isinstance(code, int) else 0


def _say(message: str | click.ClickException) -> None:
    with suppress(OSError):  # the exit code still tells
        if isinstance(message, click.ClickException):
            message.show()
        else:
            click.echo(message, err=True)


def _prepare_streams() -> None:
    """UTF-8 on all streams, and somewhere to write to where one is closed."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # for the process
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            errors = "strict" if name == "stdin" else "backslashreplace"
            stream.reconfigure(encoding="utf-8", errors=errors)


def _unwritable(cause: OSError, code: int) -> int:
    """The exit code where standard output fails: that of the work, if its reader has just gone."""
    # Python writes what is left in its buffers when it ends, and would fail again.
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(cause, BrokenPipeError):
        return code
    _say(f"error: the output cannot be written: {cause}")
    return SETUP
