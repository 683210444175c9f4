"""A campaign's text in one language, merged: subject, asks, thanks, body."""

import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter

from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import TemplateError as JinjaError
from markupsafe import Markup

from letter_kit.context import MergeContext
from letter_kit.errors import Problem, TemplateError, did_you_mean
from letter_kit.language import language, typeset
from letter_kit.merging.environment import TextEnvironment
from letter_kit.merging.escaping import escape_markdown, plain
from letter_kit.merging.finishing import finished_body, stray_in
from letter_kit.merging.merged import MergedText
from letter_kit.merging.names import unknown_names
from letter_kit.merging.parts import Passage, parted
from letter_kit.merging.rendering import PartedTemplate, TooLong
from letter_kit.models import CampaignText, ChosenAsk

__all__ = ["LONGEST_TEXT", "check_text", "merge_text", "template_problem"]

LONGEST_TEXT = 100_000
"""Characters that a letter may have; a page holds about 3,000."""

_LONGEST_TEMPLATE = 200_000
_ASKS = ("asks", "thanks")
_FIELDS = tuple(field.name for field in fields(MergeContext))
_VALUES = attrgetter(*_FIELDS)
_SYNTAX_HINTS = {
    "No filter named": "docs/merge-fields.md lists the filters there are.",
    "“": 'Between braces, texts stand in straight quotes: "…".',
    "”": 'Between braces, texts stand in straight quotes: "…".',
    "unexpected '}'": "A field ends with two braces: {{ field }}.",
    "unexpected end of template": "A {% for %} or {% if %} above is never closed.",
}


def merge_text(
    text: CampaignText,
    context: MergeContext,
    chosen: Sequence[ChosenAsk],
    extra: Mapping[str, Collection[str]],
) -> MergedText:
    """Merge ``text`` with ``context``; ``chosen`` are the letter's asks.

    ``extra`` holds the names of the campaign's own fields by owner. No value is rendered
    as a template, and every value is escaped for Markdown.

    Raises `TemplateError` with file and line.
    """
    pieces = _Pieces(text, context.language, extra)
    values = dict(zip(_FIELDS, _VALUES(context), strict=True))
    asks = pieces.asks("asks", [ask.id for ask in chosen if ask.stance == "ask"], values)
    thanks = pieces.asks("thanks", [ask.id for ask in chosen if ask.stance == "thank"], values)
    subject_line = text.lines.get("subject", 1)
    subject = pieces.render(pieces.subject(), values, subject_line)
    filled = {**values, "asks": asks, "thanks": thanks}
    body = pieces.render(pieces.body(), filled, text.body_line)
    spoken = language(context.language)
    finished, stray_in_body = finished_body(body, spoken)
    for stray, line in ((stray_in(subject), subject_line), (stray_in_body, text.body_line)):
        if stray:
            raise TemplateError.of(f"the text has {stray} in it", path=text.path, line=line)
    return MergedText(typeset(" ".join(subject.split()), spoken), finished)


