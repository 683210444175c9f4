"""A template in parts: what reads the same says the same, and is rendered once.

What a template says is what its parts say, one after the other. A part that is a loop or a
condition says the same in two letters where the fields that it names hold the same: so
its text is kept by their values, and most of a letter is looked up, not rendered. The
other parts are rendered for each letter. Nothing else can come into it: the sandbox has
no clock, no chance and no variable that outlives a letter.

A template whose parts could depend on each other (it sets variables, includes files, or
extends another in more than its blocks) is one part, rendered for each letter.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter, is_
from types import SimpleNamespace
from typing import Any, NamedTuple

from jinja2 import Environment, Template, nodes
from jinja2.runtime import Context
from markupsafe import Markup

from letter_kit.language import Country

__all__ = ["PartedTemplate", "Passage", "are_dependent", "parted"]

_MOST_KEPT = 256
"""Texts that one part keeps; the oldest goes first."""
_LONGEST_KEPT = 20_000
"""Characters of a text that is kept."""
_KEPT = (nodes.For, nodes.If, nodes.With, nodes.CallBlock, nodes.FilterBlock)
"""What is kept by what it names; prints of single fields are rendered as quickly."""
_APART = (*_KEPT, nodes.Output, nodes.Macro)
_DEPENDENT = (
    nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport, nodes.Include,
    nodes.Extends, nodes.Block, nodes.ScopedEvalContextModifier, nodes.EvalContextModifier,
)  # fmt: skip
"""What may make one part depend on another, or on a file."""
_COMPARED = frozenset({Markup, bool, int, float, dt.date})
"""Types of values that are the same where they are equal."""

Render = Callable[[Context], Iterator[str]]


class Passage(NamedTuple):
    """Consecutive nodes of a template, and the file that they stand in."""

    nodes: list[nodes.Node]
    name: str
    path: str


class _Same:
    """A value that is the same where it is the same object, as what a run's letters share is."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __hash__(self) -> int:
        return id(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other._value is self._value


class _Part:
    """Nodes that are rendered together; ``reads`` are the fields that they name."""

    def __init__(self, template: Template, reads: Sequence[str] | None) -> None:
        self._render: Render = template.root_render_func
        # Twice the first, so that there are always several to get.
        self._read = attrgetter(reads[0], *reads) if reads else None
        self._by_values: dict[tuple[object, ...], str] = {}
        self._last: tuple[tuple[object, ...], str] = ((), "")

    def said(self, fields: SimpleNamespace) -> tuple[str | None, tuple[object, ...] | None]:
        """What it said of the same values, if that is kept, and the key to keep it by."""
        if self._read is None:
            return None, None
        try:
            values = self._read(fields)
        except AttributeError:  # a field that is not there: the sandbox tells of it
            return None, None
        last, said = self._last
        if len(last) == len(values) and all(map(is_, last, values)):
            return said, None
        key = tuple([_key(value) for value in values])
        if key in self._by_values:
            self._last = values, self._by_values[key]
        return self._by_values.get(key), key

    def render(self, context: Context, key: tuple[object, ...] | None) -> Iterator[str]:
        """What it says, in pieces; kept by ``key``."""
        return self._render(context) if key is None else self._kept(key, context)

    def _kept(self, key: tuple[object, ...], context: Context) -> Iterator[str]:
        pieces = []
        size = 0
        for piece in self._render(context):
            size += len(piece)
            if size <= _LONGEST_KEPT:
                pieces.append(piece)
            yield piece
        if size <= _LONGEST_KEPT:
            if len(self._by_values) >= _MOST_KEPT:
                del self._by_values[next(iter(self._by_values))]
            self._by_values[key] = "".join(pieces)


class PartedTemplate:
    """A compiled template. ``base`` is one of its parts, or an empty template."""

    def __init__(self, base: Template, parts: Sequence[str | _Part]) -> None:
        self._base = base
        self._parts = parts
        self._says = "".join(map(str, parts)) if all(isinstance(p, str) for p in parts) else None

    def generate(self, values: Mapping[str, object]) -> Iterator[str]:
        """What the template says, piece by piece. Raises what Jinja raises."""
        if self._says is not None:
            yield self._says
            return
        fields = SimpleNamespace(**values)
        context = self._base.new_context(dict(values))
        try:
            for part in self._parts:
                if isinstance(part, str):
                    yield part
                    continue
                said, key = part.said(fields)
                if said is not None:
                    yield said
                else:
                    yield from part.render(context, key)
        except Exception:
            self._base.environment.handle_exception()  # raises it with the template's lines


def parted(
    environment: Environment, passages: Sequence[Passage], fields: frozenset[str]
) -> PartedTemplate:
    """The template of these passages; ``fields`` are the names at its top.

    Where its parts may depend on each other, ``passages`` are one.

    Raises what Jinja raises for a template that cannot be compiled.
    """
    if len(passages) == 1 and are_dependent(passages[0].nodes):
        whole = _compiled(environment, passages[0])
        return PartedTemplate(whole, [_Part(whole, None)])
    macros: list[nodes.Macro] = []
    parts: list[str | _Part] = []
    for piece in _pieces(passages):
        first = piece.nodes[0]
        if isinstance(first, nodes.Macro):
            macros.append(first)
        elif (constant := _constant(piece.nodes)) is not None:
            parts.append(constant)
        else:
            called = macros if _call(piece.nodes, macros) else []
            keeps = isinstance(first, _KEPT)
            reads = sorted(_reads((*called, *piece.nodes), fields)) if keeps else None
            template = _compiled(environment, piece._replace(nodes=[*called, *piece.nodes]))
            parts.append(_Part(template, reads))
    return PartedTemplate(environment.from_string(""), parts)


def are_dependent(group: Sequence[nodes.Node]) -> bool:
    """Whether what one of the nodes says may depend on another of them, or on a file."""
    for node in group:
        if not isinstance(node, _APART) or next(iter(node.find_all(_DEPENDENT)), None):
            return True
        if any(name.name in {"self", "super"} for name in node.find_all(nodes.Name)):
            return True
    return False


def _pieces(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Macros and what is kept, one by one; what stands between, together."""
    for passage in passages:
        between: list[nodes.Node] = []
        for node in passage.nodes:
            if isinstance(node, nodes.Output):
                between.append(node)
                continue
            if between:
                yield passage._replace(nodes=between)
            between = []
            yield passage._replace(nodes=[node])
        if between:
            yield passage._replace(nodes=between)


def _constant(group: Sequence[nodes.Node]) -> str | None:
    """The text of nodes that print no field."""
    data = [child for node in group for child in node.iter_child_nodes()]
    texts = [child.data for child in data if isinstance(child, nodes.TemplateData)]
    is_constant = len(texts) == len(data) and all(isinstance(node, nodes.Output) for node in group)
    return "".join(texts) if is_constant else None


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


def _key(value: Any) -> object:
    """What is equal for values of which a template says the same, and for no others."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is tuple:
        return tuple([_key(item) for item in value])
    if kind in _COMPARED:
        return kind, value
    if kind is Country:
        return kind, str(value), value.code, value.formal
    return _Same(value)
