"""Calls in this process, for use inside one that is guarded itself."""

from collections.abc import Callable
from typing import Any, TypeVar

from letter_kit.closing import Closing

__all__ = ["DirectWorker"]

Result = TypeVar("Result")


class DirectWorker(Closing):
    """Runs functions here and now, without limits of its own.

    It is for a process that another one guards (`GuardedWorker`), where passing each
    letter on to a third would take longer than writing it. What is not trusted to end
    must not run in it elsewhere.
    """

    def run(
        self, function: Callable[..., Result], *arguments: Any, what: str | None = None
    ) -> Result:
        """``function(*arguments)``. Raises what it raises."""
        return function(*arguments)

    def prepare(self, function: Callable[..., object], *arguments: Any) -> None:
        """Nothing: what a call needs it gets when it runs, and nobody waits meanwhile."""

    def close(self) -> None:
        """Nothing is held."""
