"""What an engine is given to do, and what comes of it."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from letter_kit.errors import RunawayError

__all__ = ["Order", "Outcome", "Work"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Item_contra = TypeVar("Item_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)


class Work(Protocol[Item_contra, Result_co]):
    """What a worker does, in its own process, with one item after the other."""

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
