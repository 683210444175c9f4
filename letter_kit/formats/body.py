"""The letter's body, Markdown, as HTML that is safe to send."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from letter_kit.errors import LetterError, did_you_mean
from letter_kit.writing import ADDRESS

__all__ = ["body_html"]

_SCHEMES = {"http", "https", "mailto"}
_BINDING = ("```", "~~~", "]:", "\r")
"""Signs of what reaches over blank lines: fenced code, and addresses that links refer to."""
_BLOCK = re.compile(r"\n(?:[ \t]*\n)+(?![ \t\n]|(?:[-+*]|\d{1,9}[.)])(?:[ \t\n]|$))")
"""The blank lines before a block that begins at the margin and is no item of a list."""
_PLAIN = re.compile(r"[^\W\d_](?:[^\\`*_\[\]<>&\n]*[^\\`*_\[\]<>&\s])?")
"""One line that begins with a letter and has no sign that Markdown could take for markup."""
_LONGEST_REMEMBERED = 5_000
"""Characters of a block that is kept with its HTML."""
_LONGEST_BODY_REMEMBERED = 8_000


def body_html(markdown: str, pictures: Mapping[str, str]) -> str:
    """``markdown`` as HTML; ``pictures`` maps the names of pictures to their addresses.

    HTML in the text stays text. Headings begin at the second level, since the subject is
    the first. Links lead to the web or to an e-mail address, or are no links. Blocks are
    rendered one by one where none of them can depend on another, since most are the same
    in many letters.

    Raises `LetterError` for a picture that the campaign has not, or that has no text in
    its place (alternative text, which PDF/UA-1 asks for).
    """
    if "![" not in markdown and len(markdown) <= _LONGEST_BODY_REMEMBERED:
        return _remembered_body(markdown)
    return _body_html(markdown, pictures)


@lru_cache(maxsize=768)
def _remembered_body(markdown: str) -> str:
    return _body_html(markdown, {})


def _body_html(markdown: str, pictures: Mapping[str, str]) -> str:
    if any(sign in markdown for sign in _BINDING):
        return _rendered(markdown, pictures)
    return "".join([_block_html(block, pictures) for block in _BLOCK.split(markdown)])


def _block_html(block: str, pictures: Mapping[str, str]) -> str:
    """A block, or several that belong together such as the items of a list."""
    if "![" in block or len(block) > _LONGEST_REMEMBERED:
        return _rendered(block, pictures)
    return _remembered(block)


@lru_cache(maxsize=512)
def _remembered(block: str) -> str:
    if _PLAIN.fullmatch(block):
        return f"<p>{_text_html(block)}</p>\n"
    return _rendered(block, {})


def _rendered(markdown: str, pictures: Mapping[str, str]) -> str:
    return str(_parser().render(markdown, {"pictures": pictures}))


def _text_html(text: str) -> str:
    """Text, its web and e-mail addresses marked: they stay whole, and run left to right."""
    parts, end = [], 0
    for match in ADDRESS.finditer(text):
        parts.append(escapeHtml(text[end : match.start()]))
        parts.append(f'<span class="verbatim" dir="ltr">{escapeHtml(match[0])}</span>')
        end = match.end()
    return "".join((*parts, escapeHtml(text[end:])))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    # An instance attribute, as markdown-it-py documents it for security policies.
    parser.validateLink = _is_safe  # type: ignore[method-assign]  # as documented
    parser.core.ruler.push("lower_headings", _lower_headings)
    return parser


def _is_safe(url: str) -> bool:
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return False
    # A picture's name passes here; a link to one is taken off again by the renderer.
    return scheme in _SCHEMES or (url.startswith("assets/") and ".." not in url)


def _lower_headings(state: Any) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


class _Renderer(RendererHTML):
    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _text_html(tokens[idx].content)

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        token.attrs.pop("title", None)
        if str(token.attrGet("href")).startswith("assets/"):
            token.attrs.pop("href")
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        name = str(token.attrGet("src"))
        pictures = env["pictures"]
        if name not in pictures:
            raise LetterError.of(
                f"the campaign has no picture {name}", hint=did_you_mean(name, pictures)
            )
        if not token.content.strip():
            raise LetterError.of(
                f"the picture {name} has no text for those who cannot see it",
                expected=f"![what it shows]({name})",
            )
        token.attrSet("src", pictures[name])
        return super().image(tokens, idx, options, env)
