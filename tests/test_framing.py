"""Frames that extend others are put together once, and say what Jinja makes of them."""

import random
from dataclasses import replace

import pytest
from conftest import DATE

from letter_kit import Campaign, DirectWorker, Mailing, Sender, TemplateError, write_letters
from letter_kit.formats import framing
from letter_kit.frames import Frame, load_frame
from letter_kit.merging import merge
from letter_kit.models import Letter
from letter_kit.people import recipient_from_values

BASE = "builtin:classic/letter.html.j2"
MACRO = "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}"
ROOT_FRAME = (
    f"{MACRO}<p>{{{{ letter.subject }}}}</p>"
    "{% block head %}<h1>{{ twice(letter.title) }}</h1>{% endblock %}"
    "{% for line in letter.address %}{{ line }};{% endfor %}"
    "{% block foot %}{{ letter.language }}{% endblock %}end"
)
FRAMES = {
    "one block": '{% extends "root" %}{% block foot %}<{{ letter.subject }}>{% endblock %}',
    "both blocks": '{% extends "root" %}{% block foot %}F{% endblock %} no {% block head %}H'
    "{% if letter.cc %}{{ letter.cc | join }}{% endif %}{% endblock %}",
    "a macro of the root": '{% extends "root" %}{% block foot %}{{ twice("f") }}{% endblock %}',
    "super": '{% extends "root" %}{% block foot %}[{{ super() }}]{% endblock %}',
    "set": '{% extends "root" %}{% set x = "X" %}{% block foot %}{{ x }}{% endblock %}',
    "two steps": '{% extends "middle" %}{% block foot %}mine{% endblock %}',
    "a block that is nowhere": '{% extends "root" %}{% block other %}lost{% endblock %}',
    "text before": 'before {% extends "root" %}',
    "chosen": '{% if letter.cc %}{% extends "root" %}{% endif %}rest',
    "include": '{% include "middle" %}',
    "no extension": "{% block a %}{{ letter.title }}{% endblock %}{% if letter.cc %}cc{% endif %}",
    "a block in a loop": "{% for x in letter.address %}{% block a scoped %}{{ x }}{% endblock %}"
    "{% endfor %}",
}
OTHERS = {
    "root": ROOT_FRAME,
    "middle": '{% extends "root" %}{% block head %}M{% endblock %}{% block foot %}m{% endblock %}',
}


@pytest.fixture(scope="module")
def letter(un2020: Campaign, sender: Sender) -> Letter:
    mailing = Mailing(un2020, sender, DATE, ("markdown",), load_frame("classic"))
    who = recipient_from_values({"office": "foreign_minister", "country": "SN", "cc": "A & <B>"})
    return write_letters(mailing, who, worker=DirectWorker())[0].letter


def filled(frame: Frame, letter: Letter) -> str:
    return framing.fill_frame(frame, "letter.html.j2", str.upper, letter)


@pytest.mark.parametrize("case", FRAMES)
def test_a_frame_says_the_same_put_together_once_or_for_each_letter(
    letter: Letter, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    files = {"letter.html.j2": FRAMES[case], **OTHERS}
    letters = [letter, replace(letter, cc=()), letter, replace(letter, address=("one", "two"))]
    once = [filled(Frame(f"once-{case}", "here", files), each) for each in letters]
    monkeypatch.setattr(framing, "_unfolded", lambda passage, parse: [passage])
    monkeypatch.setattr("letter_kit.merging.parts.are_dependent", lambda nodes: True)
    assert once == [filled(Frame(f"each-{case}", "here", files), each) for each in letters]


@pytest.mark.parametrize("template", ["classic", "modern"])
def test_letters_in_any_order_say_what_they_say_in_templates_that_are_rendered_whole(
    un2020: Campaign, sender: Sender, monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    mailings = [
        Mailing(un2020, each, DATE, ("html", "markdown"), load_frame(template))
        for each in (sender, replace(sender), replace(sender, reference="A & <B>"))
    ]
    people = [
        recipient_from_values(
            {"office": "foreign_minister", "country": country, "gender": gender, "full_name": name}
            | ({"cc": "A & <B>"} if name == "Eva" else {})
        )
        for country in ("SN", "PE", "GB", "SA", "FR")
        for gender in "fmx"
        for name in ("Ana", "Eva", "O'Ana *x*")
    ]
    chance = random.Random(1)  # noqa: S311  # no secret
    letters = [(chance.choice(mailings[:2]), chance.choice(people)) for _ in range(60)]
    letters += [(chance.choice(mailings), chance.choice(people)) for _ in range(90)]

    def written() -> list[bytes]:
        merge._compile.cache_clear()
        framing._template.cache_clear()
        return [
            each.document.content
            for mailing, who in letters
            for each in write_letters(mailing, who, worker=DirectWorker())
        ]

    in_parts = written()
    monkeypatch.setattr(framing, "_unfolded", lambda passage, parse: [passage])
    monkeypatch.setattr("letter_kit.merging.parts.are_dependent", lambda nodes: True)
    assert in_parts == written()
    merge._compile.cache_clear()
    framing._template.cache_clear()


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('{% extends "root" %}\n{% block foot %}\n{{ letter.nothing }}{% endblock %}', 3),
        ("one\n{% if letter.cc %}\n\n{{ letter.nothing }}{% endif %}", 4),
        ("one\n\n{{ letter.nothing }}", 3),
        ('{% extends "root" %}\n{% block foot %}{{ x }}{% set x = 1 %}\n{% endblock %}', 2),
    ],
)
def test_an_error_names_the_line_of_the_frame(letter: Letter, source: str, line: int) -> None:
    frame = Frame(f"line {line}", "here", {"letter.html.j2": source, **OTHERS})
    for _ in range(2):
        with pytest.raises(TemplateError) as told:
            filled(frame, letter)
        (problem,) = told.value.problems
        assert (problem.path, problem.line) == ("here/letter.html.j2", line)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('{% extends "letter.html.j2" %}', "nested too deeply"),
        ('{% extends "gone" %}', "includes gone"),
        ('{% extends "root" %}{% block a %}{% block a %}{% endblock %}{% endblock %}', "defined"),
        ('{% extends "root" %}{% blok %}', "blok"),
        ('{% extends "root" %}{% block foot %}{{ self.head() }}{% endblock %}', "not safely"),
    ],
)
def test_a_frame_that_cannot_be_put_together_is_told(
    letter: Letter, source: str, said: str
) -> None:
    frame = Frame(f"bad {source}", "here", {"letter.html.j2": source, **OTHERS})
    with pytest.raises(TemplateError, match=said):
        filled(frame, letter)
