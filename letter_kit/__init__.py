"""letter-kit: campaign letters to ministries, correctly addressed, in Markdown, HTML and PDF.

What a program needs is here; the command line uses nothing else.

    >>> from letter_kit import load_campaign
    >>> load_campaign("un2020").languages[0]
    'fr'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from letter_kit.batch import (
        BatchResult,
        BatchStatus,
        Bundles,
        Selection,
        batch_status,
        run_batch,
    )
    from letter_kit.campaigns import load_campaign
    from letter_kit.checks import check_campaign, check_recipients
    from letter_kit.engines import DirectWorker, GuardedWorker, Limits, Worker
    from letter_kit.errors import (
        CampaignError,
        InputError,
        LetterError,
        LetterKitError,
        Problem,
        RecipientError,
        RunawayError,
        SenderError,
        SetupError,
        TemplateError,
    )
    from letter_kit.formats import FORMATS
    from letter_kit.letters import (
        Explanation,
        Mailing,
        WrittenLetter,
        letter_language,
        write_letter,
        write_letters,
    )
    from letter_kit.library import Library
    from letter_kit.models import (
        Ask,
        Asset,
        Campaign,
        CampaignField,
        CampaignText,
        ChosenAsk,
        Document,
        Letter,
        Organisation,
        Recipient,
        Sender,
        Signatory,
    )
    from letter_kit.people import (
        Note,
        RecipientList,
        Row,
        Understood,
        load_recipient,
        load_recipients,
        load_row,
        load_sender,
        recipient_from_values,
    )
    from letter_kit.printing import (
        CombinedFile,
        CombinedPart,
        Labels,
        combine_pdfs,
        write_labels,
        zip_files,
    )

# Where each public name lives. It is imported when it is first used: a letter in Markdown
# need not wait for what only a PDF needs.
_HOMES = {
    "batch": (
        "BatchResult",
        "BatchStatus",
        "Bundles",
        "Selection",
        "batch_status",
        "run_batch",
    ),
    "campaigns": ("load_campaign",),
    "checks": ("check_campaign", "check_recipients"),
    "engines": ("DirectWorker", "GuardedWorker", "Limits", "Worker"),
    "errors": (
        "CampaignError",
        "InputError",
        "LetterError",
        "LetterKitError",
        "Problem",
        "RecipientError",
        "RunawayError",
        "SenderError",
        "SetupError",
        "TemplateError",
    ),
    "formats": ("FORMATS",),
    "letters": (
        "Explanation",
        "Mailing",
        "WrittenLetter",
        "letter_language",
        "write_letter",
        "write_letters",
    ),
    "library": ("Library",),
    "models": (
        "Ask",
        "Asset",
        "Campaign",
        "CampaignField",
        "CampaignText",
        "ChosenAsk",
        "Document",
        "Letter",
        "Organisation",
        "Recipient",
        "Sender",
        "Signatory",
    ),
    "people": (
        "Note",
        "RecipientList",
        "Row",
        "Understood",
        "load_recipient",
        "load_recipients",
        "load_row",
        "load_sender",
        "recipient_from_values",
    ),
    "printing": (
        "CombinedFile",
        "CombinedPart",
        "Labels",
        "combine_pdfs",
        "write_labels",
        "zip_files",
    ),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__version__ = "0.1.0"
__all__ = ["__version__", *sorted(_HOME_OF)]  # built from the table above


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        return getattr(import_module(f"letter_kit.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module 'letter_kit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
