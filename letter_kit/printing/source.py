"""A letter's PDF, opened to be carried over into another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from letter_kit.errors import InputError

if TYPE_CHECKING:
    import pikepdf

__all__ = ["opened_letter"]


@contextmanager
def opened_letter(pdf: Path | bytes, title: str) -> Iterator["pikepdf.Pdf"]:
    """The letter's PDF, its links naming places and not names, which another letter may have.

    Raises `InputError` where it is no PDF, is encrypted, has no pages or no tags, or turns out
    to be damaged while it is used. ``title`` names one that is no file.
    """
    import pikepdf

    named = {"path": str(pdf) if isinstance(pdf, Path) else title}
    again = "Write the letter again, and combine then."
    try:
        file = BytesIO(pdf) if isinstance(pdf, bytes) else pdf
        with pikepdf.open(file, attempt_recovery=False, suppress_warnings=True) as source:
            if source.is_encrypted:
                raise pikepdf.PasswordError
            if not source.pages:
                raise InputError.of("the PDF has no pages", hint=again, **named)
            if (
                "/StructTreeRoot" not in source.Root
                or "/ParentTree" not in source.Root.StructTreeRoot
            ):
                raise InputError.of(
                    "the PDF has no tags, and would take them from the whole",
                    expected="a letter in PDF/UA-1, as letter-kit writes it",
                    hint=again,
                    **named,
                )
            for page in source.pages:
                _make_links_direct(source, page)
            yield source
            if source.get_warnings():
                raise pikepdf.PdfError(str(source.get_warnings()[0]))
    except pikepdf.PasswordError:
        raise InputError.of("the PDF is encrypted", hint=again, **named) from None
    except FileNotFoundError:
        raise InputError.of("there is no such file", hint=again, **named) from None
    except OSError as exc:
        raise InputError.of(
            f"the file cannot be read: {exc.strerror or exc}", hint=again, **named
        ) from None
    except InputError as exc:
        raise exc.at(named["path"]) from None
    except (
        pikepdf.PdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
    ) as exc:
        raise InputError.of(
            f"the file is no PDF, or a damaged one: {exc}"[:300], hint=again, **named
        ) from exc


def _make_links_direct(source: "pikepdf.Pdf", page: "pikepdf.Page") -> None:
    import pikepdf

    for link in page.obj.get("/Annots") or ():
        for holder, key in ((link, "/Dest"), (link.get("/A"), "/D")):
            if holder is None or not isinstance(name := holder.get(key), pikepdf.String):
                continue
            place = pikepdf.NameTree(source.Root.Names.Dests)[str(name)]
            holder[key] = place.D if isinstance(place, pikepdf.Dictionary) else place
