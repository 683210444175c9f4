"""Whatever ends a run, the same command again leads to what one undisturbed run makes."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from batches import alive, check_account, children, finish, people, start, tree, until

from letter_kit.engines.child import Child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")

ROWS = 200
Moment = Callable[[Path], bool]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one run makes of the list that the tests here use."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "list.csv").write_text(people(ROWS), "utf-8")
    assert finish(start(folder))[0] == 1
    assert check_account(folder / "out", ROWS) == {"done": 192, "failed": 8, "skipped": 0}
    return tree(folder / "out")


def letters(out: Path) -> int:
    return len(list(out.glob("*.md")))


def moments(dice: random.Random) -> dict[str, Moment]:
    """Moments of a run: while it starts, makes letters, and writes its account."""
    turns, made = dice.randrange(200), dice.randrange(1, 190)
    counted = iter(range(turns))
    return {
        "starting": lambda out: next(counted, None) is None,
        "ledger": lambda out: (out / ".letter-kit.sqlite3").exists(),
        "first letters": lambda out: (out / ".letter-kit-unfinished").exists(),
        "making": lambda out: letters(out) >= made,
        "account": lambda out: any(out.glob(".letter-kit-" + "[0-9a-f]" * 16)),
        "written": lambda out: (out / "manifest.csv").exists(),
    }


def kill(process: "subprocess.Popen[str]") -> bool:
    """Kill the process alone, and wait until its children are gone of themselves.

    Whether it was still at work.
    """
    orphans = children(process.pid)
    process.kill()
    process.communicate()
    for _ in until(10):
        if not any(map(alive, orphans)):
            break
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("seed", range(5))
def test_a_run_killed_again_and_again_ends_as_an_undisturbed_one(
    tmp_path: Path, undisturbed: dict[str, bytes], seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  # it must be the same every time
    out = tmp_path / "out"
    (tmp_path / "list.csv").write_text(people(ROWS), "utf-8")
    killed = 0
    chosen = [name for name in moments(dice) if name != "account"] if seed else ["account"] * 5
    for kind in chosen:
        if kind == "written":  # and there is something to make
            for path in dice.sample(sorted(out.glob("*.md")), letters(out) // 2):
                path.unlink()
        process = start(tmp_path, "--jobs", dice.choice((1, 2)))
        moment = moments(dice)[kind]
        for _ in until():
            if process.poll() is not None or moment(out):
                break
        killed += kill(process)
        for name, content in tree(out).items() if out.exists() else ():
            if name.endswith(".md"):
                assert content == undisturbed[name], f"{name} is not whole after {kind}"
    assert killed >= (3 if seed else 1)
    assert finish(start(tmp_path))[0] == 1
    assert tree(out) == undisturbed
    assert not (out / ".letter-kit-unfinished").exists()
    assert not list(out.glob(".letter-kit-*"))


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("group", [False, True], ids=["alone", "with its children"])
def test_a_run_that_is_asked_to_stop_accounts_for_what_it_made(
    tmp_path: Path, undisturbed: dict[str, bytes], name: str, group: bool
) -> None:
    (tmp_path / "list.csv").write_text(people(ROWS), "utf-8")
    out = tmp_path / "out"
    code = 1
    while code == 1:  # it was over before it was asked: once more
        shutil.rmtree(out, ignore_errors=True)
        process = start(tmp_path, "--jobs", 2)
        for _ in until():
            if letters(out) > 10:
                break
        began = time.monotonic()
        for pid in (*(children(process.pid) if group else ()), process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, getattr(signal, name))
        code, said = finish(process)
    assert (code, said.strip().endswith("Interrupted.")) == (130, True), said
    assert time.monotonic() - began < 10
    counts = check_account(out)
    assert 0 < sum(counts.values()) <= ROWS
    assert finish(start(tmp_path))[0] == 1
    assert tree(out) == undisturbed


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_run_can_be_stopped_before_it_began(tmp_path: Path, name: str) -> None:
    (tmp_path / "list.csv").write_text(people(ROWS), "utf-8")
    process = start(tmp_path)
    for _ in until():
        caught = Path(f"/proc/{process.pid}/status").read_text().partition("SigCgt:")[2].split()[0]
        if int(caught, 16) >> (signal.SIGTERM - 1) & 1:
            break
    process.send_signal(getattr(signal, name))
    code, said = finish(process)
    assert code == 130, said
    if (tmp_path / "out" / "manifest.csv").exists():
        check_account(tmp_path / "out")


def test_who_asks_twice_need_not_wait(tmp_path: Path, own_campaign: Path) -> None:
    loops = "{% set x = '0123456789' %}{% if recipient.family_name == 'Loop' %}"
    loops += "".join(f"{{% for {n} in x %}}" for n in "abcdefghij") + "{% endfor %}" * 10
    for path in own_campaign.glob("*.md"):
        path.write_text(path.read_text("utf-8") + loops + "{% endif %}", "utf-8")
    rows = "".join(f"r{n},minister,f,SN,{'Loop' if n > 7 else 'Fall'},fr\n" for n in range(1, 60))
    (tmp_path / "list.csv").write_text("id,office,gender,country,family_name,language\n" + rows)
    process = start(tmp_path, "--jobs", 1, campaign=own_campaign)
    for _ in until():
        if letters(tmp_path / "out") == 7:  # those of the first chunk; those of the second loop
            break
    (worker,) = map(Child, children(process.pid))
    before = worker.seconds_used() or 0
    for _ in until():
        if (worker.seconds_used() or 0) > before + 1:
            break
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None  # it lets the letter end, if it will
    process.send_signal(signal.SIGINT)
    code, said = finish(process)
    assert code == 130
    assert " done, " not in said  # what a run tells that came to its end
    assert check_account(tmp_path / "out")["done"] == 7


def test_a_second_run_in_the_folder_is_refused_at_once(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    (tmp_path / "list.csv").write_text(people(ROWS), "utf-8")
    first = start(tmp_path)
    for _ in until():
        if (tmp_path / "out" / ".letter-kit-unfinished").exists():
            break
    os.kill(first.pid, signal.SIGSTOP)
    try:
        code, said = finish(start(tmp_path))
    finally:
        os.kill(first.pid, signal.SIGCONT)
    assert (code, "another run is at work in this folder" in said) == (3, True), said
    assert finish(first)[0] == 1
    assert tree(tmp_path / "out") == undisturbed