def check_text(text: CampaignText, extra: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """The problems of every template in ``text`` that show without a recipient."""
    pieces = _Pieces(text, text.language, extra)
    compilers = [pieces.subject, pieces.body]
    compilers += [lambda i=i: pieces.compiled_ask("asks", i) for i in text.asks]  # type: ignore[misc]
    compilers += [lambda i=i: pieces.compiled_ask("thanks", i) for i in text.thanks]  # type: ignore[misc]
    for compiler in compilers:
        try:
            compiler()
        except TemplateError as exc:
            yield from exc.problems


class _Pieces:
    """The templates of one text, compiled when they are needed."""

    def __init__(
        self, text: CampaignText, language: str, extra: Mapping[str, Collection[str]]
    ) -> None:
        self.text = text
        self.language = language
        self.extra = tuple((owner, tuple(names)) for owner, names in extra.items())

    def subject(self) -> PartedTemplate:
        return self._compiled(self.text.subject, self.text.lines.get("subject", 1), False, _ASKS)

    def body(self) -> PartedTemplate:
        return self._compiled(self.text.body, self.text.body_line, True, ())

    def compiled_ask(self, group: str, ask_id: str) -> PartedTemplate:
        texts = self.text.asks if group == "asks" else self.text.thanks
        line = self.text.lines.get(f"{group}.{ask_id}", 1)
        if ask_id not in texts:
            raise TemplateError.of(
                f"the ask {ask_id} has no text of thanks in this language",
                path=self.text.path,
                key=f"{group}.{ask_id}",
                hint=f"Add it under [{group}], or ask for it instead.",
            )
        return self._compiled(texts[ask_id], line, True, _ASKS)

    def asks(
        self, group: str, ids: Sequence[str], values: Mapping[str, object]
    ) -> tuple[Markup, ...]:
        texts = self.text.asks if group == "asks" else self.text.thanks
        marked = _marked(tuple([texts.get(ask_id, "{") for ask_id in ids]))
        if marked is not None:
            return marked
        return tuple([self._ask(group, ask_id, values) for ask_id in ids])

    def _ask(self, group: str, ask_id: str, values: Mapping[str, object]) -> Markup:
        line = self.text.lines.get(f"{group}.{ask_id}", 1)
        return Markup(self.render(self.compiled_ask(group, ask_id), values, line).strip())

    def render(
        self, template: PartedTemplate, values: Mapping[str, object], first_line: int
    ) -> str:
        try:
            return template.render(values, LONGEST_TEXT)
        except TooLong:
            raise TemplateError.of(
                "the letter grows too long",
                path=self.text.path,
                line=first_line,
                expected=f"at most {LONGEST_TEXT:,} characters",
                hint="Look for a loop that repeats too often.",
            ) from None
        except (MemoryError, TemplateError):
            raise
        except Exception as exc:  # whatever a template provokes is the template's error
            raise TemplateError([template_problem(exc, self.text.path, first_line)]) from None

    def _compiled(
        self, source: str, first_line: int, markdown: bool, withheld: tuple[str, ...]
    ) -> PartedTemplate:
        return _compile(
            source, first_line, self.text.path, self.language, markdown, withheld, self.extra
        )


@lru_cache(maxsize=256)
def _marked(texts: tuple[str, ...]) -> tuple[Markup, ...] | None:
    """Texts in which nothing is to be merged, as most are; the same texts as the same object."""
    return None if any("{" in text for text in texts) else tuple(map(Markup, texts))


@lru_cache(maxsize=256)
def _compile(
    source: str,
    first_line: int,
    path: str,
    language: str,
    markdown: bool,
    withheld: tuple[str, ...],
    extra: tuple[tuple[str, tuple[str, ...]], ...],
) -> PartedTemplate:
    if len(source) > _LONGEST_TEMPLATE:
        raise TemplateError.of(
            "the text is too long",
            path=path,
            line=first_line,
            expected=f"at most {_LONGEST_TEMPLATE:,} characters",
            found=f"{len(source):,}",
        )
    environment = _environment(language, markdown)
    # Empty lines before the text give its lines the numbers that they have in the file.
    placed = "\n" * (first_line - 1) + source
    try:
        tree = environment.parse(placed, path, path)
        unknown = list(unknown_names(tree, dict(extra), withheld))
        template = parted(environment, [Passage(tree.body, path, path)], frozenset(_FIELDS))
    except MemoryError:
        raise
    except Exception as exc:  # a parser that gives up in its own way is still the text's error
        raise TemplateError([template_problem(exc, path, first_line)]) from None
    problems = [
        Problem(
            f"{name.name} does not exist",
            path=path,
            line=name.line,
            hint=did_you_mean(name.name, name.known),
        )
        for name in unknown
    ]
    if problems:
        raise TemplateError(problems)
    return template


@lru_cache(maxsize=32)
def _environment(language: str, markdown: bool) -> TextEnvironment:
    return TextEnvironment(escape_markdown if markdown else plain, language)


def template_problem(exc: Exception, path: str, first_line: int) -> Problem:
    """What went wrong in a template, with the line of the template's file."""
    if isinstance(exc, TemplateSyntaxError):
        message = exc.message or "the template cannot be read"
        hint = next(
            (hint for sign, hint in _SYNTAX_HINTS.items() if sign in message),
            "{{ … }} prints a field, {% if … %} … {% endif %} chooses, {# … #} is a comment.",
        )
        return Problem(_sentence(message), path=path, line=exc.lineno, hint=hint)
    line = _line_in(exc, path) or first_line
    if isinstance(exc, RecursionError | SyntaxError):
        return Problem("the template is nested too deeply", path=path, line=line)
    if isinstance(exc, UndefinedError | SecurityError | JinjaError | TypeError):
        message = str(exc)
        if "no loader" in message:
            message = "a campaign's text cannot include or extend another file"
        return Problem(_sentence(message), path=path, line=line)
    return Problem(f"the expression fails: {type(exc).__name__}: {exc}"[:300], path=path, line=line)


def _line_in(exc: Exception, path: str) -> int | None:
    lines = [
        frame.lineno for frame in traceback.extract_tb(exc.__traceback__) if frame.filename == path
    ]
    return lines[-1] if lines else None


def _sentence(message: str) -> str:
    text = " ".join(message.split()).rstrip(".")
    return text[:1].lower() + text[1:300]
