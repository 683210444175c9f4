"""Files are read within bounds, and every key of a TOML text has its line."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letter_kit import InputError
from letter_kit.assets import read_picture
from letter_kit.reading import (
    EMAIL,
    Table,
    clean_text,
    control_character,
    matches,
    parse_toml,
    read_bytes,
    read_text,
    shown,
)

TEXT = '''\
# a comment
id = "x"
"quoted key" = 1
list = [
  "a = 1",
  2,
]
long = """
[not.a.header]
b = 2
"""
a.b = 1
inline = { c = 1, d = { e = 2 } }

[table]
key = 1
[table.inner]
key = 2
[[entries]]
key = 3

[[entries]]
key = 4
[entries.sub]
key = 5
'''
LINES = {
    ("id",): 2,
    ("quoted key",): 3,
    ("list",): 4,
    ("long",): 8,
    ("a", "b"): 12,
    ("inline", "d", "e"): 13,
    ("table",): 15,
    ("table", "key"): 16,
    ("table", "inner", "key"): 18,
    ("entries", 0, "key"): 20,
    ("entries", 1, "key"): 23,
    ("entries", 1, "sub", "key"): 25,
    ("entries", 1, "missing"): 22,
    ("missing",): None,
}


@pytest.mark.parametrize(("key", "line"), LINES.items())
def test_every_key_has_its_line(key: tuple[str | int, ...], line: int | None) -> None:
    assert parse_toml(TEXT, "x.toml").line_of(key) == line
    moved = parse_toml(TEXT, "x.md", first_line=11).line_of(key)
    assert moved == (None if line is None else line + 10)


@pytest.mark.parametrize(
    "text",
    [
        "x = [\n" + "1,\n" * 20_000 + "]\ny = 1\n",
        'x = """\n' + "a line\n" * 20_000 + '"""\ny = 1\n',
        'x = """\n' + "a = 1\n" * 20_000 + '"""\ny = 1\n',
        'x = """\n' + "\n" * 200_000 + '"""\ny = 1\n',
        "".join(f"k{n} = {n}\n" for n in range(20_000)),
        'x = """\n' + "word " * 100_000 + '\n"""\ny = 1\n',
    ],
)
def test_finding_lines_takes_bounded_time(text: str) -> None:
    began = time.monotonic()
    parse_toml(text, "x.toml").line_of(("y",))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1" + "1" * 5_000, "cannot be read"),
        (".".join("a" * 3_000) + " = 1", "nested too deeply"),
        ("x = " + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("a = 1\na = 2\n", "not valid TOML"),
        ("x = 2019-13-45\n", "not valid TOML"),
        ("", None),
    ],
)
def test_no_toml_is_more_than_an_input_error(text: str, said: str | None) -> None:
    if said is None:
        assert parse_toml(text, "x.toml").data == {}
        return
    with pytest.raises(InputError, match=said):
        parse_toml(text, "x.toml")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InputError):
        parse_toml(text, "x.toml").line_of(("x",))


def test_a_table_tells_all_its_problems() -> None:
    source = parse_toml(
        'name = 1\nflag = "yes"\ndate = "soon"\nnubmer = 3\nbig = 0xfff\n', "x.toml"
    )
    table = Table(source)
    table.text("name", required=True)
    table.flag("flag", default=False)
    table.date("date")
    table.number("number", 1, least=0, most=9)
    table.number("big", 1, least=0, most=9)
    table.text("absent", required=True)
    table.finish()
    assert [(p.line, p.key) for p in table.problems] == [
        (1, "name"), (2, "flag"), (3, "date"), (5, "big"), (None, "absent"), (4, "nubmer")
    ]  # fmt: skip
    assert table.problems[-1].hint == "Did you mean number?"


def test_forms_of_values_take_bounded_time() -> None:
    began = time.monotonic()
    for address in ("." * 200_000 + "@", "a@" + "." * 200_000, "http://" + "." * 200_000):
        assert not matches(EMAIL, address)
    assert time.monotonic() - began < 1


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop.svg").symlink_to(tmp_path / "loop.svg")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path, tmp_path / "loop.svg"):
        with pytest.raises(InputError):
            read_bytes(path)
    for name in ("n" * 300, "a\x00b"):
        with pytest.raises(InputError):
            read_bytes(Path(name))
    with pytest.raises(InputError):
        read_picture(tmp_path, "loop.svg")


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(InputError, match="at most 1 MB"):
        read_text(tmp_path / "x.toml")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n", "a.png"),
        (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\1\0\0" * 2 + b"IEND....", "a.png"),
        (b"\xff\xd8\xff", "a.jpg"),
        (b"<svg", "a.svg"),
        (b"<html/>", "a.svg"),
        (b"x", "a.gif"),
    ],
)
def test_a_picture_that_is_none_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError):
        read_picture(tmp_path, name)


def test_texts_are_cleaned_and_characters_that_steer_are_named() -> None:
    assert clean_text(" \ufeffE\u0301\u200b ") == "É"
    assert control_character("a\u202eb") == "the character U+202E"
    assert control_character("a\u202eb", formats=True) is None
    assert control_character("\ud800") == "the character U+D800"
    assert control_character("a\nb", multiline=True) is None
    assert control_character("Ли\u00a0— 李 \u200f\u200d") is None
    assert shown("x" * 100).endswith("…")
