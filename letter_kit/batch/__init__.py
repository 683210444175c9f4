"""Many letters: for every row of a list one, resumable, with an account of each row."""

from letter_kit.batch.account import FAILED, MANIFEST
from letter_kit.batch.bundles import Bundles
from letter_kit.batch.naming import DEFAULT_NAME
from letter_kit.batch.result import BatchResult, Told
from letter_kit.batch.run import run_batch
from letter_kit.batch.status import BatchStatus, batch_status
from letter_kit.batch.tasks import Selection
from letter_kit.batch.workplace import account_folder

__all__ = [
    "DEFAULT_NAME",
    "FAILED",
    "MANIFEST",
    "BatchResult",
    "BatchStatus",
    "Bundles",
    "Selection",
    "Told",
    "account_folder",
    "batch_status",
    "run_batch",
]
