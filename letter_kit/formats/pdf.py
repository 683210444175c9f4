"""PDF/UA-1 through WeasyPrint, with the fonts of the installation and the files of the letter."""

import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from letter_kit.errors import LetterError, Problem, SetupError, TemplateError
from letter_kit.formats.fonts import INSTALL_CJK, cjk_folders, font_settings
from letter_kit.formats.html import letter_html
from letter_kit.formats.window import TOLERANCE, check_window
from letter_kit.frames import Frame
from letter_kit.layout import Layout
from letter_kit.models import Asset, Document, Letter
from letter_kit.writing import is_east_asian

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

    from letter_kit.stencils import Press, Printed

__all__ = [
    "INSTALL_LIBRARIES",
    "is_exact",
    "missing_glyph",
    "missing_libraries",
    "pdf_html",
    "render",
    "typeset",
    "warm_up",
]

_SCHEME = "letter:///"
_PDF_VARIANT = "pdf/ua-1"
_PIXELS_A_MM = 96 / 25.4
_PICTURE = re.compile(r"Failed to load image at 'letter:///([^']+)'")
_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
INSTALL_LIBRARIES = (
    "On Debian and Ubuntu: sudo apt-get install"
    " libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


def render(letter: Letter, frame: Frame, layout: Layout) -> Document:
    """The letter as a tagged PDF with embedded fonts; the same letter gives the same bytes.

    Raises `LetterError` for a character that no font has, for anything that the page asks for
    and the letter does not hold, and for an address that the envelope's window would not
    show; `SetupError` where WeasyPrint cannot start.
    """
    warm_up()  # what is missing on the machine is told before anything else
    html = pdf_html(letter, frame, layout)
    printed = _press().fill(html, letter.assets)
    if printed is None:
        printed, keep = _laid_out(html, letter, frame, layout)
        try:
            if not printed.is_sure:
                check_window(printed.content, letter, layout)
        except LetterError as exc:  # what our own frames put there is not theirs to mend
            raise (exc if frame.builtin else LetterError(exc.at(frame.path).problems)) from None
        keep()
    return Document(
        printed.content, "application/pdf", ".pdf", pages=printed.pages, filled=printed.filled
    )


def is_exact(document: Document, letter: Letter, frame: Frame, layout: Layout) -> bool:
    """Whether laying the letter out in full gives the same bytes."""
    html = pdf_html(letter, frame, layout)
    printed, _ = _laid_out(html, letter, frame, layout, afresh=True)
    return printed.content == document.content


def _laid_out(
    html: str, letter: Letter, frame: Frame, layout: Layout, afresh: bool = False
) -> tuple["Printed", Callable[[], None]]:
    """The letter laid out in full, and what keeps it as a stencil."""
    from letter_kit.stencils import Printed, Zone

    zone = None
    if layout.window:
        left, top, right, bottom = layout.safe
        edges = left - TOLERANCE, top - TOLERANCE, right + TOLERANCE, bottom + TOLERANCE
        zone = Zone(*(_PIXELS_A_MM * mm for mm in edges))
    fetcher = _fetcher(letter.assets)
    with _Complaints() as complaints:
        try:
            printed, keep = _press().lay_out(html, letter.assets, fetcher, zone, afresh)
        except MemoryError:
            raise
        except BaseException as exc:
            # What the page provokes, it provokes there too; a surprise inside WeasyPrint does not.
            if isinstance(exc, KeyboardInterrupt | SystemExit):
                raise
            content, pages = typeset(html, letter.assets, frame.path)
            return Printed(content, pages, filled=False, is_sure=False), lambda: None
    if fetcher.refused or complaints.problems:
        raise LetterError(fetcher.refused or complaints.problems)
    return printed, keep


@cache
def _press() -> "Press":
    fonts = _fonts()
    from letter_kit.stencils import Press

    return Press(fonts)


def typeset(
    html: str, assets: Mapping[str, Asset] | None = None, path: str | None = None
) -> tuple[bytes, int]:
    """The page ``html`` as a tagged PDF with embedded fonts, and how many pages it has.

    ``assets`` are the files that it may ask for, ``path`` is where its template is, for
    errors. Raises `LetterError`, `TemplateError` and `SetupError` as `render` does.
    """
    fonts = _fonts()
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    fetcher = _fetcher(assets or {})
    with _Complaints() as complaints:
        try:
            document = HTML(string=html, base_url=_SCHEME, url_fetcher=fetcher).render(
                font_config=fonts
            )
            content = document.write_pdf(finisher=_name_every_glyph, pdf_variant=_PDF_VARIANT)
        except MemoryError:
            raise
        except (Exception, FatalURLFetchingError) as exc:  # whatever the frame provokes
            if not fetcher.refused:
                raise TemplateError.of(
                    f"the page cannot be laid out: {type(exc).__name__}: {exc}"[:300],
                    path=path,
                    hint="Look at what was changed last in letter.html.j2 and letter.css.",
                ) from None
    if fetcher.refused or complaints.problems:
        raise LetterError(fetcher.refused or complaints.problems)
    return content, len(document.pages)


def pdf_html(letter: Letter, frame: Frame, layout: Layout) -> str:
    """The HTML that becomes the PDF; its pictures have addresses that only `render` knows."""
    return letter_html(letter, frame, layout, _address_of)


def _address_of(name: str, asset: Asset) -> str:
    return f"{_SCHEME}{name}"


@cache
def _fonts() -> "FontConfiguration":
    """One font configuration for the process: without it WeasyPrint leaks and is slower.

    Fontconfig reads the environment when a configuration is made, so the fonts of the
    machine never come into play.
    """
    try:
        # Where a library is missing, WeasyPrint's import prints to standard output.
        with redirect_stdout(StringIO()):
            from weasyprint.text.fonts import FontConfiguration
    except OSError as exc:
        library = str(exc).split("'")[1] if "'" in str(exc) else "Pango"
        raise SetupError.of(
            f"PDF needs the library {library}, which is not on this machine",
            hint=INSTALL_LIBRARIES,
        ) from None
    with TemporaryDirectory(prefix="letter-kit-") as folder:
        settings = Path(folder) / "fonts.conf"
        settings.write_text(font_settings(), "utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)
        return FontConfiguration()


def _name_every_glyph(document: Any, pdf: Any) -> None:
    """Give a text to glyphs that have none: PDF/UA asks for one for each.

    Where a letter and its vowel sign are two glyphs, as in Arabic, WeasyPrint gives the
    text of both to the first one, and none to the second: it becomes a zero width space.
    """
    for entry in pdf.objects:
        stream: Any = getattr(entry, "stream", ())
        for index, line in enumerate(stream):
            if isinstance(line, bytes) and line.endswith(b"> <>"):
                stream[index] = line[:-1] + b"200b>"


def missing_libraries() -> tuple[str, ...]:
    """The native libraries that WeasyPrint would use and that are not on this machine.

    Without HarfBuzz's subsetter a PDF is made all the same, of other bytes.
    """
    from ctypes import CDLL

    missing = []
    for name in _LIBRARIES if sys.platform == "linux" else ():
        try:
            CDLL(name)
        except OSError:
            missing.append(name)
    return tuple(missing)


@cache
def warm_up() -> None:
    """Import WeasyPrint, read the fonts and make a page, so that the first letter need not wait."""
    fonts = _fonts()
    from weasyprint import HTML

    page = HTML(string="<html lang=en><title>-</title><p>-")
    page.write_pdf(font_config=fonts, pdf_variant=_PDF_VARIANT)


def _fetcher(assets: Mapping[str, Asset]) -> Any:
    """A fetcher that knows the letter's own pictures and opens nothing."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class LetterFetcher(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"})
            self.refused: list[Problem] = []

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url.startswith("data:"):  # holds itself, as pictures inside an SVG do
                return super().fetch(url)
            asset = assets.get(url.removeprefix(_SCHEME)) if url.startswith(_SCHEME) else None
            if asset is None:
                self.refused.append(
                    Problem(
                        "the page asks for a file that the letter does not hold",
                        found=url[:200],
                        hint="Put the picture into the campaign's assets or beside the sender.",
                    )
                )
                raise ValueError(f"not part of the letter: {url[:200]}")
            return URLFetcherResponse(url, asset.content, {"Content-Type": asset.media_type})

    return LetterFetcher()


class _Complaints(logging.Handler):
    """What WeasyPrint only logs and a letter must not have: missing glyphs, broken pictures."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.problems: list[Problem] = []
        self._logger = logging.getLogger("weasyprint")

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            char, codepoint = record.args
            self._note(missing_glyph(str(char), int(str(codepoint))))
        elif record.levelno >= logging.ERROR:
            message = record.getMessage()
            picture = _PICTURE.search(message)
            if picture:
                self._note(
                    Problem(f"the picture {picture[1]} cannot be drawn", hint="Export it anew.")
                )
            else:
                self._note(Problem(message[:300]))

    def _note(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def __enter__(self) -> "_Complaints":
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)


def missing_glyph(char: str, codepoint: int) -> Problem:
    """What to tell of a character that no font has."""
    if is_east_asian(char) and not cjk_folders():
        return Problem(
            "the fonts for Chinese, Japanese and Korean are not installed", hint=INSTALL_CJK
        )
    return Problem(
        f"no font of the installation has the character {char} (U+{codepoint:04X})",
        hint="Write it in another way, or in Latin letters.",
    )
