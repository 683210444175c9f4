"""Files are written whole or not at all, under names that stay in their folder."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letter_kit import InputError, SetupError
from letter_kit.output import safe_name, spreadsheet_cell, write_file


def test_a_file_is_written_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_file(path, b"x")
    assert path.read_bytes() == b"x"
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_nothing_is_written_over_without_force(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(InputError, match="--force"):
        write_file(path, b"new")
    write_file(path, b"new", force=True)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_fault_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, code: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    if failing == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    elif failing == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    else:
        monkeypatch.setattr(os, "open", fail)
    with pytest.raises(SetupError) as caught:
        write_file(path, b"new", force=True)
    assert caught.value.problems[0].hint
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("Ministère des Affaires étrangères", "Ministère-des-Affaires-étrangères"),
        ("a/b\\c:d*e?f", "a-b-c-d-e-f"),
        ("", "letter"),
        ("...", "letter"),
        ("CON", "_CON"),
        ("com1.tar", "_com1.tar"),
        ("x" * 400, "x" * 150),
        ("é" * 400, "é" * 75),
    ],
)
def test_names_are_safe(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text())
def test_any_name_stays_in_its_folder(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode()) <= 151
    assert Path("/base", name).parent == Path("/base")
    assert name not in {".", ".."}
    assert not set(name) & set('/\\:*?"<>|\x00\n\r\t')
    assert name == name.strip(". ")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert spreadsheet_cell(text) == f"'{text}"
    assert spreadsheet_cell("plain") == "plain"
