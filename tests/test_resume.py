"""The same command again makes what is missing, changed or damaged, and nothing else."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from batches import HEADER, check_account, command, people, person, table, tree
from conftest import SENDER, Outcome

from letter_kit.batch import run as batch_run
from letter_kit.ledger import LEDGER

Batch = Callable[..., Outcome]
Again = Callable[[], set[str]]
OUT = Path("out")


@pytest.fixture
def batch(run: Callable[..., Outcome]) -> Batch:
    """A batch of a list of rows, in Markdown where nothing else is said."""

    def call(rows: str | None, *more: object, campaign: object = "un2020") -> Outcome:
        if rows is not None:
            Path("list.csv").write_text(HEADER + rows, "utf-8")
        form = () if "--format" in more else ("--format", "markdown")
        dated = () if "--date" in more else ("--date", "2019-09-03")
        done = run(
            "batch", campaign, "list.csv", "--from", SENDER, "--out", "out", *form, *dated, *more
        )
        assert "defect" not in done.err
        return done

    return call


def stamps() -> dict[str, tuple[int, int]]:
    """When each file was written, and which it is."""
    found = {name: (OUT / name).stat() for name in tree(OUT)}
    return {name: (stat.st_mtime_ns, stat.st_ino) for name, stat in found.items()}


def written(since: dict[str, tuple[int, int]]) -> set[str]:
    """The letters that were written since then."""
    return {
        name
        for name, stamp in stamps().items()
        if since.get(name) != stamp and not name.endswith(".csv")
    }


ROWS = [person(n) for n in range(1, 7)]
LIST = "".join(ROWS)
NAMES = [f"0000{n}-{country}-Name{n}.md" for n, country in
         enumerate(("GH", "FR", "BE", "KE", "SN", "GH"), 1)]  # fmt: skip


def test_what_is_gone_or_damaged_is_made_again(batch: Batch) -> None:
    batch(LIST)
    whole, before = tree(OUT), stamps()
    (OUT / NAMES[0]).unlink()
    (OUT / NAMES[1]).write_bytes(whole[NAMES[1]][:100])
    (OUT / NAMES[2]).write_bytes(b"")
    (OUT / "manifest.csv").unlink()
    done = batch(LIST)
    assert (done.code, "6 done (3 were there already)" in done.out) == (0, True), done.out
    assert tree(OUT) == whole
    assert written(before) == set(NAMES[:3])


def test_a_folder_that_took_a_files_place_fails_its_row_until_it_is_gone(batch: Batch) -> None:
    batch(LIST)
    whole = tree(OUT)
    (OUT / NAMES[0]).unlink()
    (OUT / NAMES[0]).mkdir()
    for more in ((), ("--force",)):
        done = batch(LIST, *more)
        assert (done.code, "5 done (5 were there already), 1 failed" in done.out) == (1, True)
        assert "what is there is no file" in done.err
        check_account(OUT, 6)
    (OUT / NAMES[0]).rmdir()
    assert batch(LIST).code == 0
    assert tree(OUT) == whole


def test_a_row_that_changed_is_made_anew_and_its_old_letter_goes(batch: Batch) -> None:
    batch(LIST)
    before = stamps()
    changed = [*ROWS[:2], person(3, name="Other"), *ROWS[3:]]
    batch("".join(changed))
    assert written(before) == {"00003-BE-Other.md"}
    assert not (OUT / NAMES[2]).exists()
    check_account(OUT, 6)


def test_an_old_letter_that_somebody_edited_is_kept(batch: Batch) -> None:
    batch(LIST)
    (OUT / NAMES[2]).write_text("edited", "utf-8")
    batch("".join([*ROWS[:2], person(3, name="Other"), *ROWS[3:]]))
    assert (OUT / NAMES[2]).read_text("utf-8") == "edited"
    assert NAMES[2] not in {line["file"] for line in table(OUT / "manifest.csv")}


def test_a_row_that_spoils_loses_its_letter_and_a_mended_one_gets_it(batch: Batch) -> None:
    batch(LIST)
    whole = tree(OUT)
    done = batch("".join([*ROWS[:2], person(3, country="Atlantis"), *ROWS[3:]]))
    assert (done.code, "5 done (5 were there already), 1 failed" in done.out) == (1, True)
    assert not (OUT / NAMES[2]).exists()
    assert [row["id"] for row in table(OUT / "failed.csv")] == ["r3"]
    assert check_account(OUT, 6)["failed"] == 1
    assert batch(LIST).code == 0
    assert tree(OUT) == whole


def test_a_row_may_be_added_and_a_shorter_list_leaves_letters_alone(batch: Batch) -> None:
    batch("".join(ROWS[:5]))
    before = stamps()
    batch(LIST)
    assert written(before) == {NAMES[5]}
    before = stamps()
    done = batch("".join(ROWS[:4]))
    assert "2 letters are of rows that the list does not have any more" in done.err
    assert written(before) == set()
    assert check_account(OUT, 6)["done"] == 6


def test_a_row_taken_out_of_the_middle_moves_the_others(batch: Batch) -> None:
    batch(LIST)
    batch("".join(ROWS[:2] + ROWS[3:]))
    letters = {name for name in tree(OUT) if name.endswith(".md")}
    assert "00003-KE-Name4.md" in letters
    assert "00003-BE-Name3.md" not in letters
    check_account(OUT, 6)  # the sixth is left over


def test_another_text_option_sender_or_picture_makes_all_anew(
    batch: Batch, own_campaign: Path
) -> None:
    batch(LIST, "--format", "html", campaign=own_campaign)
    sender = shutil.copytree(SENDER.parent, Path("sender"))
    text = own_campaign / "fr.md"

    def changes(path: Path, old: str, new: str) -> Callable[[], None]:
        def change() -> None:
            assert old in path.read_text("utf-8")
            path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

        return change

    steps: list[tuple[Callable[[], object], tuple[object, ...]]] = [
        (lambda: text.write_text(text.read_text("utf-8") + "\nEnfin.\n", "utf-8"), ()),
        (changes(own_campaign / "campaign.toml", "2020-09-14", "2020-09-15"), ()),
        (lambda: None, ("--layout", "din-5008-b")),
        (lambda: None, ("--date", "2019-09-04")),
        (changes(sender / "sender.toml", "Claire", "Clara"), ("--from", sender / "sender.toml")),
        (changes(sender / "logo.svg", "<svg", "<svg "), ("--from", sender / "sender.toml")),
    ]
    for change, more in steps:
        before = stamps()
        change()
        done = batch(LIST, "--format", "html", *more, campaign=own_campaign)
        assert done.code == 0, done.err
        assert len(written(before)) == 6, more


def test_a_format_may_be_added_later_and_leaves_the_first_alone(batch: Batch) -> None:
    batch(LIST)
    before = stamps()
    batch(LIST, "--format", "html")
    assert written(before) == {name.replace(".md", ".html") for name in NAMES}
    assert len(table(OUT / "manifest.csv")) == 12
    added = tree(OUT)
    check_account(OUT, 6)
    shutil.rmtree(OUT)
    batch(LIST, "--format", "markdown", "--format", "html")
    assert tree(OUT) == added
    batch("".join([person(1, name="Other"), *ROWS[1:]]), "--format", "html")
    check_account(OUT, 6)
    assert not (OUT / NAMES[0]).exists()


def test_a_file_made_again_alone_keeps_the_warnings_of_the_others(
    batch: Batch, own_campaign: Path
) -> None:
    text = own_campaign / "fr.md"
    text.write_text(text.read_text("utf-8") + "\nEncore un mot.\n" * 60, "utf-8")
    rows = "x,foreign_minister,f,SN,Fall,fr\n"
    both = ("--format", "markdown", "--format", "pdf")
    batch(rows, *both, campaign=own_campaign)
    whole = tree(OUT)
    assert "pages" in table(OUT / "manifest.csv")[0]["warnings"]
    for suffix in ("md", "pdf"):
        next(OUT.glob(f"*.{suffix}")).unlink()
        batch(rows, *both, campaign=own_campaign)
        assert tree(OUT) == whole


def test_another_campaign_or_list_is_refused_and_forced(batch: Batch, own_campaign: Path) -> None:
    batch(LIST)
    whole = tree(OUT)
    facts = own_campaign / "campaign.toml"
    facts.write_text(facts.read_text("utf-8").replace('"un2020"', '"un2021"', 1), "utf-8")
    done = batch(LIST, campaign=own_campaign)
    assert (done.code, "made from the campaign un2020" in done.err) == (2, True), done.err
    assert tree(OUT) == whole
    done = batch(LIST, "--force", campaign=own_campaign)
    assert (done.code, "6 done, 0 failed" in done.out) == (0, True), done.err
    check_account(OUT, 6)


def test_a_run_of_another_day_keeps_the_date(batch: Batch) -> None:
    batch(LIST, "--date", "2018-01-02")
    whole = tree(OUT)
    (OUT / NAMES[0]).unlink()
    command_without = ["--from", str(SENDER), "--out", "out", "--format", "markdown"]
    from letter_kit.cli import main

    assert main(["batch", "un2020", "list.csv", *command_without]) == 0
    assert tree(OUT) == whole
    assert "2 janvier 2018" in whole[NAMES[1]].decode() + whole[NAMES[3]].decode()


def test_failed_rows_are_tried_again_when_they_are_asked_for(
    batch: Batch, own_campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = [*ROWS[:5], person(6, country="Atlantis")]
    assert batch("".join(spoilt)).code == 1
    whole = tree(OUT)
    with sqlite3.connect(OUT / LEDGER) as ledger:
        ledger.execute("UPDATE letter SET error = 'as it was' WHERE row = 6")
    ledger.close()
    done = batch(None)
    assert (done.code, "list.csv:7: error: as it was" in done.err) == (1, True), done.err
    assert table(OUT / "failed.csv")[0]["error"] == "as it was"
    done = batch(None, "--retry-failed")
    assert (done.code, "is no country (expected" in done.err) == (1, True), done.err
    assert tree(OUT) == whole


def test_a_foreign_file_is_never_written_over(batch: Batch) -> None:
    OUT.mkdir()
    (OUT / NAMES[1]).write_text("mine", "utf-8")
    for _ in range(2):
        done = batch(LIST)
        assert (done.code, "5 done" in done.out, "1 failed" in done.out) == (1, True, True)
        assert "which is not this run's" in done.err
        assert (OUT / NAMES[1]).read_text("utf-8") == "mine"
    with sqlite3.connect(OUT / LEDGER) as ledger:  # as a run that was killed leaves it
        ledger.execute("UPDATE fact SET value = 'running' WHERE name = 'state'")
    ledger.close()
    assert batch(LIST).code == 1
    assert (OUT / NAMES[1]).read_text("utf-8") == "mine"
    assert batch(LIST, "--force").code == 0
    assert (OUT / NAMES[1]).read_text("utf-8") != "mine"
    check_account(OUT, 6)


def test_letters_without_a_ledger_are_taken_as_they_are(batch: Batch) -> None:
    batch(LIST)
    whole = tree(OUT)
    (OUT / LEDGER).unlink()
    assert batch(LIST).code == 0
    assert tree(OUT) == whole


def test_a_ledger_of_another_version_is_refused(batch: Batch) -> None:
    batch(LIST)
    with sqlite3.connect(OUT / LEDGER) as ledger:
        ledger.execute("PRAGMA user_version = 99")
    ledger.close()
    done = batch(LIST)
    assert (done.code, "another version of letter-kit" in done.err) == (2, True), done.err
    assert "expected version 1, found version 99" in done.err


@pytest.mark.parametrize(
    ("environment", "more"),
    [
        ({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, ["--jobs", "1"]),
        ({"TZ": "America/Adak", "PYTHONHASHSEED": "2", "LC_ALL": "C"}, ["--jobs", "2"]),
    ],
)
def test_every_run_makes_the_same_whatever_surrounds_it(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str], more: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / "list.csv").write_text(people(8), "utf-8")
    done = subprocess.run(
        command(*more, formats="markdown html pdf"),
        cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = tree(folder / "out")
    first = _FIRST.setdefault("tree", found)
    assert len(found) == 3 * 8 + 1
    assert found == first


_FIRST: dict[str, dict[str, bytes]] = {}
"""What the first of the runs that must make the same has made."""


def test_the_size_of_chunks_changes_nothing(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    trees = []
    for size in (1, 7, 1000):
        monkeypatch.setattr(batch_run, "_chunk_size", lambda formats, rows, size=size: size)
        shutil.rmtree(OUT, ignore_errors=True)
        batch(people(26).partition("\n")[2], "--name-by", "{country}-{language}")
        trees.append(tree(OUT))
    assert trees[0] == trees[1] == trees[2]
    assert len(trees[0]) == 25 + 2
