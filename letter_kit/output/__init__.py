"""Safe file names, files written whole or not at all, folders and object stores."""

from letter_kit.output.cells import spreadsheet_cell
from letter_kit.output.files import GrowingFile, TakenError, write_file, writing_file
from letter_kit.output.folder import FolderLock, FolderStore
from letter_kit.output.names import collision_key, safe_name, subfolder
from letter_kit.output.stores import Store, is_url, open_bucket, open_store

__all__ = [
    "FolderLock",
    "FolderStore",
    "GrowingFile",
    "Store",
    "TakenError",
    "collision_key",
    "is_url",
    "open_bucket",
    "open_store",
    "safe_name",
    "spreadsheet_cell",
    "subfolder",
    "write_file",
    "writing_file",
]
