"""The memory of a run: what was made for whom."""

from letter_kit.ledger.database import LEDGER, ledger_error
from letter_kit.ledger.records import FileRecord, Ledger, Record, Status

__all__ = ["LEDGER", "FileRecord", "Ledger", "Record", "Status", "ledger_error"]
