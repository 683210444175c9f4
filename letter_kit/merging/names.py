"""Which fields a text names, held against the documented ones before anything is merged."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import is_dataclass
from typing import Any, NamedTuple, get_args, get_type_hints

from jinja2 import nodes

from letter_kit.context import MergeContext, RecipientContext, SenderContext
from letter_kit.context.fields import element_type

__all__ = ["UnknownName", "unknown_names"]

_ANYTHING = Any
_OWNERS: dict[type, str] = {RecipientContext: "recipient", SenderContext: "sender"}


class UnknownName(NamedTuple):
    """A name that stands for nothing: ``recipient.nmae``, with what there is instead."""

    name: str
    line: int
    known: tuple[str, ...]


def unknown_names(
    template: nodes.Template,
    extra: Mapping[str, Collection[str]],
    withheld: Collection[str] = (),
) -> Iterator[UnknownName]:
    """Every undocumented name in ``template``, in branches not taken as well.

    ``extra`` holds the campaign's own fields by owner (``recipient``, ``sender``);
    ``withheld`` are fields that this text cannot use yet.
    """
    hints = get_type_hints(MergeContext)
    scope = {name: hint for name, hint in hints.items() if name not in withheld}
    yield from _Walk(scope, extra).visit(template)


class _Walk:
    def __init__(self, scope: dict[str, Any], extra: Mapping[str, Collection[str]]) -> None:
        self.scope = scope
        self.extra = extra
        self.found: list[UnknownName] = []

    def visit(self, node: nodes.Node) -> Iterator[UnknownName]:
        self._statement(node)
        yield from self.found

    def _statement(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.For):
            self._loop(node)
        elif isinstance(node, nodes.With):
            types = [self._type(value) for value in node.values]
            with self._inner_scope():
                for target, hint in zip(node.targets, types, strict=True):
                    self._bind(target, hint)
                self._statements(node.body)
        elif isinstance(node, nodes.Assign):
            self._bind(node.target, self._type(node.node))
        elif isinstance(node, nodes.AssignBlock):
            self._bind(node.target, str)
            self._statements(node.body)
        elif isinstance(node, nodes.Macro | nodes.CallBlock):
            self._macro(node)
        elif isinstance(node, nodes.Expr):
            self._type(node)
        else:
            self._statements(node.iter_child_nodes())

    def _statements(self, children: Iterable[nodes.Node]) -> None:
        for child in children:
            self._statement(child)

    def _loop(self, node: nodes.For) -> None:
        items = self._type(node.iter)
        with self._inner_scope():
            self._bind(node.target, element_type(items) or _ANYTHING)
            self.scope["loop"] = _ANYTHING
            if node.test is not None:
                self._statement(node.test)
            self._statements(node.body)
        self._statements(node.else_)

    def _macro(self, node: nodes.Macro | nodes.CallBlock) -> None:
        if isinstance(node, nodes.Macro):
            self.scope[node.name] = _ANYTHING
        else:
            self._statement(node.call)
        with self._inner_scope():
            self.scope["caller"] = _ANYTHING
            for argument in node.args:
                self._bind(argument, _ANYTHING)
            self._statements((*node.defaults, *node.body))

    @contextmanager
    def _inner_scope(self) -> Iterator[None]:
        """Names bound inside are gone outside, as Jinja has it."""
        outer = dict(self.scope)
        yield
        self.scope = outer

    def _bind(self, target: nodes.Node, hint: Any) -> None:
        if isinstance(target, nodes.Name):
            self.scope[target.name] = hint
        else:
            for name in target.find_all(nodes.Name):
                self.scope[name.name] = _ANYTHING

    def _type(self, node: nodes.Node) -> Any:
        if isinstance(node, nodes.Name):
            if node.ctx != "load":
                return _ANYTHING
            if node.name not in self.scope:
                self._report(node.name, node.lineno, tuple(self.scope))
            return self.scope.get(node.name, _ANYTHING)
        if isinstance(node, nodes.Getattr):
            return self._member(node, self._type(node.node), node.attr)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            owner = self._type(node.node)
            if isinstance(node.arg.value, str):
                return self._member(node, owner, node.arg.value)
            return element_type(owner) or _ANYTHING
        self._statements(node.iter_child_nodes())
        return _ANYTHING

    def _member(self, node: nodes.Getattr | nodes.Getitem, owner: Any, name: str) -> Any:
        kind = _plain_type(owner)
        if not (isinstance(kind, type) and is_dataclass(kind)):
            return _ANYTHING
        hints = get_type_hints(kind)
        if name in hints:
            return hints[name]
        said = _said(node.node)
        own_fields = tuple(self.extra.get(_OWNERS.get(kind, ""), ()))
        if name not in own_fields:
            self._report(f"{said}.{name}", node.lineno, (*hints, *own_fields), said)
        return _ANYTHING

    def _report(self, name: str, line: int, known: tuple[str, ...], owner: str = "") -> None:
        prefix = f"{owner}." if owner else ""
        self.found.append(UnknownName(name, line, tuple(f"{prefix}{k}" for k in known)))


def _plain_type(hint: Any) -> Any:
    """``str | None`` is ``str`` here."""
    arguments = [a for a in get_args(hint) if a is not type(None)]
    return arguments[0] if type(None) in get_args(hint) and len(arguments) == 1 else hint


def _said(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_said(node.node)}.{node.attr}"
    return "…"
