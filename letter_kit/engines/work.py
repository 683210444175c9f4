"""What an engine is given to do, and what comes of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Generic, NamedTuple, Protocol, Self, TypeVar

from letter_kit.errors import RunawayError

__all__ = ["Engine", "Order", "Outcome", "Work"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Item_contra = TypeVar("Item_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)


class Work(Protocol[Item_contra, Result_co]):
    """What a worker does, in its own process, with one item after the other."""

    def expect(self, items: Sequence[Item_contra]) -> None:
        """Prepare for these items, which are done next. Raises `SetupError`."""
        ...

    def do(self, item: Item_contra) -> Result_co:
        """Do what the item asks for. What it raises ends the run, so it raises `SetupError`."""
        ...

    def settle(self) -> None:
        """Make what was done last; only then are its results told. Raises `SetupError`."""
        ...


class Order(NamedTuple):
    """How a worker comes by its work: ``begin(given)``, called once in each process.

    Both are pickled, so ``begin`` is a function of a module.
    """

    begin: Callable[[Any], Work[Any, Any]]
    given: Any


class Outcome(NamedTuple, Generic[Item, Result]):
    """What became of an item: its result, or why the process that worked on it was lost."""

    item: Item
    result: Result | None
    lost: RunawayError | None = None


class Engine(Protocol):
    """Runs chunks of items somewhere. It is a context manager, and ends its workers."""

    @property
    def width(self) -> int:
        """How many items it works at at a time."""
        ...

    def run(
        self, chunks: Iterable[Sequence[Any]], stopping: Callable[[], bool] = ...
    ) -> Iterator[Outcome[Any, Any]]:
        """What becomes of each item, as it comes, until all are done or ``stopping`` says so."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
