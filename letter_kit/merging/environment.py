"""The sandbox: Jinja reduced to what a letter needs.

A template may read the documented fields, use the filters below, loop and choose. It
cannot call methods, reach an undocumented attribute or build large numbers and texts out
of small ones. Jinja would compute constant expressions while it compiles, before any
limit could hold; here nothing is computed before the template runs. What remains, such as
loops inside loops, is bounded by the limits of the process (`letter_kit.engines`).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Undefined, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.nodes import Concat
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment
from jinja2.tests import TESTS
from markupsafe import Markup

from letter_kit.errors import did_you_mean
from letter_kit.merging.filters import filters, kind_of

__all__ = ["Blank", "FrameEnvironment", "TextEnvironment"]

_TESTS = ("defined", "undefined", "none", "eq", "==", "ne", "!=", "in", "odd", "even")
_LOOP_FIELDS = frozenset({"index", "index0", "first", "last", "length"})
_LARGEST_NUMBER = 10**12
_LONGEST_REMEMBERED = 100
"""Characters of a value that is kept escaped: a line of an address comes again."""


class Blank(StrictUndefined):
    """A documented field that is empty for this recipient.

    A text may ask whether it is there (``{% if recipient.name %}``), and may not print it.
    """

    __slots__ = ()

    # The base raises on all of these, and types them so; what is empty may be asked for.
    def __bool__(self) -> bool:  # type: ignore[override]  # it may be asked
        return False

    def __eq__(self, other: object) -> bool:  # type: ignore[override]  # it may be asked
        return isinstance(other, Blank)

    def __ne__(self, other: object) -> bool:  # type: ignore[override]  # it may be asked
        return not isinstance(other, Blank)

    __hash__ = None  # type: ignore[assignment]  # like the base: what is empty has no value


class _Generator(CodeGenerator):
    """Compiles all that is printed, ``a ~ b`` too, to calls that escape it."""

    def visit_Concat(self, node: Concat, frame: Any) -> None:  # noqa: N802  # Jinja's name
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        self.write("environment.escaped(")

    def _output_child_post(self, node: Any, frame: Any, finalize: Any) -> None:
        self.write(")")


class _Environment(SandboxedEnvironment):
    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(
        self, escape: Callable[[str], str], language: str, loader: BaseLoader | None = None
    ) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=True,
            finalize=_finalized,
            optimized=False,
            trim_blocks=True,
            lstrip_blocks=True,
            loader=loader,
        )
        self._escape = escape
        self._remembered = lru_cache(maxsize=1024)(lambda text: _marked(escape(text)))
        self.globals = {}
        self.filters = filters(language)
        self.tests = {name: TESTS[name] for name in _TESTS}

    def escaped(self, value: object) -> Markup:
        """``value`` as this environment prints it.

        Raises `UndefinedError` for what is missing, `TypeError` for what is no text.
        """
        if type(value) is str and len(value) <= _LONGEST_REMEMBERED:
            return self._remembered(value)
        if isinstance(value, Markup):
            return value
        if isinstance(value, str):
            return _marked(self._escape(value))
        if isinstance(value, Undefined):
            return Markup(str(value))  # raises, and says what is missing
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Markup(self._escape(str(value)))
        raise TypeError(f"{kind_of(value)} cannot be printed; {_advice(value)}")

    def joined(self, values: Iterable[object], separator: str | Markup = "") -> Markup:
        """The values one after the other, each escaped."""
        return Markup(self.escaped(separator)).join(self.escaped(value) for value in values)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A documented field, and nothing else."""
        if isinstance(obj, LoopContext):
            if attribute in _LOOP_FIELDS:
                return getattr(obj, attribute)
        elif names := _field_names(type(obj)):  # type: ignore[arg-type]  # a type is hashable
            if attribute in names:
                return self._present(getattr(obj, attribute), obj, attribute)
            extra = getattr(obj, "extra", None)
            if isinstance(extra, Mapping) and attribute in extra:
                return extra[attribute]
            if isinstance(extra, Mapping):
                return self._present(None, obj, attribute)
        elif isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        elif isinstance(obj, Undefined):
            return str(obj)  # raises, and says what is missing
        hint = did_you_mean(attribute, _field_names(type(obj)))  # type: ignore[arg-type]
        said = f"{kind_of(obj)} has no field {attribute}"
        return self.undefined(f"{said}. {hint}" if hint else said)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``list[0]``, or the same as an attribute."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, Undefined):
            return str(obj)  # raises, and says what is missing
        if isinstance(obj, Sequence) and not isinstance(obj, str) and isinstance(argument, int):
            if -len(obj) <= argument < len(obj):
                return obj[argument]
            return self.undefined(f"the list has {len(obj)} entries, and no entry {argument}")
        return self.undefined(f"{kind_of(obj)} has no entry {argument!r}"[:200])

    def is_safe_callable(self, obj: Any) -> bool:
        """Macros of the template itself, and nothing else."""
        return isinstance(obj, Macro | BlockReference)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.joined((left, right))
        numbers = all(
            isinstance(v, int | float) and abs(v) < _LARGEST_NUMBER for v in (left, right)
        )
        if operator == "**" or not numbers:
            raise SecurityError(
                f"{kind_of(left)} {operator} {kind_of(right)} is not allowed; a letter needs no"
                " arithmetic beyond + - * / with small numbers"
            )
        return super().call_binop(context, operator, left, right)

    def _present(self, value: Any, obj: Any, attribute: str) -> Any:
        if value is not None:
            return value
        name = type(obj).__name__.removesuffix("Context").lower()
        return Blank(
            f"{name}.{attribute} is empty for this recipient;"
            f" write {{% if {name}.{attribute} %}} … {{% endif %}} around it"
        )


class TextEnvironment(_Environment):
    """For a campaign's texts: no other file can be loaded."""

    def __init__(self, escape: Callable[[str], str], language: str):
        super().__init__(escape, language)


class FrameEnvironment(_Environment):
    """For the frames of letters; ``loader`` knows their files."""

    def __init__(self, loader: BaseLoader, escape: Callable[[str], str], language: str) -> None:
        super().__init__(escape, language, loader)


def _marked(text: str) -> Markup:
    """``text`` as markup; `Markup` itself would ask first whether it is."""
    return str.__new__(Markup, text)


@pass_context
def _finalized(context: Context, value: object) -> Markup:
    # It takes the context so that Jinja cannot call it while compiling.
    environment = context.environment
    assert isinstance(environment, _Environment)
    return environment.escaped(value)


@cache
def _field_names(kind: type) -> frozenset[str]:
    """The fields of a dataclass or a named tuple; no other type has any."""
    if is_dataclass(kind):
        return frozenset(field.name for field in fields(kind))
    return frozenset(getattr(kind, "_fields", ()))


def _advice(value: object) -> str:
    if isinstance(value, dt.date):
        return "write {{ … | date }}"
    if isinstance(value, Sequence):
        return 'loop over it with {% for … %}, or write {{ … | join(", ") }}'
    return "name one of its fields"
