"""A letter's page shows what the letter holds, and nothing that lies elsewhere.

What a frame names outside itself would be fetched by whoever opens the letter, which tells
on them, or be missing. A frame that did not ship with letter-kit is read as it is written,
for messages with a line, and each page made with it as it came out.
"""

import re
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser

from letter_kit.errors import Problem, TemplateError
from letter_kit.frames import Frame

__all__ = ["check_frame", "check_page"]

_EMBEDDING = {"src", "srcset", "data", "poster", "background", "action", "formaction"}
_FORBIDDEN = {"script", "iframe", "object", "embed", "link", "base", "form", "frame"}
_LOCAL = re.compile(r"\s*(?:data:image/|letter:///|#|$)")
_FOLLOWED = re.compile(r"\s*(?:https?://|mailto:|#)")
_JINJA = re.compile(r"\s*(?:\{\{|\{%)")
_WRITTEN_PLAINLY = re.compile(
    r"""<(?: (?P<start>[a-zA-Z][a-zA-Z0-9]*) (?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)* \s* /?
         | /[a-zA-Z][a-zA-Z0-9]*
         | !DOCTYPE\ html )>""",
    re.VERBOSE,
)
"""A tag that ends where it seems to: any parser takes it apart as the next one does."""
_LONGEST_REMEMBERED = 20_000
"""Characters of a tag, or of a style sheet, that is kept with its problems."""
# Letters written as escapes would hide the words that are looked for.
_CSS_ELSEWHERE = re.compile(
    r"@import|@color-profile|image-set|\bsrc\(|url\(\s*[\"']?(?!data:|#|\{\{)"
    r"|\\0{0,4}(?:4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])(?![0-9a-f])|\\[g-z]",
    re.IGNORECASE,
)


def check_frame(frame: Frame) -> None:
    """Raise `TemplateError` with each thing of the frame that lies elsewhere, by line."""
    if not frame.builtin:
        problems = _problems(frame)
        if problems:
            raise TemplateError(problems)


def check_page(frame: Frame, html: str) -> None:
    """Raise `TemplateError` with each thing of a finished page that lies elsewhere.

    Tags are looked at one by one where all of them are written plainly, since most are the
    same on many pages; else the page is read as a whole.
    """
    if not frame.builtin:
        path = f"{frame.path}/letter.html.j2"
        pieces = _tags_and_styles(html)
        if pieces is None:
            problems = _read(html, path)
        else:
            problems = tuple([p for piece in pieces for p in _problems_of(piece, path)])
        if problems:
            raise TemplateError(replace(problem, line=None) for problem in problems)


def _tags_and_styles(html: str) -> list[str] | None:
    """Every start tag, and every style sheet with its own; ``None`` where one is written oddly."""
    pieces = []
    at = html.find("<")
    while at >= 0:
        match = _WRITTEN_PLAINLY.match(html, at)
        if match is None:
            return None
        end = match.end()
        element = (match["start"] or "").lower()
        if element == "style":
            end = html.find("</", end) + len("</style>")
            if html[end - len("</style>") : end] != "</style>":
                return None
        elif element == "script":  # what it holds is read in another way
            return None
        if element:
            pieces.append(html[at:end])
        at = html.find("<", end)
    return pieces


def _problems_of(piece: str, path: str) -> tuple[Problem, ...]:
    return _read(piece, path) if len(piece) > _LONGEST_REMEMBERED else _remembered(piece, path)


@lru_cache(maxsize=512)
def _remembered(piece: str, path: str) -> tuple[Problem, ...]:
    return _read(piece, path)


def _read(html: str, path: str) -> tuple[Problem, ...]:
    reader = _Reader(path, finished=True)
    reader.feed(html)
    return tuple(reader.problems)


@lru_cache(maxsize=16)
def _problems(frame: Frame) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for name, text in sorted(frame.files.items()):
        if name.startswith("builtin:"):
            continue
        where = f"{frame.path}/{name}"
        if name.endswith(".css"):
            found += _in_css(text, where, 1)
        elif ".html" in name:
            reader = _Reader(where)
            reader.feed(text)
            found += reader.problems
    return tuple(found)


def _in_css(css: str, path: str, first_line: int) -> list[Problem]:
    return [
        Problem(
            "the style sheet uses what lies outside the letter",
            path=path,
            line=first_line + css.count("\n", 0, match.start()),
            found=css[match.start() : match.start() + 40].split("\n", maxsplit=1)[0],
            hint="Put it into the sheet, as a data: address, or do without.",
        )
        for match in _CSS_ELSEWHERE.finditer(css)
    ]


class _Reader(HTMLParser):
    def __init__(self, path: str, *, finished: bool = False) -> None:
        super().__init__()
        self.path = path
        self._finished = finished
        self.problems: list[Problem] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in _FORBIDDEN:
            self._report(f"a letter cannot hold the element <{tag}>", None)
        for name, raw in attrs:
            value = raw or ""
            if not self._finished and _JINJA.match(value):
                continue  # seen again when the page is finished
            embeds = name in _EMBEDDING or (name.endswith("href") and tag not in {"a", "area"})
            pieces = value.split(",") if name == "srcset" else [value]
            if embeds and not all(_LOCAL.match(piece) for piece in pieces):
                self._report("the frame shows what lies outside the letter", f'{name}="{value}"')
            elif name == "href" and not embeds and not _FOLLOWED.match(value):
                self._report("a link must lead to the web or an address", f'href="{value}"')
            elif name.startswith("on"):
                self._report("a letter cannot hold scripts", f'{name}="{value}"')
            elif name == "style":
                self.problems += _in_css(value, self.path, self.getpos()[0])
            elif name == "http-equiv" and value.lower() != "content-security-policy":
                self._report("a letter cannot lead its reader elsewhere", f'{name}="{value}"')

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.problems += _in_css(data, self.path, self.getpos()[0])

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def _report(self, message: str, found: str | None) -> None:
        self.problems.append(
            Problem(
                message,
                path=self.path,
                line=self.getpos()[0],
                found=found and found[:60],
                hint="Pictures come from the campaign's assets and the sender: {{ pictures[…] }}.",
            )
        )
