"""What the README shows works as it stands."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from letter_kit import load_campaign

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^( *)```(\w*)\n(.*?)^ *```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line
    for _, kind, block in BLOCKS
    if kind == "sh"
    for line in block.replace("\\\n", " ").splitlines()
    if line.strip().startswith("letter-kit ") and "list.csv" not in line
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder of one's own, begun as the README says."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_works(project: Path, command: str) -> None:
    words = shlex.split(re.sub(r"\s#.*", "", command))[1:]
    done = subprocess.run(
        [sys.executable, "-m", "letter_kit", *words], cwd=project, capture_output=True, check=False
    )
    said = re.sub(rb"\d+ of \d+ rows, .* left\n", b"", done.stderr)  # on a slow machine
    assert (done.returncode, said) == (0, b"")


def test_the_python_example_works(project: Path) -> None:
    (code,) = [block for _, kind, block in BLOCKS if kind == "python"]
    subprocess.run([sys.executable, "-c", code], cwd=project, check=True)
    assert (project / "letter.pdf").read_bytes().startswith(b"%PDF")


def test_the_files_shown_can_be_read(project: Path) -> None:
    tomls = [block for _, kind, block in BLOCKS if kind == "toml"]
    assert len(tomls) == 2
    for name, text in zip(("sender.toml", "minister.toml"), tomls, strict=True):
        plain = re.sub(r"^   ", "", text, flags=re.MULTILINE)
        path = project / "examples" / name
        path.write_text(plain.replace("signature.png", "signature-dupont.svg"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "letter_kit", "write", "un2020", "--date", "2019-09-03",
         "--to", "examples/minister.toml", "--from", "examples/sender.toml"],
        cwd=project, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Ministère des Affaires étrangères" in done.stdout.decode()


def test_a_campaign_is_added_as_described(project: Path) -> None:
    folder = project / "campaigns" / "rivers"
    shutil.copytree(ROOT / "campaigns" / "un2020", folder)
    facts = folder / "campaign.toml"
    facts.write_text(facts.read_text("utf-8").replace('"un2020"', '"rivers"'), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "letter_kit", "check", "rivers", "--strict"],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "rivers: good\n")
    assert load_campaign(folder).id == "rivers"


def test_every_link_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
            if not target.startswith("http") and "assets/" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
