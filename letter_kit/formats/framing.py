"""A letter put into its frame: the same for every format that has one."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import FunctionLoader, Template, TemplateNotFound

from letter_kit.errors import TemplateError
from letter_kit.frames import Frame
from letter_kit.merging.environment import FrameEnvironment
from letter_kit.merging.merge import template_problem

__all__ = ["fill_frame"]


def fill_frame(
    frame: Frame, file: str, escape: Callable[[str], str], values: Mapping[str, Any]
) -> str:
    """The text of the frame's ``file`` with ``values``, each escaped by ``escape``.

    Raises `TemplateError` with file and line.
    """
    files = frozenset(frame.files.items())
    try:
        return _template(frame.name, file, files, escape).render(values).strip() + "\n"
    except MemoryError:
        raise
    except Exception as exc:  # whatever a frame provokes is the frame's error
        problem = template_problem(exc, file, 1)
        raise TemplateError([problem]).at(frame.path) from None


@lru_cache(maxsize=16)
def _template(
    name: str, file: str, files: frozenset[tuple[str, str]], escape: Callable[[str], str]
) -> Template:
    texts = dict(files)

    def load(wanted: str) -> tuple[str, str, None]:
        for candidate in (wanted, f"builtin:classic/{wanted}"):
            if candidate in texts:
                return texts[candidate], candidate, None
        raise TemplateNotFound(wanted)

    environment = FrameEnvironment(FunctionLoader(load), escape)
    return environment.get_template(file)
