"""The ways of making a PDF of a letter that the benchmark compares, each in a process of its own.

    python benchmarks/peers/ways.py NAME LETTERS.json LIST.csv FOLDER

Each starts by what its first letter would else wait for: imports, fonts, a first page.
Reads ``begin end`` on its standard input, makes those letters, writes their files into FOLDER,
and answers with the seconds that took and the bytes that it wrote. A letter comes merged: peers
are not charged for the merging, only `letter-kit, merging too` is.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

Make = Callable[[int], bytes]


def letter_kit(letters: Sequence[dict[str, Any]], people: Path) -> Make:
    """From the recipient to the file: protocol, merging, typography, page, PDF/UA."""
    from merged import mailing_of
    from merged import people as read

    from letter_kit import DirectWorker
    from letter_kit.formats.pdf import warm_up
    from letter_kit.letters import write_letters

    mailing, worker = mailing_of("pdf"), DirectWorker()
    recipients = read(mailing, people)
    warm_up()
    return lambda n: write_letters(mailing, recipients[n], worker=worker)[0].document.content


def letter_kit_merged(letters: Sequence[dict[str, Any]], people: Path) -> Make:
    """From the merged letter to the file."""
    from merged import mailing_of, merged_letters

    from letter_kit.formats import pdf
    from letter_kit.layout import layout

    mailing = mailing_of("markdown")
    ready = list(merged_letters(mailing, people))
    page = layout(str(mailing.layout))
    pdf.warm_up()
    return lambda n: pdf.render(ready[n], mailing.frame, page).content


def weasyprint(letters: Sequence[dict[str, Any]], people: Path, shared: bool = False) -> Make:
    """WeasyPrint in a loop, with letter-kit's fonts."""
    from letter_kit.formats.fonts import font_settings

    settings = people.with_name("fonts.conf")
    settings.write_text(font_settings(), "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(settings)
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration() if shared else None
    base = people.parent.as_uri() + "/"
    HTML(string="<html lang=en><title>-</title><p>-").write_pdf(pdf_variant="pdf/ua-1")

    def make(n: int) -> bytes:
        html = HTML(string=letters[n]["html"], base_url=base)
        content = html.write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
        assert isinstance(content, bytes)
        return content

    return make


def weasyprint_shared(letters: Sequence[dict[str, Any]], people: Path) -> Make:
    """The same, with one FontConfiguration for all."""
    return weasyprint(letters, people, shared=True)


def typst(letters: Sequence[dict[str, Any]], people: Path) -> Make:
    """Typst, one compiler kept, tagged as PDF/UA-1."""
    os.environ["RAYON_NUM_THREADS"] = "1"
    import typst

    source = shutil.copy(HERE / "letter.typ", people.with_name("letter.typ"))
    fonts = HERE.parent.parent / "letter_kit" / "fonts"
    compiler = typst.Compiler(source, font_paths=[str(fonts)], ignore_system_fonts=True)
    said = [json.dumps({key: it for key, it in one.items() if key != "html"}) for one in letters]

    def make(n: int) -> bytes:
        content = compiler.compile(
            format="pdf", sys_inputs={"letter": said[n]}, pdf_standards=["ua-1"]
        )
        assert isinstance(content, bytes)
        return content

    make(0)
    return make


def _command(letters: Sequence[dict[str, Any]], people: Path, *command: str, suffix: str) -> Make:
    """One process a letter, which makes ``page.pdf`` of ``page`` with that suffix."""
    page = people.with_name(f"page{suffix}")
    made = people.with_name("page.pdf")

    def make(n: int) -> bytes:
        key = "html" if suffix == ".html" else "markdown"
        page.write_text(letters[n][key], "utf-8")
        subprocess.run(
            [part.format(page=page, pdf=made) for part in command],
            check=True, capture_output=True, cwd=people.parent,
        )  # fmt: skip
        return made.read_bytes()

    return make


def chromium(letters: Sequence[dict[str, Any]], people: Path) -> Make:
    """Chromium without a window."""
    return _command(
        letters, people, _first("chromium", "chromium-browser", "google-chrome"), "--headless",
        "--no-sandbox", "--no-pdf-header-footer", "--print-to-pdf={pdf}", "{page}",
        suffix=".html",
    )  # fmt: skip


def libreoffice(letters: Sequence[dict[str, Any]], people: Path) -> Make:
    """LibreOffice without a window."""
    return _command(
        letters, people, _first("soffice", "libreoffice"), "--headless", "--convert-to", "pdf",
        "--outdir", str(people.parent), "{page}", suffix=".html",
    )  # fmt: skip


def pandoc(letters: Sequence[dict[str, Any]], people: Path) -> Make:
    """Pandoc with XeLaTeX: the text alone, without letterhead and window."""
    return _command(
        letters, people, "pandoc", "--pdf-engine=xelatex", "{page}", "-o", "{pdf}", suffix=".md"
    )


def _first(*names: str) -> str:
    return next((name for name in names if shutil.which(name)), "")


WAYS: dict[str, Callable[..., Make]] = {
    "letter-kit": letter_kit_merged,
    "letter-kit, merging too": letter_kit,
    "WeasyPrint in a loop": weasyprint,
    "WeasyPrint, shared fonts": weasyprint_shared,
    "Typst, one compiler": typst,
    "Chromium, a process a letter": chromium,
    "LibreOffice, a process a letter": libreoffice,
    "pandoc with XeLaTeX": pandoc,
}
SLOW = ("Chromium", "LibreOffice", "pandoc")
"""What takes so long that a few letters must do."""


def is_here(name: str) -> bool:
    """Whether what a way needs is installed."""
    if name.startswith("Typst"):
        return find_spec("typst") is not None
    if name.startswith("Chromium"):
        return bool(_first("chromium", "chromium-browser", "google-chrome"))
    if name.startswith("LibreOffice"):
        return bool(_first("soffice", "libreoffice"))
    return not name.startswith("pandoc") or bool(_first("pandoc") and _first("xelatex"))


def main(name: str, letters: str, people: str, folder: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        make = WAYS[name](json.loads(Path(letters).read_text("utf-8")), Path(people))
    print("ready", flush=True)
    for line in sys.stdin:
        begin, end = map(int, line.split())
        written = 0
        began = time.perf_counter()
        for number in range(begin, end):
            content = make(number)
            Path(folder, f"{number:06}.pdf").write_bytes(content)
            written += len(content)
        print(time.perf_counter() - began, written, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
