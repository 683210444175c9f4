"""The archive of a run: whole, the same each time, and nothing that leads out of it."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from letter_kit import InputError, SetupError, zip_files


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[str, Path]]:
    folder = tmp_path / "run"
    folder.mkdir()
    found = []
    for name, content in (
        ("00002-KE-Zoë.pdf", b"%PDF-1.7 " + bytes(range(256)) * 9),
        ("00001-SN-Мария-王.md", b"Madame la Ministre\n" * 99),
        ("manifest.csv", b"row,file\n"),
    ):
        path = folder / name
        path.write_bytes(content)
        found.append((f"letters/{name}", path))
    return found


def test_every_file_is_in_it_under_its_name_and_in_its_order(
    tmp_path: Path, files: list[tuple[str, Path]]
) -> None:
    out = tmp_path / "run.zip"
    assert zip_files(iter(files), out) == 3
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [name for name, _ in files]
        for name, path in files:
            assert archive.read(name) == path.read_bytes()


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(
    tmp_path: Path, files: list[tuple[str, Path]]
) -> None:
    zip_files(files, tmp_path / "a.zip")
    for _, path in files:
        os.utime(path, (0, 0))
        path.chmod(0o600)
    zip_files(files, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert stat.filemode(entry.external_attr >> 16) == "-rw-r--r--"


def test_what_is_packed_already_is_stored(tmp_path: Path, files: list[tuple[str, Path]]) -> None:
    zip_files(files, tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        pdf, text, _ = archive.infolist()
    assert pdf.compress_type == zipfile.ZIP_STORED
    assert text.compress_size < text.file_size / 5


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../x", "a/../../x", "C:\\x", "C:/x", "a\\..\\x", "", ".", "a\nb", "a\x00b"],
)
def test_a_name_that_leads_out_of_the_archive_is_refused(
    tmp_path: Path, files: list[tuple[str, Path]], name: str
) -> None:
    with pytest.raises(InputError, match="cannot stand in an archive"):
        zip_files([files[0], (name, files[1][1])], tmp_path / "run.zip")
    assert not (tmp_path / "run.zip").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_ledger_and_unfinished_files_are_left_out(
    tmp_path: Path, files: list[tuple[str, Path]]
) -> None:
    hidden = tmp_path / "run" / ".letter-kit.sqlite3"
    hidden.write_bytes(b"SQLite")
    entries = [*files, (hidden.name, hidden), ("ledger", hidden), (".git/x", files[0][1])]
    assert zip_files(entries, tmp_path / "run.zip") == 3


def test_two_files_of_one_name_are_told(tmp_path: Path, files: list[tuple[str, Path]]) -> None:
    with pytest.raises(InputError, match="the same name"):
        zip_files([("A.pdf", files[0][1]), ("a.pdf", files[1][1])], tmp_path / "run.zip")


def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(
    tmp_path: Path, files: list[tuple[str, Path]]
) -> None:
    with pytest.raises(InputError, match=r"gone\.pdf: the file cannot be read"):
        zip_files([files[0], ("x.pdf", tmp_path / "gone.pdf")], tmp_path / "run.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_archive_that_is_there_stays_unless_it_may_be_replaced(
    tmp_path: Path, files: list[tuple[str, Path]]
) -> None:
    out = tmp_path / "run.zip"
    out.write_text("mine")
    with pytest.raises(InputError, match="already"):
        zip_files(files, out)
    assert out.read_text() == "mine"
    zip_files(files, out, force=True)
    assert zipfile.is_zipfile(out)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, files: list[tuple[str, Path]]) -> None:
    with pytest.raises(SetupError, match="there is no folder"):
        zip_files(files, tmp_path / "no" / "run.zip")


def test_there_may_be_more_files_than_the_old_format_knew(
    tmp_path: Path, files: list[tuple[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)  # 65,535 take their time
    out = tmp_path / "many.zip"
    assert zip_files(files, out) == 3
    assert b"PK\x06\x06" in out.read_bytes()  # the end of an archive in ZIP64
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None


def test_a_folder_is_no_file_of_an_archive(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        zip_files([("run", tmp_path)], tmp_path / "run.zip")
    assert not list(tmp_path.iterdir())
