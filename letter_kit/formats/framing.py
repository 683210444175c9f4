"""A letter put into its frame: the same for every format that has one."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from jinja2 import FunctionLoader, TemplateNotFound, nodes

from letter_kit.errors import TemplateError, did_you_mean
from letter_kit.frames import Frame
from letter_kit.merging.environment import FrameEnvironment
from letter_kit.merging.merge import template_problem
from letter_kit.merging.parts import Passage, are_dependent, parted
from letter_kit.merging.rendering import PartedTemplate, TooLong
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
    try:
        fields = {"letter": letter, **values}
        template = _template(file, frame, escape, letter.language, frozenset(fields))
        text = template.render(fields, _LONGEST_PAGE)
    except TooLong:
        raise TemplateError.of(
            "the page grows too large",
            path=f"{frame.path}/{file}",
            expected=f"at most {_LONGEST_PAGE / 1e6:g} million characters",
        ) from None
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
    return text.strip() + "\n"


@lru_cache(maxsize=32)
def _template(
    file: str,
    frame: Frame,
    escape: Callable[[str], str],
    language: str,
    fields: frozenset[str],
) -> PartedTemplate:
    def named(wanted: str) -> str:
        for candidate in (wanted, f"builtin:classic/{wanted}"):
            if candidate in frame.files:
                return candidate
        raise TemplateNotFound(wanted)

    def load(wanted: str) -> tuple[str, str, None]:
        return frame.files[named(wanted)], named(wanted), None

    environment = FrameEnvironment(FunctionLoader(load), escape, language)

    def parse(wanted: str) -> Passage:
        tree = environment.parse(frame.files[named(wanted)], wanted, named(wanted))
        return Passage(tree.body, wanted, named(wanted))

    return parted(environment, _unfolded(parse(file), parse), fields)


def _unfolded(passage: Passage, parse: Callable[[str], Passage]) -> list[Passage]:
    """The template it extends in the end, with the blocks of those on the way in their places.

    Where one of them does more than extend another and fill its blocks, the template alone:
    then Jinja puts them together, for each letter.
    """
    blocks: dict[str, Passage] = {}
    root, seen = passage, {passage.name}
    while root.nodes and isinstance(extends := root.nodes[0], nodes.Extends):
        for node in root.nodes[1:]:
            if isinstance(node, nodes.Block):
                blocks.setdefault(node.name, root._replace(nodes=node.body))
            elif not isinstance(node, nodes.Output):  # what is printed between blocks is not
                return [passage]
        wanted = extends.template.value if isinstance(extends.template, nodes.Const) else None
        if not isinstance(wanted, str) or wanted in seen:
            return [passage]
        seen.add(wanted)
        root = parse(wanted)
    passages = [root._replace(nodes=[])]
    for node in root.nodes:
        if not isinstance(node, nodes.Block):
            passages[-1].nodes.append(node)
            continue
        block = blocks.pop(node.name, root._replace(nodes=node.body))
        if node.required or any(isinstance(inner, nodes.Macro) for inner in block.nodes):
            return [passage]
        passages += [block, root._replace(nodes=[])]
    dependent = any(are_dependent(inner.nodes) for inner in passages)
    return [passage] if dependent or blocks else passages
