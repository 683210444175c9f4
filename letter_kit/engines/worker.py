"""What runs functions for the making of letters, wherever they run."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

__all__ = ["Worker"]

Result = TypeVar("Result")


class Worker(Protocol):
    """A place where functions run: a process with limits, or this one."""

    def run(
        self, function: Callable[..., Result], *arguments: Any, what: str | None = None
    ) -> Result:
        """``function(*arguments)``; ``what`` is the file that is at work, for messages."""
        ...

    def prepare(self, function: Callable[..., object], *arguments: Any) -> None:
        """Do ahead what later calls will need; what it returns or raises is dropped."""
        ...

    def close(self) -> None:
        """Give back what the worker holds."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
