"""Where work runs: in a child process with limits, so that no template can harm, or here."""

from letter_kit.engines.direct import DirectWorker
from letter_kit.engines.guarded import GuardedWorker, Limits
from letter_kit.engines.worker import Worker

__all__ = ["DirectWorker", "GuardedWorker", "Limits", "Worker"]
