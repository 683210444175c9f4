"""What many tests need: the campaign, a sender, a worker, and the command line."""

import datetime as dt
import io
import re
import shutil
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest

from letter_kit import Campaign, GuardedWorker, Sender, load_campaign, load_sender
from letter_kit.cli import main

ROOT = Path(__file__).parent.parent
DATE = dt.date(2019, 9, 3)
SENDER = ROOT / "examples" / "sender.toml"


@pytest.fixture(scope="session")
def un2020() -> Campaign:
    return load_campaign(ROOT / "campaigns" / "un2020")


@pytest.fixture(scope="session")
def sender() -> Sender:
    return load_sender(SENDER)


@pytest.fixture(scope="session")
def worker() -> Iterator[GuardedWorker]:
    with GuardedWorker() as guarded:
        yield guarded


@pytest.fixture
def own_campaign(tmp_path: Path) -> Path:
    """A copy of the campaign un2020, in two languages, that a test may change."""
    folder = tmp_path / "own"
    others = shutil.ignore_patterns("es.md", "ru.md", "ar.md", "zh.md")
    shutil.copytree(ROOT / "campaigns" / "un2020", folder, ignore=others)
    return folder


@dataclass
class Outcome:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str
    raw: bytes


class _Output(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def content(self) -> bytes:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Outcome]:
    """Run ``letter-kit`` in this process, in an empty folder."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)

    def call(*arguments: object, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with _Output() as out, _Output() as err:
            with redirect_stdout(out), redirect_stderr(err):
                code = main([str(argument) for argument in arguments])
            raw = out.content()
            outcome = Outcome(code, raw.decode(errors="replace"), err.content().decode(), raw)
        assert "Traceback" not in outcome.err
        return outcome

    return call


def pdf_text(content: bytes) -> str:
    """The text of a PDF, page after page, its spaces and line ends made one space."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return " ".join(" ".join(pages).split())


def pdf_objects(content: bytes) -> str:
    """The objects of a PDF as text, those in compressed object streams too."""
    parts = [content]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with suppress(zlib.error):  # pictures and fonts may be packed in other ways
            parts.append(zlib.decompress(match[1]))
    return b"\n".join(parts).decode("latin-1")
