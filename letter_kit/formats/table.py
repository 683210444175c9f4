"""The formats there are. Each module is imported when its first letter is rendered."""

from importlib import import_module
from typing import NamedTuple

from letter_kit.errors import InputError, did_you_mean
from letter_kit.frames import Frame
from letter_kit.layout import Layout
from letter_kit.models import Document, Letter

__all__ = ["FORMATS", "Format", "format_for_suffix", "format_named", "render", "warm_up"]


class Format(NamedTuple):
    """A form that a letter can take. ``binary`` forms are not written to a terminal."""

    name: str
    suffix: str
    media_type: str
    module: str
    binary: bool = False


FORMATS = {
    form.name: form
    for form in (
        Format("markdown", ".md", "text/markdown; charset=utf-8", "letter_kit.formats.markdown"),
        Format("html", ".html", "text/html; charset=utf-8", "letter_kit.formats.html"),
        Format("pdf", ".pdf", "application/pdf", "letter_kit.formats.pdf", binary=True),
    )
}
_ALIASES = {"md": "markdown", "htm": "html"}


def format_named(name: str) -> Format:
    """The format of that name. Raises `InputError` where there is none."""
    key = name.casefold()
    key = _ALIASES.get(key, key)
    if key not in FORMATS:
        raise InputError.of(f"there is no format {name}", hint=did_you_mean(name, FORMATS))
    return FORMATS[key]


def format_for_suffix(suffix: str) -> Format:
    """The format of files that end in ``suffix``. Raises `InputError` where there is none."""
    for form in FORMATS.values():
        if form.suffix == suffix.lower():
            return form
    suffixes = ", ".join(form.suffix for form in FORMATS.values())
    raise InputError.of(
        f"no format is known by the suffix {suffix!r}",
        expected=suffixes,
        hint="Name the format with --format.",
    )


def warm_up(form: Format) -> None:
    """Import what the format needs, so that its first letter need not wait."""
    import letter_kit.merging.merge  # noqa: F401  # imported for its effect, as the others

    module = import_module(form.module)
    if hasattr(module, "warm_up"):
        module.warm_up()


def render(letter: Letter, form: Format, frame: Frame, layout: Layout) -> Document:
    """The letter in that form.

    Raises `TemplateError` where the frame fails, `LetterError` where the letter must not
    be sent so (a glyph that no font has, a picture that is not there), `SetupError` where
    a library is missing.
    """
    document = import_module(form.module).render(letter, frame, layout)
    assert isinstance(document, Document)
    return document
