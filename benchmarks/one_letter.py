"""One letter from the command line, from start to end, against what it is made of.

Times of whole processes, taken in turn so that a noisy machine treats all alike; the
ratios are what counts.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from letter_kit import load_campaign, load_sender, recipient_from_values, write_letter
from letter_kit.formats.fonts import FONTS
from letter_kit.frames import load_frame
from letter_kit.layout import layout
from letter_kit.models import Letter

ROOT = Path(__file__).parent.parent
SENDER = ROOT / "examples" / "sender.toml"
PERSON = {"office": "foreign_minister", "country": "SN", "gender": "f"}
ROUNDS = 15


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        page, plain = Path(folder) / "letter.html", Path(folder) / "plain.html"
        html = html_of_the_pdf(Path(folder))
        plain.write_text(html, "utf-8")
        page.write_text(html.replace("<style>", f"<style>{font_faces()}", 1), "utf-8")
        weasyprint = [sys.executable, "-m", "weasyprint", "-q", "--pdf-variant", "pdf/ua-1"]
        write = [sys.executable, "-m", "letter_kit", "write", "un2020", "--lang", "fr"]
        write += ["--from", str(SENDER), "--date", "2019-09-03"]
        write += [
            part for key, value in PERSON.items() for part in ("--set", f"recipient.{key}={value}")
        ]
        commands = {
            "Markdown, letter-kit": [*write, "--format", "markdown"],
            "HTML, letter-kit": [*write, "--format", "html"],
            "PDF, letter-kit": [*write, "--format", "pdf"],
            "PDF, weasyprint, same HTML": [*weasyprint, str(page), "-"],
            "PDF, weasyprint, machine's fonts": [*weasyprint, str(plain), "-"],
            "importing click, jinja2 and babel": [
                sys.executable, "-c", "import click, jinja2.sandbox, babel.dates",
            ],
        }  # fmt: skip
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(seconds(command))
    print(f"{'':34} {'least':>8} {'median':>8}   s, {ROUNDS} rounds in turn")
    for name, taken in times.items():
        print(f"{name:34} {min(taken):8.3f} {statistics.median(taken):8.3f}")
    print()
    ours = times["PDF, letter-kit"]
    for name in ("PDF, weasyprint, same HTML", "PDF, weasyprint, machine's fonts"):
        ratio = statistics.median(a / b for a, b in zip(ours, times[name], strict=True))
        print(f"letter-kit takes {ratio:.2f} times what this takes: {name}")


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - began


def html_of_the_pdf(folder: Path) -> str:
    """The HTML that letter-kit hands to WeasyPrint, its pictures as files."""
    written = write_letter(
        load_campaign("un2020"),
        recipient_from_values(PERSON),
        load_sender(SENDER),
        language="fr",
        format="html",
    )
    return page_html(written.letter, folder)


def font_faces() -> str:
    """The fonts of the installation for a command that does not know them."""
    return "".join(
        f'@font-face{{font-family:"Source Serif 4";font-weight:{weight};'
        f"src:url({(FONTS / f'SourceSerif4-{face}.ttf').as_uri()})}}"
        for face, weight in (("Regular", 400), ("Semibold", 600))
    )


def page_html(letter: Letter, folder: Path) -> str:
    from letter_kit.formats.html import letter_html

    def save(name: str, asset: object) -> str:
        path = folder / name.replace("/", "-")
        path = path.with_suffix(".svg")
        path.write_bytes(letter.assets[name].content)
        return path.as_uri()

    return letter_html(letter, load_frame("classic"), layout("nf-z11-001"), save)


if __name__ == "__main__":
    main()
