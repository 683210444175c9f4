"""Where work runs: in child processes with limits, so that no template can harm, or here."""

from letter_kit.engines.direct import DirectWorker
from letter_kit.engines.guarded import GuardedWorker, Limits
from letter_kit.engines.local import LocalEngine
from letter_kit.engines.machine import jobs_for, processors
from letter_kit.engines.work import Engine, Order, Outcome, Work
from letter_kit.engines.worker import Worker

__all__ = [
    "DirectWorker",
    "Engine",
    "GuardedWorker",
    "Limits",
    "LocalEngine",
    "Order",
    "Outcome",
    "Work",
    "Worker",
    "jobs_for",
    "processors",
]
