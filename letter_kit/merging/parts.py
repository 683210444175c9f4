"""A template cut into parts: what reads the same says the same, and need not be rendered again.

What a template says is what its parts say, one after the other. A part is a loop, a
condition or what is printed between two braces; it says the same in two letters where the
fields that it names hold the same, and `letter_kit.merging.rendering` makes use of that.
Nothing else can come into it: the sandbox has no clock, no chance and no variable that
outlives a letter.

A template whose parts could depend on each other (it sets variables, includes files, or
extends another in more than its blocks) is one part, rendered for each letter.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from jinja2 import Template, nodes

from letter_kit.merging.environment import FrameEnvironment, TextEnvironment
from letter_kit.merging.rendering import Field, Part, PartedTemplate

__all__ = ["Passage", "are_dependent", "parted"]

_APART = (
    nodes.For, nodes.If, nodes.With, nodes.CallBlock, nodes.FilterBlock, nodes.Output, nodes.Macro,
)  # fmt: skip
_DEPENDENT = (
    nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport, nodes.Include,
    nodes.Extends, nodes.Block, nodes.ScopedEvalContextModifier, nodes.EvalContextModifier,
)  # fmt: skip
"""What may make one part depend on another, or on a file."""

Environment = TextEnvironment | FrameEnvironment


class Passage(NamedTuple):
    """Consecutive nodes of a template, and the file that they stand in."""

    nodes: list[nodes.Node]
    name: str
    path: str


def parted(
    environment: Environment, passages: Sequence[Passage], fields: frozenset[str]
) -> PartedTemplate:
    """The template of these passages; ``fields`` are the names at its top.

    Where its parts may depend on each other, ``passages`` are one.

    Raises what Jinja raises for a template that cannot be compiled.
    """
    if len(passages) == 1 and are_dependent(passages[0].nodes):
        whole = _compiled(environment, passages[0])
        return PartedTemplate(whole, [Part(whole, None)])
    macros: list[nodes.Macro] = []
    parts: list[str | Part | Field] = []
    for piece in _pieces(passages):
        node = piece.nodes[0]
        if isinstance(node, nodes.Macro):
            macros.append(node)
        elif isinstance(node, nodes.TemplateData):
            parts.append(node.data)
        else:
            parts.append(_part(environment, piece, macros, fields))
    return PartedTemplate(environment.from_string(""), parts)


def _part(
    environment: Environment, piece: Passage, macros: list[nodes.Macro], fields: frozenset[str]
) -> Part | Field:
    called = macros if _call(piece.nodes, macros) else []
    whole = piece._replace(nodes=[*called, *piece.nodes])
    reads = sorted(_reads(whole.nodes, fields))
    names = None if called else _names(piece.nodes[0], fields)
    if names:
        return Field(environment, names, reads, partial(_compiled, environment, whole))
    return Part(_compiled(environment, whole), reads)


def are_dependent(group: Sequence[nodes.Node]) -> bool:
    """Whether what one of the nodes says may depend on another of them, or on a file."""
    for node in group:
        if not isinstance(node, _APART) or next(iter(node.find_all(_DEPENDENT)), None):
            return True
        if any(name.name in {"self", "super"} for name in node.find_all(nodes.Name)):
            return True
    return False


def _pieces(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Node by node, and of what is printed one by one, a text as it is."""
    for passage in passages:
        for node in passage.nodes:
            for child in node.nodes if isinstance(node, nodes.Output) else ():
                is_text = isinstance(child, nodes.TemplateData)
                piece = child if is_text else nodes.Output([child], lineno=child.lineno)
                yield passage._replace(nodes=[piece])
            if not isinstance(node, nodes.Output):
                yield passage._replace(nodes=[node])


def _names(node: nodes.Node, fields: frozenset[str]) -> list[str] | None:
    """The names of a field that is printed as it is: ``letter`` and ``title``."""
    names: list[str] = []
    inner: nodes.Node = node.nodes[0] if isinstance(node, nodes.Output) else node
    while isinstance(inner, nodes.Getattr):
        names.append(inner.attr)
        inner = inner.node
    if isinstance(inner, nodes.Name) and inner.name in fields:
        return [inner.name, *reversed(names)]
    return None


def _compiled(environment: Environment, passage: Passage) -> Template:
    tree = nodes.Template(passage.nodes, lineno=1)
    tree.set_environment(environment)
    code = environment.compile(tree, passage.name, passage.path)
    return Template.from_code(environment, code, environment.make_globals({}))


def _call(group: Sequence[nodes.Node], macros: Sequence[nodes.Macro]) -> bool:
    names = {macro.name for macro in macros}
    return any(name.name in names for node in group for name in node.find_all(nodes.Name))


def _reads(group: Sequence[nodes.Node], fields: frozenset[str]) -> set[str]:
    """The fields that the nodes name: ``closing``, and of others their own fields."""
    return {path for node in group for path in _named(node, fields)}


def _named(node: nodes.Node, fields: frozenset[str]) -> set[str]:
    if isinstance(node, nodes.Name):
        return {node.name} & fields
    if (
        isinstance(node, nodes.Getattr)
        and isinstance(node.node, nodes.Name)
        and node.node.name in fields
    ):
        return {f"{node.node.name}.{node.attr}"}
    return {path for child in node.iter_child_nodes() for path in _named(child, fields)}
