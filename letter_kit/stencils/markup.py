"""An HTML page as its markup and its texts: letters of one shape share the markup."""

import re
from html import unescape
from typing import NamedTuple

__all__ = ["METADATA", "Markup", "taken_apart"]

_TAG = re.compile(r"(<[^>]*>)")
METADATA = ("title", "author", "description")
_METADATA_MARKS = (
    ("<title>", "<"),
    ('<meta name="author" content="', '"'),
    ('<meta name="description" content="', '"'),
)


class Markup(NamedTuple):
    """What stands between the texts of a page, and the texts, as they are written in it.

    Of the head, only title, author and description count as texts; they come first. ``frame``
    is all the markup: that of the head, and the tags from there on, each after one text.
    """

    frame: str
    texts: list[str]
    head: str
    tags: list[str]

    def said(self, index: int) -> str:
        """The text at ``index``, as it reads."""
        text = self.texts[index]
        return unescape(text) if "&" in text else text


def taken_apart(html: str) -> Markup:
    """The markup and the texts of a page."""
    end = html.find("</head>")
    head, body = html[:end], html[end:]
    texts = []
    frame = []
    at = 0
    for mark, last in _METADATA_MARKS:
        begin = head.find(mark, at)
        if begin < 0:
            texts.append("")
            continue
        begin += len(mark)
        stop = head.find(last, begin)
        frame.append(head[at:begin])
        texts.append(head[begin:stop])
        at = stop
    frame.append(head[at:])
    pieces = _TAG.split(body)
    before, tags = "".join(frame), pieces[1::2]
    return Markup("".join((before, *tags)), texts + pieces[::2], before, tags)
