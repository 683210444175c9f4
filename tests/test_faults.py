"""Whatever goes wrong around a run, it says so, leaves nothing in pieces, and can go on."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from batches import (
    HEADER,
    check_account,
    children,
    command,
    finish,
    people,
    person,
    start,
    table,
    tree,
    until,
)

from letter_kit import batch_status
from letter_kit.errors import InputError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it needs /proc, and mounts")

BEFORE = [person(n, country="Atlantis" if n in {2, 5} else None) for n in range(1, 7)]
AFTER = [
    *BEFORE[:2],
    person(3, name="Other"),
    person(4, country="Atlantis"),
    person(5),
    person(6),
    person(7),
]
"""A row gets another name, one spoils, one is mended, one is added."""


@pytest.fixture
def quick() -> Iterator[Path]:
    """An empty folder, in memory where that can be had: there are many runs."""
    shared = Path("/dev/shm")  # noqa: S108  # it is only looked for
    with tempfile.TemporaryDirectory(dir=shared if os.access(shared, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.mark.parametrize(("kind", "expected"), [("kill", -signal.SIGKILL), ("fill", 3)])
def test_a_run_that_fails_at_any_step_leaves_whole_files_and_goes_on(
    quick: Path, kind: str, expected: int
) -> None:
    folder = quick / "run"
    folder.mkdir()
    (folder / "list.csv").write_text(HEADER + "".join(BEFORE), "utf-8")
    assert finish(start(folder))[0] == 1
    (folder / "list.csv").write_text(HEADER + "".join(AFTER), "utf-8")
    before = tree(folder / "out")
    shutil.copytree(folder, quick / "undisturbed")
    assert finish(start(quick / "undisturbed"))[0] == 1
    after = tree(quick / "undisturbed" / "out")
    assert {"00003-BE-Other.md", "00005-SN-Name5.md", "00007-FR-Name7.md"} <= after.keys()
    assert {"00003-BE-Name3.md", "00004-KE-Name4.md"}.isdisjoint(after)

    deaths = Path(__file__).with_name("deaths.py")
    done = subprocess.run(
        [sys.executable, deaths, kind, folder, *command()[3:]],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    steps = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(steps) > 20
    for step, code, again in steps:
        place = quick / f"run-{step}"
        said = (place / f"said-{step}").read_text("utf-8")
        left = tree(place / "left")
        for name, content in left.items():
            if name.endswith(".md"):
                assert content in {before.get(name), after.get(name)}, (step, name)
        assert batch_status(place / "left").rows >= 6
        if kind == "fill" and code != 1:  # a folder that is there need not be made
            assert "the disk is full" in said
            assert code == expected, (step, said)
        elif kind == "kill":
            assert code == expected, (step, said)
        assert again == 1
        assert tree(place / "out") == after, step
        assert not list((place / "out").glob(".letter-kit-*")), step


def mounted(folder: Path, *options: str) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(
        ["mount", *options, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"mounting is not permitted: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=500k", "tmpfs")


def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text(people(200), "utf-8")
    shutil.copy(tmp_path / "list.csv", small_disk)
    assert finish(start(tmp_path))[0] == 1
    whole = tree(tmp_path / "out")
    for _ in range(2):
        code, said = finish(start(small_disk))
        assert (code, "the disk is full" in said) == (3, True), said
        assert "Free some room" in said
        left = tree(small_disk / "out")
        assert all(whole[name] == left[name] for name in left if name.endswith(".md"))
        if "manifest.csv" in left:
            check_account(small_disk / "out")
    subprocess.run(["mount", "-o", "remount,size=50m", small_disk], check=True)
    assert finish(start(small_disk))[0] == 1
    assert tree(small_disk / "out") == whole


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "real" / "out").mkdir(parents=True)
    (tmp_path / "real" / "list.csv").write_text(people(3), "utf-8")
    if os.geteuid() != 0:
        (tmp_path / "real" / "out").chmod(0o555)
        yield tmp_path / "real"
        (tmp_path / "real" / "out").chmod(0o755)
        return
    for folder in mounted(tmp_path / "bound", "--bind", str(tmp_path / "real")):
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield folder


@pytest.mark.parametrize("out", ["out", "out/new"])
def test_a_folder_that_cannot_be_written_is_the_machines_fault(read_only: Path, out: str) -> None:
    code, said = finish(start(read_only, "--out", out))
    assert code == 3, said
    assert "Choose a folder that you may write to." in said
    assert tree(read_only / "out") == {}


def test_a_folder_of_somebody_else_is_the_machines_fault(tmp_path: Path) -> None:
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to change that")
    (tmp_path / "list.csv").write_text(people(3), "utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o555)
    powerless = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]
    done = subprocess.run(
        [*(powerless if os.geteuid() == 0 else ()), *command()],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "setpriv" in done.stderr:
        pytest.skip(f"rights cannot be given up: {done.stderr.strip()}")
    assert done.returncode == 3, done.stderr
    assert "out cannot be written to" in done.stderr


def test_a_killed_worker_costs_no_row(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(people(200), "utf-8")
    assert finish(start(tmp_path))[0] == 1
    whole = tree(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    process = start(tmp_path, "--jobs", 2)
    killed: set[int] = set()
    for _ in until():
        # More of them, before a letter is done, would be the campaign's fault.
        if process.poll() is not None or len(killed) == 2:
            break
        for child in set(children(process.pid)) - killed:
            if (tmp_path / "out" / ".letter-kit-unfinished").exists():
                os.kill(child, signal.SIGKILL)
                killed.add(child)
    assert killed
    assert finish(process)[0] == 1
    assert tree(tmp_path / "out") == whole


POISON = {
    "Loop": "{% set x = '0123456789' %}"
    + "".join(f"{{% for {name} in x %}}" for name in "abcdefghij")
    + "{% endfor %}" * 10,
    "Large": "{% set x0 = '0123456789' %}"
    + "".join(f"{{% set x{n} = x{n - 1} ~ x{n - 1} %}}" for n in range(1, 40)),
    "Deep": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
}


def test_a_letter_that_runs_away_costs_its_own_row_alone(
    tmp_path: Path, own_campaign: Path
) -> None:
    for path in own_campaign.glob("*.md"):
        for name, text in POISON.items():
            told = f"{{% if recipient.family_name == '{name}' %}}{text}{{% endif %}}\n"
            path.write_text(path.read_text("utf-8") + told, "utf-8")
    names = {7: "Loop", 20: "Large", 21: "Deep"}
    rows = "".join(person(n, name=names.get(n)) for n in range(1, 61))
    (tmp_path / "list.csv").write_text(HEADER + rows, "utf-8")
    code, said = finish(start(tmp_path, campaign=own_campaign))
    assert (code, "57 done, 3 failed, 0 skipped: 60 rows" in said) == (1, True), said
    assert "list.csv:8: error: the letter cannot be made: it did not end within 5 s" in said
    assert check_account(tmp_path / "out", 60) == {"done": 57, "failed": 3, "skipped": 0}
    failed = {line["id"]: line["error"] for line in table(tmp_path / "out" / "failed.csv")}
    assert failed.keys() == {"r7", "r20", "r21"}
    assert "needs more than 1 GB of memory" in failed["r20"]
    assert "nested too deeply" in failed["r21"]
    whole = tree(tmp_path / "out")
    code, said = finish(start(tmp_path, campaign=own_campaign), seconds=30)
    assert "57 done (57 were there already), 3 failed" in said
    assert tree(tmp_path / "out") == whole


CRASHING = """
import os, signal, sys
from letter_kit.batch import making
from letter_kit.cli import main
make = making.LetterWork._make
def crash(self, task, people, *more):
    if "Poison" in (people[0].family_name or ""):
        os.kill(os.getpid(), signal.SIGSEGV)
    return make(self, task, people, *more)
