"""The ledger keeps what it was given, whole, and nothing about people."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SENDER, Outcome

from letter_kit.errors import InputError, SetupError
from letter_kit.ledger import LEDGER, FileRecord, Ledger, Record

SHA = "ab" * 32


def letter(row: int, name: str, form: str = "pdf", **more: object) -> Record:
    files = (FileRecord(form, f"{name}.{form}", SHA, b"in"),)
    return Record(row, f"r{row}", "done", b"in", "fr", "rule", made=7, files=files)._replace(**more)


def failed(row: int) -> Record:
    return Record(row, f"r{row}", "failed", b"in", error="why", made=7)


def names(ledger: Ledger) -> list[tuple[int, str]]:
    return [(row, file.name) for row, file in ledger.files()]


def test_what_is_kept_is_found_by_the_next(tmp_path: Path) -> None:
    records = [letter(1, "a"), failed(2), letter(3, "c", warnings="w\nx")]
    with Ledger(tmp_path) as ledger:
        assert ledger.empty
        ledger.note({"date": "2019-09-03"})
        ledger.keep(records)
    with Ledger.of(tmp_path) as ledger:
        assert list(ledger.records()) == records
        assert [ledger.find(row) for row in (2, 9)] == [records[1], None]
        assert list(ledger.records("failed")) == records[1:2]
        assert ledger.facts == {"date": "2019-09-03"}
        assert ledger.counts("status") == {"done": 2, "failed": 1}
        assert ledger.counts("language") == {"fr": 2}
        assert (ledger.count_files(), ledger.rows_beyond(1)) == (2, 2)
        assert ledger.row_of("c.pdf") == 3
        with pytest.raises(SetupError):
            ledger.note({"it": "is only to be read"})


def test_all_records_are_kept_or_none(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        broken = letter(2, "b")._replace(id=None)  # type: ignore[arg-type]  # what SQLite refuses
        with pytest.raises(SetupError):
            ledger.keep([letter(1, "a"), broken])
        assert ledger.empty
        ledger.keep([letter(1, "a")])
        assert ledger.find(1) == letter(1, "a")


def test_files_that_no_row_has_any_more_are_withdrawn(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.keep([letter(n, f"old{n}") for n in (1, 2, 3, 4)])
        ledger.keep([letter(4, "old4", "html")])
        ledger.keep([
            letter(1, "new1"),
            failed(2),
            letter(3, "old3", joined=1, files=()),
        ])  # fmt: skip
        assert names(ledger) == [(1, "new1.pdf"), (4, "old4.html"), (4, "old4.pdf")]
        assert sorted(ledger.withdrawn()) == [(f"old{n}.pdf", SHA) for n in (1, 2, 3)]
        ledger.keep([letter(5, "old2")])  # another row has taken the name
        assert sorted(ledger.withdrawn()) == [(f"old{n}.pdf", SHA) for n in (1, 3)]
        ledger.forget_withdrawn()
        assert list(ledger.withdrawn()) == []


def test_a_file_is_that_of_the_row_that_made_it_last(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.keep([letter(1, "a"), letter(1, "a", "html"), letter(2, "b")])
        ledger.keep([letter(3, "a"), letter(4, "b")])
        assert names(ledger) == [(1, "a.html"), (3, "a.pdf"), (4, "b.pdf")]
        assert [record.row for record in ledger.records()] == [1, 3, 4]


def test_a_name_with_dots_is_another_name(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.keep([letter(1, "a.b"), letter(1, "a.b", "html")])
        ledger.keep([letter(1, "a", "html")])
        assert names(ledger) == [(1, "a.html")]
        assert sorted(name for name, _ in ledger.withdrawn()) == ["a.b.html", "a.b.pdf"]


def test_a_ledger_that_was_begun_and_not_finished_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / LEDGER).touch()
    with pytest.raises(InputError, match="no batch was made"):
        Ledger.of(tmp_path)
    with Ledger(tmp_path) as ledger:
        assert ledger.empty
    database = sqlite3.connect(tmp_path / LEDGER)
    (version,) = database.execute("PRAGMA user_version").fetchone()
    database.close()
    assert version == 1


def test_the_tables_come_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from letter_kit.ledger import database

    with monkeypatch.context() as patched:
        patched.setattr(database, "_SCHEMA", database._SCHEMA + ";\nNO SQL")
        with pytest.raises(SetupError):
            Ledger(tmp_path)
    with Ledger(tmp_path) as ledger:
        assert ledger.empty


def test_a_file_that_is_no_ledger_is_told_and_left(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_bytes(b"no database" * 500)
    for opened in (Ledger, Ledger.of):
        with pytest.raises(SetupError, match="the ledger is damaged") as caught:
            opened(tmp_path)
        assert caught.value.problems[0].hint == (
            "Move .letter-kit.sqlite3 away and run again: letters that are there are kept."
        )
    assert (tmp_path / LEDGER).read_bytes() == b"no database" * 500


@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
def test_it_can_be_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.keep([letter(1, "a")])
    # As for the test's user, who may be root: nothing is written beside it either.
    tmp_path.chmod(0o555)
    with Ledger.of(tmp_path) as ledger:
        assert ledger.count_files() == 1
        assert [path.name for path in tmp_path.iterdir()] == [LEDGER]
    tmp_path.chmod(0o755)


PEOPLE = """\
id,office,gender,country,name,organisation,street_1,postal_code,city,email,language,salutation
a1,minister,f,SN,Zebrowska Quillfeather,Xylophonia Institute,7 Wombat Lane,ZQ999,Vexville,\
zq@example.org,de,Dear Zebrowska
a2,minister,f,Atlantisxyz,Zebrowska Two,,7 Wombat Lane,,,,fr,
a3,no-office-zyx,q,FR,Zebrowska Three,,,,,,fr,
a4,minister,f,FR,Zebrowska 𓀀,,,,,not-mail-zyx,fr,Chère Zebrowska
a5,minister,f,FR,Zebrowska,Xylophonia,"7 Wombat
"""
SAID = ("zebrowska", "quillfeather", "xylophonia", "wombat", "vexville", "zq@", "atlantisxyz",
        "zyx", "𓀀")  # fmt: skip


def test_nothing_about_people_is_on_record(run: Callable[..., Outcome]) -> None:
    Path("list.csv").write_text(PEOPLE.rpartition("a5")[0], "utf-8")
    arguments = (
        "batch", "un2020", "list.csv", "--from", SENDER, "--out", "out", "--name-by", "{row}",
        "--format", "pdf", "--skip-duplicates",
    )  # fmt: skip
    done = run(*arguments)
    assert "1 done, 3 failed" in done.out, done.out + done.err
    database = sqlite3.connect("out/.letter-kit.sqlite3")
    dump = "\n".join(database.iterdump()).casefold()
    texts = [repr(row) for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'") for row in database.execute(
        f"SELECT * FROM {name}")]  # noqa: S608  # fmt: skip
    database.close()
    assert len(texts) > 8
    manifest = Path("out/manifest.csv").read_text("utf-8").casefold()
    for said in SAID:
        assert said in PEOPLE.casefold()
        assert said not in dump, [line for line in dump.splitlines() if said in line]
        assert said not in manifest
    for path in Path("out").glob(".letter-kit*"):
        assert not any(said.encode() in path.read_bytes().lower() for said in SAID), path
