"""What ships is what is tested: the wheel in a clean environment writes a letter."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, SENDER

BUILTIN = (
    "campaigns/un2020/fr.md",
    "templates/classic/letter.html.j2",
    "recipients/sample.csv",
    "languages/fr/protocol.toml",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_holds_what_the_checkout_holds(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "letter_kit", "templates", "campaigns", "recipients",
         "languages"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for file in (*tracked, *BUILTIN):
        expected = file if file.startswith("letter_kit/") else f"letter_kit/_data/{file}"
        assert expected in names


def test_the_wheel_writes_a_letter_from_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    lock = ROOT / "requirements" / "run.lock"
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True, capture_output=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True, capture_output=True)
    home = tmp_path / "home"
    home.mkdir()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(tmp_path / "venv" / "bin" / "letter-kit"), *arguments],
            cwd=home, capture_output=True, text=True, check=False,
            env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
        )  # fmt: skip

    def letter_kit(*arguments: str) -> str:
        done = run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    letter_kit(
        "write", "un2020", "--to", "sample#sample-1", "--from", str(SENDER),
        "--date", "2019-09-03", "-o", "letter.pdf",
    )  # fmt: skip
    assert (home / "letter.pdf").read_bytes().startswith(b"%PDF-1.7")
    arabic = letter_kit(
        "write", "un2020", "--lang", "ar", "--to", "sample#sample-19", "--from", str(SENDER),
        "--date", "2019-09-03", "-o", "arabic.pdf",
    )  # fmt: skip
    assert arabic == ""
    # The extra cjk is not there: one message, which names what adds it.
    chinese = run(
        "write", "un2020", "--lang", "zh", "--to", "sample#sample-1", "--from", str(SENDER),
        "--date", "2019-09-03", "-o", "chinese.pdf",
    )  # fmt: skip
    assert chinese.returncode == 2
    assert chinese.stderr.count("error") == 1
    assert "pip install 'letter-kit[cjk]'" in chinese.stderr
    assert f"{tmp_path}/venv" in letter_kit("doctor")
    assert re.search(r"^un2020 ", letter_kit("list"), re.MULTILINE)
