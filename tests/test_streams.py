"""Output that cannot be written, readers that go away, and Ctrl-C: each ends quietly."""

import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT, SENDER

WRITE = [
    sys.executable, "-m", "letter_kit", "write", "un2020", "--to", "sample#1",
    "--from", str(SENDER), "--date", "2019-09-03",
]  # fmt: skip
LIST = [sys.executable, "-m", "letter_kit", "list", "layouts"]


def shell(command: list[str], redirection: str) -> tuple[int, str]:
    """Exit code of the command itself, and what it said on stderr."""
    script = f'"$@" {redirection}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", script, "bash", *command], capture_output=True, check=False, cwd=ROOT
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("command", [WRITE, LIST], ids=["write", "list"])
@pytest.mark.parametrize(
    ("redirection", "code"),
    [("> /dev/full", 3), (">&-", 0), ("| true", 0), ("| head -c1 >/dev/null", 0)],
)
def test_standard_output_may_be_full_closed_or_gone(
    command: list[str], redirection: str, code: int
) -> None:
    got, said = shell(command, redirection)
    assert got == code, said
    assert "Traceback" not in said
    assert "defect" not in said


def test_standard_error_may_be_full() -> None:
    assert shell([*WRITE[:-1], "soon"], "2>/dev/full")[0] == 2
    assert shell([*LIST[:-1], "nothing"], "2>/dev/full")[0] == 2


@pytest.mark.parametrize("delay", [0.05, 0.1, 0.3, 0.6, 0.9])
def test_ctrl_c_ends_quietly_whenever_it_comes(delay: float) -> None:
    process = subprocess.Popen(
        [*WRITE, "--format", "pdf"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=15)
    if delay >= 0.3:  # before, Python itself may still be starting
        assert process.returncode == 130
        assert b"Traceback" not in said