making.LetterWork._make = crash
sys.exit(main(sys.argv[1:]))
"""


def test_letters_that_crash_stop_no_other(tmp_path: Path) -> None:
    bad = {1, 2, 20, 31, 32, 60}
    rows = "".join(person(n, name="Poison" if n in bad else None) for n in range(1, 61))
    (tmp_path / "list.csv").write_text(HEADER + rows, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CRASHING, *command("--jobs", 1)[3:]],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "54 done, 6 failed, 0 skipped: 60 rows" in done.stdout, done.stderr
    assert check_account(tmp_path / "out", 60) == {"done": 54, "failed": 6, "skipped": 0}
    assert {int(line["row"]) for line in table(tmp_path / "out" / "manifest.csv")
            if "SIGSEGV" in line["error"]} == bad  # fmt: skip


def test_a_ledger_that_is_damaged_is_told(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(people(30), "utf-8")
    finish(start(tmp_path))
    whole = tree(tmp_path / "out")
    ledger = tmp_path / "out" / ".letter-kit.sqlite3"
    content = ledger.read_bytes()
    for damaged in (b"not a ledger at all" * 99, content[:4096] + b"x" * (len(content) - 4096)):
        ledger.write_bytes(damaged)
        code, said = finish(start(tmp_path))
        assert (code, "the ledger is damaged" in said) == (3, True), said
        assert "Move .letter-kit.sqlite3 away and run again" in said
        assert tree(tmp_path / "out") == whole
    ledger.unlink()
    assert finish(start(tmp_path))[0] == 1
    assert tree(tmp_path / "out") == whole


def test_status_tells_where_no_run_was(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no batch was made in this folder"):
        batch_status(tmp_path)
