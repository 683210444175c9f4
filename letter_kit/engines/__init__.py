"""Where work runs: today in a child process with limits, so that no template can harm."""

from letter_kit.engines.guarded import GuardedWorker, Limits

__all__ = ["GuardedWorker", "Limits"]
