"""``status`` tells what is on record of a run, and with ``--verify`` what is there."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from batches import HEADER, finish, people, person, start, until
from conftest import SENDER, Outcome

Run = Callable[..., Outcome]


@pytest.fixture
def made(run: Run) -> None:
    rows = [person(1), person(2), person(3, country="Atlantis"), person(4), person(6)]
    Path("list.csv").write_text(HEADER + "".join(rows), "utf-8")
    done = run(
        "batch", "un2020", "list.csv", "--from", SENDER, "--out", "out", "--format", "markdown",
        "--date", "2019-09-03", "--where", "id!=r4",
    )  # fmt: skip
    assert done.code == 1


def test_a_run_that_ended_is_told(run: Run, made: None) -> None:
    done = run("status", "out")
    assert done.code == 1
    assert done.out.splitlines() == [
        "un2020, to list.csv, dated 2019-09-03: finished",
        "3 done, 1 failed, 1 skipped: 5 rows, 3 files",
        "languages: en 1, fr 2",
        "1 failed: country: is no country (expected an ISO 3166-1 code such as SN, or a name)",
    ]


def test_the_same_as_json(run: Run, made: None) -> None:
    told = json.loads(run("status", "out", "--json").out)
    errors = told.pop("errors")
    assert list(errors.values()) == [1]
    assert told == {
        "folder": "out", "campaign": "un2020", "list": "list.csv", "date": "2019-09-03",
        "state": "finished", "done": 3, "failed": 1, "skipped": 1, "rows": 5, "files": 3,
        "languages": {"en": 1, "fr": 2}, "missing": [], "changed": [],
    }  # fmt: skip


def test_files_are_compared_when_it_is_asked_for(run: Run, made: None) -> None:
    first, second, third = sorted(Path("out").glob("*.md"))
    first.unlink()
    second.write_text("changed", "utf-8")
    assert "missing" not in run("status", "out").out
    done = run("status", "out", "--verify")
    assert done.code == 1
    assert f"missing: {first.name}\nchanged: {second.name}\n" in done.out
    assert third.name not in done.out
    assert "The same command again makes what is missing or changed." in done.out


def test_looking_changes_nothing(run: Run, made: None) -> None:
    before = {p.name: p.read_bytes() for p in Path("out").iterdir()}
    run("status", "out", "--verify")
    assert {p.name: p.read_bytes() for p in Path("out").iterdir()} == before


def test_where_no_batch_was_made_the_next_step_is_told(run: Run) -> None:
    for folder in (".", "nowhere"):
        done = run("status", folder)
        assert (done.code, "no batch was made in this folder" in done.err) == (2, True)
        assert "--out" in done.err
    assert list(Path().iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="a run is held still with SIGSTOP")
def test_a_run_at_work_and_one_that_was_cut_short_are_told_apart(tmp_path: Path) -> None:
    def state() -> str:
        done = subprocess.run(
            [sys.executable, "-m", "letter_kit", "status", "out", "--json"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return str(json.loads(done.stdout)["state"])

    (tmp_path / "list.csv").write_text(people(200), "utf-8")
    process = start(tmp_path)
    for _ in until():
        if (tmp_path / "out" / ".letter-kit-unfinished").exists():
            break
    os.kill(process.pid, signal.SIGSTOP)
    assert state() == "running"
    process.kill()
    process.communicate()
    assert state() == "cut short"
    assert finish(start(tmp_path))[0] == 1
    assert state() == "finished"
