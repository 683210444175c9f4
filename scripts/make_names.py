"""Makes letter_kit/people/names/: countries and languages by the names that lists give them.

Sources: languages/*/countries.csv, the Unicode CLDR (in Babel), and names.toml beside
this script. Where two countries bear one name, languages/ goes before CLDR; what is left
over means neither, and is printed.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.core import get_global

from letter_kit.people.columns import columns
from letter_kit.people.countries import folded_name

ROOT = Path(__file__).parent.parent
NAMES = ROOT / "letter_kit" / "people" / "names"
LOCALES = """
af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it
ja ka kk km kn ko ky lo lt lv mk ml mn mr ms mt my nb ne nl nn pa pl pt pt_PT ro ru rw si sk sl so
sq sr sr_Latn sv sw ta te tg th tk tr uk ur uz vi zh zh_Hant zu
"""
LANGUAGES = """
af am ar az be bg bn bs ca cs cy da de dz el en es et eu fa fi fr ga he hi hr hu hy id is it ja ka
kk km ko ky la lb lo lt lv mg mk mn ms mt my nb ne nl nn no pl ps pt rn ro ru rw si sk sl so sq sr
sv sw ta tg th ti tk tr uk ur uz vi zh
"""
_COLUMNS = ("short", "formal", "the", "formal_the", "postal", "aliases")
_OUR_FIRST = ("en", "fr", "es", "ar", "ru", "zh", "de", "it", "pt")


def main() -> None:
    NAMES.mkdir(exist_ok=True)
    hand = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
    ambiguous = {codes: keys_of(names) for codes, names in hand["ambiguous"].items()}
    settled = {key: codes for codes, keys in ambiguous.items() for key in keys}
    for source in (by_hand(hand["countries"]), ours(), codes_of_iso(), cldr()):
        claims: dict[str, set[str]] = {}
        for code, name in source:
            if key := folded_name(name):
                claims.setdefault(key, set()).add(code)
        for key, codes in claims.items():
            if key in settled:
                continue
            if len(codes) > 1:
                print(f"{key}: {' '.join(sorted(codes))}")
            settled[key] = " ".join(sorted(codes))
    write("countries.csv", settled, {c: Locale("en").territories[c] for c in columns().countries})
    write("languages.csv", languages(hand["languages"]), Locale("en").languages)


def languages(by_hand: dict[str, list[str]]) -> dict[str, str]:
    """Languages by their folded names, and by their codes of three letters."""
    names = {folded_name(text): code for code, texts in by_hand.items() for text in texts}
    locales = [Locale.parse(name) for name in LOCALES.split()]
    for code in LANGUAGES.split():
        own = Locale.parse(code).languages.get(code, "") if code in LOCALES.split() else ""
        for name in (own, *(locale.languages.get(code, "") for locale in locales)):
            names.setdefault(folded_name(name), code)
    names.update({code: code for code in LANGUAGES.split()})
    for alias, code in get_global("language_aliases").items():
        if code in LANGUAGES.split() and len(alias) == len("fra"):
            names.setdefault(alias, code)
    names.pop("", None)
    return names


def by_hand(names: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((code, form) for code, texts in names.items() for text in texts for form in forms(text))


def ours() -> Iterator[tuple[str, str]]:
    """The names of languages/, each turned round as well: *Senegal (Republic of)*."""
    for path in sorted((ROOT / "languages").glob("*/countries.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names = [part for column in _COLUMNS for part in (row[column] or "").split("|")]
                short = row["short"]
                for name in names:
                    for form in forms(name):
                        yield row["code"], form
                    if short in name and name != short and path.parent.name in _OUR_FIRST[:3]:
                        yield row["code"], f"{short} {name.replace(short, '', 1)}"


def codes_of_iso() -> Iterator[tuple[str, str]]:
    """Alpha-3 and numeric codes."""
    for alias, codes in get_global("territory_aliases").items():
        if (
            len(codes) == 1
            and codes[0] in columns().countries
            and re.fullmatch(r"[A-Z]{3}|\d{3}", alias)
        ):
            yield codes[0], alias


def cldr() -> Iterator[tuple[str, str]]:
    for name in LOCALES.split():
        for code, text in Locale.parse(name).territories.items():
            if code in columns().countries:
                for form in forms(text):
                    yield code, form


def forms(name: str) -> Iterator[str]:
    """A name as it stands, and with *St.* and *&* for *Saint* and *and*."""
    yield name
    for long, short in (
        ("Saint ", "St "),
        ("Saint-", "St-"),
        ("Sankt ", "St. "),
        ("Santa ", "Sta. "),
    ):
        if long in name:
            yield name.replace(long, short)
    for joint in (" and ", " et ", " y ", " und ", " e ", "-et-"):
        if joint in name:
            yield name.replace(joint, " ")


def keys_of(names: list[str]) -> list[str]:
    return [folded_name(name) for name in names]


def write(file: str, settled: dict[str, str], english: dict[str, str]) -> None:
    keys: dict[str, list[str]] = {}
    for key, codes in settled.items():
        keys.setdefault(codes, []).append(key)
    with (NAMES / file).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        for codes, texts in sorted(keys.items()):
            writer.writerow((codes, english.get(codes, ""), " ".join(sorted(texts))))


if __name__ == "__main__":
    main()
