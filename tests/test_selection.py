"""Who gets a letter, who shares one, and what the files are called."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from batches import check_account, table, tree
from conftest import SENDER, Outcome

from letter_kit.output import collision_key, safe_name, subfolder
from letter_kit.output.names import LONGEST_NAME

Batch = Callable[..., Outcome]
OUT = Path("out")

LIST = """\
id,office,gender,country,family_name,email,language,group,notes
a,minister,f,SN,Fall,a@example.org,fr,x,
b,minister,m,FR,Duc,b@example.org,fr,y,old
c,minister,m,GH,Ba,,en,x,
d,minister,f,BE,Lys,d@example.org,,,
e,minister,f,,Nul,,fr,y,old
f,minister,f,sn,Gué,A@example.org,fr,,new
"""


@pytest.fixture
def batch(run: Callable[..., Outcome]) -> Batch:
    def call(*more: object, content: str = LIST) -> Outcome:
        Path("list.csv").write_text(content, "utf-8")
        done = run(
            "batch", "un2020", "list.csv", "--from", SENDER, "--out", OUT, "--date", "2019-09-03",
            "--format", "markdown", *more,
        )  # fmt: skip
        assert "defect" not in done.err
        return done

    return call


def chosen() -> dict[str, str]:
    """The status of each row by its id."""
    return {line["id"]: line["status"] for line in table(OUT / "manifest.csv")}


def of_status(status: str) -> str:
    return "".join(key for key, value in chosen().items() if value == status)


@pytest.mark.parametrize(
    ("where", "done"),
    [
        (["country=SN"], "af"),
        (["country = sn , FR"], "abf"),
        (["country!=SN"], "bcde"),
        (["country="], "e"),
        (["country!="], "abcdf"),
        (["represents_country=FR"], "b"),
        (["language=fr", "notes=old"], "be"),
        (["notes!=OLD"], "acdf"),
        (["notes=,new"], "acdf"),
        (["e-mail=a@example.org"], "af"),
        (["gender=m"], "bc"),
        (["group=y", "id!=b"], "e"),
    ],
)
def test_conditions_choose_rows(batch: Batch, where: list[str], done: str) -> None:
    outcome = batch(*(part for one in where for part in ("--where", one)))
    assert outcome.code == 0, outcome.err
    assert of_status("done") == done
    counts = check_account(OUT, 6)
    assert f"{counts['failed']} failed, {counts['skipped']} skipped: 6 rows" in outcome.out


def test_a_cell_that_cannot_be_understood_is_told_and_not_dropped(batch: Batch) -> None:
    content = LIST.replace("GH", "Atlantis") + 'g,minister,f,"SN"x,Fall,,fr,,\nh,minister\n'
    outcome = batch("--where", "country=SN", content=content)
    assert outcome.code == 1
    assert (of_status("done"), of_status("skipped")) == ("af", "bde")
    assert check_account(OUT, 8)["failed"] == 3


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--where", "contry=SN"], "Did you mean country?"),
        (["--where", "country"], "COLUMN=VALUE"),
        (["--where", "=SN"], "COLUMN=VALUE"),
        (["--where", "country=Atlantis"], "no row can have the country 'Atlantis'"),
        (["--group-by", "grup"], "Did you mean group?"),
        (["--exclude", "nowhere.csv"], "there is no such file"),
        (["--exclude", "strange.csv"], "names no column that letter-kit knows"),
        (["--limit", "-1"], "limit"),
    ],
)
def test_a_selection_that_cannot_be_meant_is_told_before_anything_is_made(
    batch: Batch, option: list[str], said: str
) -> None:
    Path("strange.csv").write_text("notes\nold\n", "utf-8")
    outcome = batch(*option)
    assert (outcome.code, said in outcome.err) == (2, True), outcome.err
    assert not OUT.exists()


@pytest.mark.parametrize(
    ("exclude", "left_out"),
    [
        ("id\na\nd\n", "ad"),
        ("id,family_name\na,Somebody\n", "a"),
        ("email\nA@EXAMPLE.ORG\n", "af"),
        ("country,family_name\nfr,duc\nSN,Duc\n", "b"),
        ("country\nSN\n", "af"),
        ("id,email\n,d@example.org\nb,\n", "bd"),
    ],
)
def test_people_are_left_out_by_id_address_or_all_that_is_given(
    batch: Batch, exclude: str, left_out: str
) -> None:
    Path("out.csv").write_text(exclude, "utf-8")
    outcome = batch("--exclude", "out.csv")
    assert outcome.code == 0, outcome.err
    assert of_status("skipped") == left_out
    assert check_account(OUT, 6)["done"] == 6 - len(left_out)


def test_the_limit_counts_letters_after_all_conditions(batch: Batch) -> None:
    outcome = batch("--where", "language=fr", "--limit", 2, content=LIST)
    assert "2 done, 0 failed, 0 skipped" in outcome.out
    assert of_status("done") == "ab"
    batch("--where", "language=fr", "--limit", 3, content=LIST)
    assert of_status("done") == "abe"
    check_account(OUT, 5)


SAME = """\
id,office,gender,country,name,street_1,city
a,minister,f,SN,Awa  Fall,1 rue X,Dakar
b,minister,f,SN,Modou Ba,1 rue X,Dakar
c,minister,f,SN,AWA FALL,1 Rue X,DAKAR
d,minister,f,SN,Awa Fall,2 rue Y,Dakar
e,minister,f,SN,awa fall,1 rue x,Dakar
"""


def test_duplicates_are_told_and_skipped_when_that_is_asked_for(batch: Batch) -> None:
    outcome = batch(content=SAME)
    assert "rows 1, 3, 5 are for the same person at the same address" in outcome.err
    assert (outcome.code, of_status("done")) == (0, "abcde")
    outcome = batch("--skip-duplicates", "--out", "other", content=SAME)
    assert "3 done, 0 failed, 2 skipped: 5 rows" in outcome.out
    manifest = table(Path("other/manifest.csv"))
    assert {line["id"]: line["error"] for line in manifest if line["status"] == "skipped"} == {
        "c": "it is for the same person as row 1",
        "e": "it is for the same person as row 1",
    }


def test_rows_of_a_group_share_a_letter(batch: Batch) -> None:
    outcome = batch("--group-by", "group")
    assert (outcome.code, "6 done" in outcome.out, "4 files" in outcome.out) == (0, True, True)
    lines = {line["id"]: line for line in table(OUT / "manifest.csv")}
    assert lines["a"]["file"] == lines["c"]["file"] == "00001-SN-Fall.md"
    assert lines["b"]["file"] == lines["e"]["file"] != lines["d"]["file"] != lines["f"]["file"]
    letter = (OUT / lines["a"]["file"]).read_text("utf-8")
    assert "Fall" in letter
    assert "Ba" in letter
    assert "Madame la Ministre" in letter
    assert "Monsieur le Ministre" in letter
    check_account(OUT, 6)
    whole = tree(OUT)
    (OUT / "00001-SN-Fall.md").unlink()
    batch("--group-by", "group")
    assert tree(OUT) == whole


def test_a_group_with_a_bad_row_fails_together_and_alone(batch: Batch) -> None:
    content = LIST.replace("GH", "Atlantis")
    outcome = batch("--group-by", "group", content=content)
    assert outcome.code == 1
    assert (of_status("failed"), of_status("done")) == ("ac", "bdef")
    assert [row["id"] for row in table(OUT / "failed.csv")] == ["a", "c"]
    assert batch("--group-by", "group").code == 0
    assert check_account(OUT, 6)["done"] == 6


def test_letters_become_joint_and_single_again(batch: Batch) -> None:
    batch()
    single = tree(OUT)
    batch("--group-by", "group")
    check_account(OUT, 6)
    assert len([name for name in tree(OUT) if name.endswith(".md")]) == 4
    batch()
    assert tree(OUT) == single


ALIKE = """\
id,office,country,name
1,minister,SN,Élan
2,minister,SN,e\u0301lan
3,minister,SN,ÉLAN
4,minister,SN,Elan
5,minister,SN,Élan-2
6,minister,SN,Straße
7,minister,SN,STRASSE
8,minister,SN,CON
9,minister,SN,com1.txt
10,minister,SN,...
11,minister,SN,../../etc/passwd
12,minister,SN,{name}
"""
ALIKE += f"13,minister,SN,{'é' * 300}\n14,minister,SN,{'é' * 299}\n"


def test_names_differ_on_every_file_system_and_stay_the_same(batch: Batch) -> None:
    trees = []
    for out, jobs in (("one", 1), ("two", 2)):
        outcome = batch("--name-by", "{name}", "--out", out, "--jobs", jobs, content=ALIKE)
        assert outcome.code == 0, outcome.err
        trees.append(tree(Path(out)))
        batch("--name-by", "{name}", "--out", out, content=ALIKE)
        trees.append(tree(Path(out)))
    assert trees[0] == trees[1] == trees[2] == trees[3]
    names = [name for name in trees[0] if name.endswith(".md")]
    assert len(names) == len({collision_key(name) for name in names}) == 14
    assert max(len(name.encode()) for name in names) <= 255
    assert all(unicodedata.is_normalized("NFC", name) for name in names)
    assert "Elan.md" in names
    assert "_CON.md" in names
    assert "_com1.txt.md" in names
    assert "etc-passwd.md" in names


def test_a_mended_row_may_take_a_name_from_another(batch: Batch) -> None:
    content = "id,office,country,name\n1,minister,XX,Fall\n2,minister,SN,Fall\n3,minister,SN,Ba\n"
    by_name = ("--name-by", "{name}")
    batch(*by_name, content=content)
    mended = content.replace("XX", "FR")
    assert batch(*by_name, content=mended).code == 0
    again = tree(OUT)
    check_account(OUT, 3)
    batch(*by_name, "--out", "fresh", content=mended)
    assert tree(Path("fresh")) == again


def test_a_list_that_lost_a_row_moves_names_and_loses_no_letter(batch: Batch) -> None:
    rows = [f"r{n},minister,SN,{'ABCDE'[n]}\n" for n in range(5)]
    by_name = ("--name-by", "{name}", "--jobs", 2)
    head = "id,office,country,name\n"
    batch(*by_name, content=head + "".join(rows))
    outcome = batch(*by_name, "--date", "2019-09-04", content=head + "".join(rows[1:]))
    assert outcome.code == 0, outcome.err
    letters = {name: text for name, text in tree(OUT).items() if name.endswith(".md")}
    assert letters.keys() == {f"{name}.md" for name in "BCDE"}
    assert all(b"4 septembre 2019" in text for text in letters.values())
    assert check_account(OUT, 4)["done"] == 4


@pytest.mark.parametrize("pattern", ["{nmae}", "{row", "{row!r}", "{row:200}", "{name:9}"])
def test_a_pattern_that_cannot_be_meant_is_refused(batch: Batch, pattern: str) -> None:
    outcome = batch("--name-by", pattern)
    assert outcome.code == 2
    assert "name pattern" in outcome.err
    assert not OUT.exists()


def test_no_folder_holds_more_rows_than_people_bear(batch: Batch) -> None:
    rows = "".join(f"{n},{'body' if n < 1000 else 'minister'},SN,N{n}\n" for n in range(1, 1003))
    batch("--where", "office=minister", content="id,office,country,name\n" + rows)
    assert [name for name in tree(OUT) if name.endswith(".md")] == [
        "0001001-0002000/01001-SN-N1001.md",
        "0001001-0002000/01002-SN-N1002.md",
        "01000-SN-N1000.md",
    ]
    check_account(OUT, 1002)
    assert subfolder(2_000_000) == "1000001-2000000/1999001-2000000"


def test_no_name_is_longer_than_file_systems_bear() -> None:
    assert all(len(safe_name(c * 999).encode()) <= LONGEST_NAME for c in "aé漢😀")


EVIL = ("=cmd|' /C calc'!A0", "+1", "-2", "@SUM(1)", "\tx", "\rx", "=1;2", '="a"')


def test_no_cell_of_the_account_becomes_a_formula(batch: Batch) -> None:
    rows = "".join(
        f'"{evil.replace(chr(34), chr(34) * 2)}",minister,{"SN" if n % 2 else "XX"},"{quoted}"\n'
        for n, evil in enumerate(EVIL)
        for quoted in [evil.replace('"', '""')]
    )
    content = "id,office,country,notes\n" + rows
    assert batch(content=content).code == 1
    for name in ("manifest.csv", "failed.csv"):
        for line in table(OUT / name):
            for cell in line.values():
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)
    assert sorted(row["notes"] for row in table(OUT / "failed.csv")) == sorted(
        f"'{evil}" for evil in EVIL[::2]
    )
