"""The letter's body, Markdown, as HTML that is safe to send."""

from collections.abc import Mapping, Sequence
from functools import cache
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


def body_html(markdown: str, pictures: Mapping[str, str]) -> str:
    """``markdown`` as HTML; ``pictures`` maps the names of pictures to their addresses.

    HTML in the text stays text. Headings begin at the second level, since the subject is
    the first. Links lead to the web or to an e-mail address, or are no links.

    Raises `LetterError` for a picture that the campaign has not, or that has no text in
    its place (alternative text, which PDF/UA-1 asks for).
    """
    return str(_parser().render(markdown, {"pictures": pictures}))


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
        """Text, its web and e-mail addresses marked: they stay whole, and run left to right."""
        text = tokens[idx].content
        parts, end = [], 0
        for match in ADDRESS.finditer(text):
            parts.append(escapeHtml(text[end : match.start()]))
            parts.append(f'<span class="verbatim" dir="ltr">{escapeHtml(match[0])}</span>')
            end = match.end()
        return "".join((*parts, escapeHtml(text[end:])))

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
