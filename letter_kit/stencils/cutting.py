"""Parts of a page that stand on their own, such as the address: cut out of its markup.

A rule of the style sheet that is for a part alone goes with it, so that pages which differ only
in where, and how large, their address is have all the rest in common.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from letter_kit.stencils.markup import METADATA, Markup

__all__ = ["Cutting", "Region", "ancestors", "cut", "tag_name"]

_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_CLASSES = re.compile(r'\sclass="([^"]*)"')
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_RULE = re.compile(r"^\.([\w-]+)\{[^{}]*\}\n", re.MULTILINE)
"""A rule for one class, on a line of its own."""
_TOP = re.compile(r"(?<![\w-])top:([\d.]+)mm")
_ASIDE = re.compile(r"/\*.*?\*/|@page[^{]*\{(?:[^{}]|\{[^{}]*\})*\}", re.DOTALL)
_FAR = re.compile(
    r"[+~]|:(?:has\(|nth-|first-(?:child|of)|last-|only-|empty)|counter|(?:open|close)-quote"
    r"|string|running\(|element\(|target|url\(|@(?!media|page)"
)
"""What makes an element look otherwise for what is beside it, or sheets for their order."""
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
}  # fmt: skip
"""Elements without an end tag (HTML Standard, 13.1.2)."""


class Region(NamedTuple):
    """A part of a page, or what is around the parts."""

    frame: str
    """Its markup, with the rules that are for it alone."""
    places: tuple[int, ...]
    """The places of its texts among those of the page."""
    top: float = 0.0
    """Where the rules put it, in mm; the frame does not say it."""


class Cutting(NamedTuple):
    """A page taken apart into its parts and what is around them."""

    around: Region
    parts: tuple[Region, ...]
    alone: tuple[str, ...]
    """For each part the page on which nothing else stands, without its style sheets."""
    within: tuple[tuple[str, ...], ...]
    """For each part the start tags of the elements that it is in."""
    sheets: tuple[str, ...]
    """The style sheet in pieces: what is the same from page to page, a rule for a part alone, and
    so on in turn.
    """


def cut(markup: Markup, marks: Sequence[str]) -> Cutting | None:
    """Cut the elements with these start tags out, or ``None`` where they cannot be told."""
    style = _STYLE.search(markup.head)
    if style is None or any(markup.head.count(tag) > most for tag, most in _HEAD):
        return None
    if _FAR.search(_ASIDE.sub("", style[1])):
        return None
    tags = markup.tags
    spans = [_span(tags, mark) for mark in marks]
    inside = [place for span in spans for place in span]
    if not all(spans) or len(inside) != len(set(inside)):
        return None
    outer = [tag for place, tag in enumerate(tags) if place not in set(inside)]
    sheets, common, rules = _own_rules(style[1], _own_classes(marks, outer))
    before, after = markup.head[: style.start(1)], markup.head[style.end(1) :]
    shift = len(METADATA)
    places = [tuple(place + shift for place in span[1:]) for span in spans]
    taken = {place for those in places for place in those}
    return Cutting(
        Region(
            "".join((before, *common, after, *outer)),
            tuple(place for place in range(len(markup.texts)) if place not in taken),
        ),
        tuple(
            _part(rules.get(mark, []), [tags[place] for place in span], those)
            for mark, span, those in zip(marks, spans, places, strict=True)
        ),
        tuple(_alone(markup, span) for span in spans),
        tuple(tuple(_within(markup, span)) for span in spans),
        tuple(sheets),
    )


_HEAD = (("<style", 1), ("<link", 0), ("<base", 0))
"""What a head may hold, and how often, for its style sheet to be told."""


def tag_name(tag: str) -> str:
    """The name of a start or end tag, ``""`` for anything else."""
    found = _NAME.match(tag)
    return found[1].lower() if found else ""


def ancestors(markup: Markup, place: int) -> list[str]:
    """The start tags of the elements around the tag at ``place``, the outermost first."""
    around: list[str] = []
    for tag in markup.tags[:place]:
        if tag.startswith("</"):
            while around and tag_name(around.pop()) != tag_name(tag):
                pass
        elif tag_name(tag) and tag_name(tag) not in _VOID:
            around.append(tag)
    return around


def _span(tags: Sequence[str], mark: str) -> range:
    """The places of an element's tags; empty where there are several such elements, or none."""
    if tags.count(mark) == 1:
        first, depth = tags.index(mark), 0
        for place in range(first, len(tags)):
            if tag_name(tags[place]) == tag_name(mark):
                depth += -1 if tags[place].startswith("</") else 1
                if not depth:
                    return range(first, place + 1)
    return range(0)


def _classes(tag: str) -> list[str]:
    found = _CLASSES.search(tag)
    return found[1].split() if found else []


def _own_classes(marks: Sequence[str], outer: Sequence[str]) -> dict[str, str]:
    """The classes that one part has and nothing else, with the start tag of the part."""
    seen = [name for tag in (*marks, *outer) for name in _classes(tag)]
    return {name: mark for mark in marks for name in _classes(mark) if seen.count(name) == 1}


def _own_rules(
    css: str, owners: Mapping[str, str]
) -> tuple[list[str], list[str], dict[str, list[str]]]:
    """The style sheet in pieces, those of all, and the rules of each owner."""
    sheets, common, at = [], [], 0
    rules: dict[str, list[str]] = {}
    for rule in _RULE.finditer(css):
        before = css[at : rule.start()]
        if rule[1] not in owners or before.count("{") != before.count("}"):
            continue
        sheets += [before, rule[0]]
        common.append(before)
        rules.setdefault(owners[rule[1]], []).append(rule[0])
        at = rule.end()
    return [*sheets, css[at:]], [*common, css[at:]], rules


def _part(rules: Sequence[str], tags: Sequence[str], places: tuple[int, ...]) -> Region:
    said = "".join(rules)
    tops = _TOP.findall(said)
    if len(tops) == 1:
        return Region("".join((_TOP.sub("top:", said), *tags)), places, float(tops[0]))
    return Region("".join((said, *tags)), places)


def _within(markup: Markup, span: range) -> list[str]:
    """The start tags around a part, that of the page first."""
    html = re.search(r"<html[^>]*>", markup.head)
    return [html[0] if html else "<html>", *ancestors(markup, span[0])]


def _alone(markup: Markup, span: range) -> str:
    html, *around = _within(markup, span)
    parts = [markup.tags[span[0]]]
    for place in span[1:]:
        parts += [markup.texts[place + len(METADATA)], markup.tags[place]]
    ends = [f"</{tag_name(tag)}>" for tag in reversed(around)]
    return "".join(("<!DOCTYPE html>", html, "<head></head>", *around, *parts, *ends))
