"""What a template in parts says, letter by letter.

A part that reads the same says the same. Most of what the letters of a run read are the
same objects: letterhead, signatures, labels. So from the first letter on, a template knows
what its parts said and of which objects: as long as these are there again, those parts are
one text with what stands between them, and only the others are asked. When one of the
objects was replaced, all parts are asked once and the texts are made anew. A field that
was replaced more than once is no longer counted on, until it is looked at afresh.
A part that is asked looks up what it said of equal values before it renders them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import inf
from operator import attrgetter, is_
from types import SimpleNamespace
from typing import Any, NamedTuple

from jinja2 import Template
from jinja2.runtime import Context

from letter_kit.merging.environment import FrameEnvironment, TextEnvironment
from letter_kit.merging.keeping import LONGEST_KEPT, Kept

__all__ = ["Field", "Part", "PartedTemplate", "Saying", "TooLong"]

_OFTEN = 2
"""Times that a field was replaced by which it is not counted on."""
_LETTERS = 1000
"""Letters after which these times are counted anew: in the next run, others are replaced."""
_NOTHING = object()
_LONGEST_STEADY = 2_000_000
"""Characters of what a template takes to be the same in the next letter."""

Render = Callable[[Context], Iterator[str]]


class TooLong(Exception):  # noqa: N818  # it says what the text is
    """The text has become longer than it may."""


class Saying:
    """What a template says in one letter, as it grows. ``fields`` are ``values`` to read from."""

    __slots__ = ("_base", "_context", "_room", "fields", "pieces", "values")

    def __init__(self, base: Template, values: Mapping[str, object], longest: float) -> None:
        self._base = base
        self._context: Context | None = None
        self._room = longest
        self.fields = SimpleNamespace(**values)
        self.pieces: list[str] = []
        self.values = values

    @property
    def context(self) -> Context:
        """The values as Jinja takes them."""
        if self._context is None:
            # As `Template.new_context` does, which looks for globals; the sandbox has none.
            base, values = self._base, dict(self.values)
            self._context = Context(base.environment, values, base.name, base.blocks)
        return self._context

    def add(self, piece: str) -> None:
        """Say ``piece``. Raises `TooLong`."""
        self._room -= len(piece)
        if self._room < 0:
            raise TooLong
        self.pieces.append(piece)

    def extend(self, pieces: Iterable[str]) -> None:
        """Say ``pieces`` as they come, and stop where it is too much. Raises `TooLong`."""
        append, room = self.pieces.append, self._room
        for piece in pieces:
            room -= len(piece)
            if room < 0:
                raise TooLong
            append(piece)
        self._room = room


class Part:
    """Nodes that are rendered together; ``reads`` are the fields that they name.

    Where ``reads`` is ``None``, nobody knows what it depends on.
    """

    def __init__(self, template: Template, reads: Sequence[str] | None) -> None:
        self.reads = reads
        self._render: Render = template.root_render_func
        self._read = _reader(reads) if reads else None
        self._kept = Kept()

    def say(self, saying: Saying) -> None:
        """Add what it says to ``saying``. Raises what Jinja raises, and `TooLong`."""
        try:
            values = self._read(saying.fields) if self._read else None
        except AttributeError:  # a field that is not there: the sandbox tells of it
            values = None
        if values is None:
            saying.extend(self._render(saying.context))
            return
        kept = self._kept
        if kept.last is not None and all(map(is_, kept.last[0], values)):
            saying.add(kept.last[1])
        elif kept.last is not None and kept.is_new(values):
            saying.extend(self._render(saying.context))
        elif (said := kept.get(values)) is not None:
            saying.add(said)
        else:
            begun = len(saying.pieces)
            saying.extend(self._render(saying.context))
            if (said := _text(saying.pieces[begun:], LONGEST_KEPT)) is not None:
                kept.put(values, said)


class Field:
    """A field that is printed as it is, such as ``letter.title``: needs no template.

    What goes wrong is left to ``template``, which tells it with file and line.
    """

    def __init__(
        self,
        environment: TextEnvironment | FrameEnvironment,
        names: Sequence[str],
        reads: Sequence[str],
        template: Callable[[], Template],
    ) -> None:
        self.reads: Sequence[str] | None = reads
        self._environment = environment
        self._first, *self._others = names
        self._template = template

    def say(self, saying: Saying) -> None:
        """Add what it says to ``saying``. Raises what Jinja raises, and `TooLong`."""
        try:
            value: Any = saying.values[self._first]
            for name in self._others:
                value = self._environment.getattr(value, name)
            said = self._environment.escaped(value)
        except Exception:  # what it is, the template says again
            saying.extend(self._template().root_render_func(saying.context))
        else:
            saying.add(said)


class _Steady(NamedTuple):
    """The parts of a template, those that read ``paths`` as texts: where these are ``values``."""

    paths: tuple[str, ...]
    read: Callable[[object], tuple[object, ...]] | None
    values: tuple[object, ...]
    parts: Sequence[str | Part | Field]

    def holds(self, fields: SimpleNamespace) -> bool:
        """Whether the letter with ``fields`` has the same objects."""
        try:
            return self.read is None or all(map(is_, self.values, self.read(fields)))
        except AttributeError:
            return False


class PartedTemplate:
    """A compiled template. ``base`` is one of its parts, or an empty template."""

    def __init__(self, base: Template, parts: Iterable[str | Part | Field]) -> None:
        self._base = base
        self._parts = _together(parts)
        texts = [part for part in self._parts if isinstance(part, str)]
        self._constant = "".join(texts) if texts == self._parts else None
        self._steady: _Steady | None = None
        self._replaced: Counter[str] = Counter()
        self._letters = 0

    def render(self, values: Mapping[str, object], longest: float = inf) -> str:
        """What the template says, in at most ``longest`` characters.

        Raises what Jinja raises, and `TooLong` as soon as it is.
        """
        if self._constant is not None and len(self._constant) <= longest:
            return self._constant
        saying = Saying(self._base, values, longest)
        try:
            steady = self._steady
            if steady is None or not steady.holds(saying.fields):
                self._learn(saying)
            else:
                for part in steady.parts:
                    if isinstance(part, str):
                        saying.add(part)
                    else:
                        part.say(saying)
        except TooLong:
            raise
        except Exception:
            self._base.environment.handle_exception()  # raises it with the template's lines
        self._letters += 1
        if self._letters % _LETTERS == 0:
            self._replaced.clear()
            self._steady = None
        return "".join(saying.pieces)

    def _learn(self, saying: Saying) -> None:
        """Ask all parts, and take what they say of fields seldom replaced to be steady."""
        held = {
            path: _held(saying.fields, path)
            for part in self._parts
            if not isinstance(part, str)
            for path in part.reads or ()
        }
        if self._steady is not None:
            old = zip(self._steady.paths, self._steady.values, strict=True)
            self._replaced.update(path for path, value in old if held[path] is not value)
        counted_on = {
            path
            for path, value in held.items()
            if value is not _NOTHING and self._replaced[path] < _OFTEN
        }
        room = _LONGEST_STEADY
        paths: set[str] = set()
        parts: list[str | Part | Field] = []
        for part in self._parts:
            if isinstance(part, str):
                saying.add(part)
                parts.append(part)
                continue
            begun = len(saying.pieces)
            part.say(saying)
            said = None
            if part.reads is not None and counted_on.issuperset(part.reads):
                said = _text(saying.pieces[begun:], room)
            if said is None or part.reads is None:
                parts.append(part)
            else:
                parts.append(said)
                paths.update(part.reads)
                room -= len(said)
        read = tuple(sorted(paths))
        self._steady = _Steady(
            read, _reader(read) if read else None, tuple([held[p] for p in read]), _together(parts)
        )


def _reader(paths: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    """What gets the values at ``paths``, of which there is at least one."""
    get = attrgetter(*paths)
    return get if len(paths) > 1 else lambda fields: (get(fields),)


def _held(fields: SimpleNamespace, path: str) -> object:
    try:
        return attrgetter(path)(fields)
    except AttributeError:
        return _NOTHING


def _text(pieces: Sequence[str], longest: int) -> str | None:
    """The pieces as one text, unless it is too long."""
    return "".join(pieces) if sum(map(len, pieces)) <= longest else None


def _together(parts: Iterable[str | Part | Field]) -> list[str | Part | Field]:
    """The parts, with texts that are neighbours as one."""
    together: list[str | Part | Field] = []
    for are_texts, group in groupby(parts, lambda part: isinstance(part, str)):
        same_kind = list(group)
        together += ["".join(map(str, same_kind))] if are_texts else same_kind
    return together
