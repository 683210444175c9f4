"""A letter put into its frame: the same for every format that has one."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from jinja2 import FunctionLoader, Template, TemplateNotFound

from letter_kit.errors import TemplateError, did_you_mean
from letter_kit.frames import Frame
from letter_kit.merging.environment import FrameEnvironment
from letter_kit.merging.merge import template_problem
from letter_kit.models import Letter

__all__ = ["fill_frame"]

_LONGEST_PAGE = 30_000_000
"""Characters, pictures included."""


def fill_frame(
    frame: Frame, file: str, escape: Callable[[str], str], letter: Letter, **values: Any
) -> str:
    """The text of the frame's ``file`` with the letter and ``values``, escaped by ``escape``.

    Raises `TemplateError` with file and line.
    """
    files = frozenset(frame.files.items())
    parts: list[str] = []
    size = 0
    try:
        for part in _template(file, files, escape, letter.language).generate(
            letter=letter, **values
        ):
            size += len(part)
            if size > _LONGEST_PAGE:
                raise TemplateError.of(
                    "the page grows too large",
                    path=f"{frame.path}/{file}",
                    expected=f"at most {_LONGEST_PAGE / 1e6:g} million characters",
                )
            parts.append(part)
    except (MemoryError, TemplateError):
        raise
    except TemplateNotFound as exc:
        raise TemplateError.of(
            f"the template includes {exc.name}, which is none of its files",
            path=f"{frame.path}/{file}",
            hint=did_you_mean(str(exc.name), frame.files),
        ) from None
    except Exception as exc:  # whatever a frame provokes is the frame's error
        problem = template_problem(exc, file, 1)
        raise TemplateError([replace(problem, path=f"{frame.path}/{file}")]) from None
    return "".join(parts).strip() + "\n"


@lru_cache(maxsize=16)
def _template(
    file: str, files: frozenset[tuple[str, str]], escape: Callable[[str], str], language: str
) -> Template:
    texts = dict(files)

    def load(wanted: str) -> tuple[str, str, None]:
        for candidate in (wanted, f"builtin:classic/{wanted}"):
            if candidate in texts:
                return texts[candidate], candidate, None
        raise TemplateNotFound(wanted)

    return FrameEnvironment(FunctionLoader(load), escape, language).get_template(file)
