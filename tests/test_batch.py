"""A batch accounts for every row, and a bad row stops no other."""

import csv
import hashlib
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, SENDER, Outcome

Run = Callable[..., Outcome]
LIST = """\
id,office,gender,country,family_name,language,notes
a,foreign_minister,f,SN,Fall,fr,
b,foreign_minister,f,Senegall,Bad,fr,=1+1
c,foreign_minister,m,GH,Addo,en,
d,minister,m,FR,,de,
e,body,,,,fr,
"""


def batch(run: Run, *more: object, content: str = LIST, out: str = "out") -> Outcome:
    Path("list.csv").write_text(content, "utf-8")
    return run(
        "batch", "un2020", "list.csv", "--from", SENDER, "--out", out, "--date", "2019-09-03",
        "--format", "markdown", *more,
    )  # fmt: skip


def table(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8-sig"))))


def listing(folder: str | Path) -> list[str]:
    """The files that a person sees."""
    return sorted(p.name for p in Path(folder).iterdir() if not p.name.startswith("."))


def test_every_row_is_accounted_for(run: Run) -> None:
    done = batch(run, "--format", "html")
    assert done.code == 1
    assert "3 done, 2 failed, 0 skipped: 5 rows, 6 files" in done.out
    manifest = table("out/manifest.csv")
    assert [(row["id"], row["status"]) for row in manifest] == [
        ("a", "done"), ("a", "done"), ("b", "failed"), ("c", "done"), ("c", "done"),
        ("d", "done"), ("d", "done"), ("e", "failed"),
    ]  # fmt: skip
    for row in manifest:
        if row["status"] == "done":
            content = Path("out", row["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert listing("out") == sorted(
        {row["file"] for row in manifest if row["file"]} | {"manifest.csv", "failed.csv"}
    )
    assert "00001-SN-Fall.md" in {row["file"] for row in manifest}
    assert "the recipient's language is de" in done.err


def test_failed_rows_come_back_as_they_came_and_can_be_fed_back(run: Run) -> None:
    batch(run)
    failed = table("out/failed.csv")
    assert [row["id"] for row in failed] == ["b", "e"]
    assert "is no country" in failed[0]["error"]
    assert failed[0]["notes"] == "'=1+1"
    mended = Path("out/failed.csv").read_text("utf-8-sig").replace("Senegall", "SN")
    mended = mended.replace('"e","body"', '"e","foreign_minister"')
    again = batch(run, content=mended, out="again")
    assert (again.code, "2 done, 0 failed" in again.out) == (0, True), again.err
    assert not Path("again/failed.csv").exists()


RAGGED = """\
office,country,family_name,error,=cmd
mayor,SN,Fall,old,x
mayor,SN
mayor,"SN"x,Fall,old,x
mayor,SN,Ba,old,x,more
mayor,SN,Ly,old,x
"""


def test_badly_shaped_rows_stop_no_other_and_keep_their_shape(run: Run) -> None:
    done = batch(run, content=RAGGED)
    assert "2 done, 3 failed, 0 skipped: 5 rows" in done.out
    text = Path("out/failed.csv").read_text("utf-8-sig")
    header, short, broken, long = list(csv.reader(io.StringIO(text)))
    assert header == ["error", "office", "country", "family_name", "'=cmd"]
    assert short[1:] == ["mayor", "SN"]
    assert broken[1:] == ['mayor,"SN"x,Fall,old,x']
    assert long[1:] == ["mayor", "SN", "Ba", "x", "more"]
    assert "list.csv:4: " in done.err
    again = batch(run, content=text, out="again")
    assert "0 done, 3 failed" in again.out
    first = Path("again/failed.csv").read_text("utf-8-sig").splitlines()[0]
    assert first == '"error","office","country","family_name","\'=cmd"'


@pytest.mark.parametrize(("mark", "delimiter"), [("\ufeff", ";"), ("", ","), ("", "\t")])
def test_the_account_is_written_as_the_list_was(run: Run, mark: str, delimiter: str) -> None:
    batch(run, content=mark + LIST.replace(",", delimiter))
    for name in ("manifest.csv", "failed.csv"):
        text = Path("out", name).read_text("utf-8")
        assert text.startswith("\ufeff") is bool(mark)
        assert text.splitlines()[0].count(delimiter) >= 7


def test_what_would_fail_every_row_is_told_once_and_makes_nothing(run: Run) -> None:
    for option in (("--layout", "din"), ("--lang", "de"), ("--asks", "x"), ("--out", "")):
        done = batch(run, *option)
        assert done.code == 2
        assert not Path("out").exists()
    done = batch(run, content=LIST.partition("\n")[0])
    assert (done.code, "has no rows" in done.err) == (2, True)


def test_an_open_quotation_mark_is_told_before_anything_is_made(run: Run) -> None:
    done = batch(run, content=LIST + 'f,mayor,f,SN,"open,fr,\n')
    assert (done.code, "list.csv:7: " in done.err) == (2, True)
    assert not Path("out").exists()


def test_the_account_as_json(run: Run) -> None:
    done = batch(run, "--json", "--limit", "1")
    assert json.loads(done.out) == {
        "folder": "out", "rows": 1, "done": 1, "failed": 0, "skipped": 0, "files": 1,
        "kept": 0, "filled": 0, "laid_out": 0, "languages": {"fr": 1}, "bundles": [],
    }  # fmt: skip


def test_the_same_command_again_touches_nothing(run: Run) -> None:
    batch(run)
    before = {p: p.stat().st_mtime_ns for p in map(Path("out").joinpath, listing("out"))}
    done = batch(run)
    assert (done.code, "3 done (3 were there already), 2 failed" in done.out) == (1, True), done.out
    assert before == {p: p.stat().st_mtime_ns for p in before}
    assert listing("out") == sorted(p.name for p in before)


def test_files_are_named_as_asked_and_never_twice_or_elsewhere(run: Run) -> None:
    content = "office,country,name\n" + "mayor,SN,../../x\nmayor,SN,..\\..\\X\nmayor,SN,/..\n"
    assert batch(run, "--name-by", "{name}", content=content).code == 0
    assert listing("out") == ["X-2.md", "letter.md", "manifest.csv", "x.md"]
    for pattern, said in (
        ("{nmae}", "Did you mean name?"),
        ("{row", "{row:05}"),
        ("{row!r}", "{row"),
    ):
        done = batch(run, "--name-by", pattern, out="other")
        assert done.code == 2
        assert said in done.err


def test_names_from_data_are_no_patterns(run: Run) -> None:
    content = "office,country,name\nmayor,SN,{row.__class__}\n"
    assert batch(run, "--name-by", "{name}", content=content).code == 0
    assert Path("out/row.__class__.md").exists()


def test_a_runaway_campaign_stops_the_batch(run: Run, own_campaign: Path) -> None:
    text = (own_campaign / "fr.md").read_text("utf-8")
    loops = "{% for a in 'abcdefghij' %}" * 9 + "{% endfor %}" * 9
    (own_campaign / "fr.md").write_text(text + loops, "utf-8")
    Path("list.csv").write_text(
        LIST.split("\n", maxsplit=1)[0] + "\n" + "a,mayor,f,SN,Fall,fr,\n" * 9, "utf-8"
    )
    done = run("batch", own_campaign, "list.csv", "--from", SENDER, "--out", "out")
    assert done.code == 2
    assert [row["status"] for row in table("out/manifest.csv")] == ["failed"] * 3


def test_an_interrupted_batch_accounts_for_what_it_made(tmp_path: Path) -> None:
    rows = "".join(f"{n},mayor,f,SN,Fall,fr,\n" for n in range(5000))
    (tmp_path / "list.csv").write_text(LIST.split("\n", maxsplit=1)[0] + "\n" + rows, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "letter_kit", "batch", "un2020", "list.csv", "--from", SENDER,
         "--out", "out", "--format", "markdown"],
        cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while len(list((tmp_path / "out").glob("*.md"))) < 20:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=15)
    assert process.returncode == 130, said
    assert said.decode().strip().endswith("Interrupted.")
    made = {p.name for p in (tmp_path / "out").glob("*.md")}
    listed = {row["file"] for row in table(str(tmp_path / "out" / "manifest.csv"))}
    assert made == listed


def test_an_unwritable_folder_is_the_machines_fault(run: Run) -> None:
    Path("file").write_text("", "utf-8")
    done = batch(run, out="file/out")
    assert done.code == 3
    assert "folder" in done.err


def test_the_demo_list_makes_letters_without_a_warning(run: Run) -> None:
    done = run(
        "batch", "un2020", "sample", "--from", ROOT / "examples" / "sender.toml", "--out", "out",
        "--date", "2019-09-03", "--format", "pdf",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert len(list(Path("out").glob("*.pdf"))) == 20


def test_the_list_cannot_be_the_account_it_would_write_over(run: Run) -> None:
    batch(run)
    before = Path("out/failed.csv").read_bytes()
    done = run("batch", "un2020", "out/failed.csv", "--from", SENDER, "--out", "out", "--force")
    assert (done.code, "Name another folder" in done.err) == (2, True)
    assert Path("out/failed.csv").read_bytes() == before


def test_a_row_is_written_whole_or_not_at_all(run: Run) -> None:
    Path("out").mkdir()
    Path("out/00001-SN-Fall.html").write_text("mine", "utf-8")
    batch(run, "--format", "html", content="\n".join(LIST.splitlines()[:2]))
    assert [row["status"] for row in table("out/manifest.csv")] == ["failed"]
    assert not Path("out/00001-SN-Fall.md").exists()
    assert Path("out/00001-SN-Fall.html").read_text("utf-8") == "mine"


def test_a_reader_that_goes_away_stops_no_batch(tmp_path: Path) -> None:
    rows = "".join(f"{n},mayor,f,XX,Fall,fr,\n" for n in range(50))
    (tmp_path / "list.csv").write_text(LIST.partition("\n")[0] + "\n" + rows, "utf-8")
    command = [sys.executable, "-m", "letter_kit", "batch", "un2020", "list.csv", "--from",
               str(SENDER), "--out", "out", "--format", "markdown"]  # fmt: skip
    script = '"$@" 2> >(head -c1 >/dev/null)'
    done = subprocess.run(["bash", "-c", script, "bash", *command], cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert len(table(str(tmp_path / "out" / "manifest.csv"))) == 50
