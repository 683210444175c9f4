"""Which fields a text names, held against the documented ones before anything is merged."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple, get_args, get_type_hints

from jinja2 import nodes

from letter_kit.context import MergeContext
from letter_kit.context.fields import element_type

__all__ = ["UnknownName", "unknown_names"]

_ANYTHING = Any


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
            self._bind(node.target, element_type(self._type(node.iter)) or _ANYTHING)
            self.scope.setdefault("loop", _ANYTHING)
            for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
                self._statement(child)
        elif isinstance(node, nodes.Assign):
            self._bind(node.target, self._type(node.node))
        elif isinstance(node, nodes.AssignBlock):
            self._bind(node.target, str)
            self._children(node)
        elif isinstance(node, nodes.Macro | nodes.CallBlock):
            if isinstance(node, nodes.Macro):
                self.scope[node.name] = _ANYTHING
            self.scope.setdefault("caller", _ANYTHING)
            for argument in node.args:
                self._bind(argument, _ANYTHING)
            self._children(node)
        elif isinstance(node, nodes.Expr):
            self._type(node)
        else:
            self._children(node)

    def _children(self, node: nodes.Node) -> None:
        for child in node.iter_child_nodes():
            self._statement(child)

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
        self._children(node)
        return _ANYTHING

    def _member(self, node: nodes.Getattr | nodes.Getitem, owner: Any, name: str) -> Any:
        kind = _plain_type(owner)
        if not (isinstance(kind, type) and is_dataclass(kind)):
            return _ANYTHING
        hints = get_type_hints(kind)
        if name in hints:
            return hints[name]
        said = _said(node.node)
        own_fields = tuple(self.extra.get(said, ())) if _has_extra(kind) else ()
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


def _has_extra(kind: type) -> bool:
    return any(field.name == "extra" for field in fields(kind))


def _said(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_said(node.node)}.{node.attr}"
    return "…"
