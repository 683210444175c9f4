"""A hostile campaign or frame ends in a clear error, in good time and bounded memory."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, SENDER

BOMBS = {
    "power": "{{ 10**(10**9) }}",
    "power in a condition": "{% if 10**(10**9) %}x{% endif %}",
    "text repeated": "{{ 'a' * 10**9 }}",
    "list repeated": "{{ [1] * 1000000000 }}",
    "format": "{{ '%1000000000d' % 1 }}",
    "centred": "{{ 'a' | center(1000000000) }}",
    "shift of sizes": "{{ 'a' | indent(1000000000) }}",
    "range": "{% for i in range(1000000000) %}{% endfor %}",
    "loops in loops": "{% set x = '0123456789' %}" + "".join(
        f"{{% for {name} in x %}}" for name in "abcdefghij"
    ) + "{% endfor %}" * 10,
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "doubling": "{% set x0 = '0123456789' %}" + "".join(
        f"{{% set x{n} %}}{{{{ x{n - 1} }}}}{{{{ x{n - 1} }}}}{{% endset %}}" for n in range(1, 40)
    ),
    "joined": "{% set x0 = '0123456789' %}" + "".join(
        f"{{% set x{n} = x{n - 1} ~ x{n - 1} %}}" for n in range(1, 40)
    ),
    "brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "conditions in conditions": "{% if 1 %}" * 3000 + "{% endif %}" * 3000,
    "large literal": "{{ " + "9" * 100_000 + " }}",
    "blocks of quotes": ">" * 90_000 + " x",
    "brackets in Markdown": "[" * 50_000 + "]" * 50_000,
    "half a character": '{{ "\\ud800" }}',
    "many loops that each end": (
        "".join(f"{{% for {name} in '0123456789' %}}" for name in "abcdef") + "{% endfor %}" * 6
    )
    * 70,
}  # fmt: skip

LIMIT_SECONDS = 15
LIMIT_BYTES = 1_000_000_000


def command(*arguments: str) -> tuple[int, str, float]:
    """Exit code, messages and seconds of a ``letter-kit`` in a process of its own."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "letter_kit", *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    return done.returncode, done.stderr, time.monotonic() - began


MAY_END_BY_THEMSELVES = {"blocks of quotes", "brackets in Markdown", "many loops that each end"}

# The long ones do not fit on a line of front matter; Markdown in an ask is tried in a body.
PLACES = [(bomb, "body") for bomb in BOMBS] + [
    (bomb, "ask") for bomb in BOMBS if len(BOMBS[bomb]) < 5_000
]


@pytest.mark.parametrize(("bomb", "place"), PLACES)
def test_a_hostile_text_ends_in_a_clear_error(own_campaign: Path, bomb: str, place: str) -> None:
    text = (own_campaign / "fr.md").read_text("utf-8")
    if place == "body":
        text += BOMBS[bomb]
    else:
        escaped = BOMBS[bomb].replace("\\", "\\\\").replace('"', '\\"')
        text = text.replace('speeches = "de', f'speeches = "{escaped} de', 1)
    (own_campaign / "fr.md").write_text(text, "utf-8")
    person = ["--set", "recipient.office=foreign_minister", "--set", "recipient.country=SN"]
    write = ["write", str(own_campaign), *person, "--from", str(SENDER), "--format", "html"]
    for arguments in (write, ["check", str(own_campaign)]):
        code, said, seconds = command(*arguments, *(["-o", "-"] if arguments is write else []))
        harmless = bomb in MAY_END_BY_THEMSELVES and code == 0
        if not harmless:
            assert code == 2, said
            assert "error: " in said
            assert "Traceback" not in said
        assert seconds < LIMIT_SECONDS
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert largest < LIMIT_BYTES


FRAMES = {
    "loops in loops": (BOMBS["loops in loops"], "", 2),
    "doubling": (BOMBS["doubling"], "", 2),
    "power": ("{{ 10**(10**9) }}", "", 2),
    "extends itself": ("{% extends 'letter.html.j2' %}", "", 2),
    "includes itself": ("{% include 'letter.html.j2' %}", "", 2),
    "includes another file": ("{% include '/etc/passwd' %}", "", 2),
    "elements in elements": ("<div>" * 3_000, "", 2),
    "braces": ("", "p{" * 5_000, 2),
    "brackets": ("", "p{width:" + "calc(" * 3_000, 2),
    "infinite": ("", "p{font-size:-1px;width:1e400px}", 2),
    "huge letters": ("", "p{font-size:1e9px}", 2),
    "colour profile": ("", "@color-profile --x{src:url(http://127.0.0.1:9/)}", 2),
    "import": ("", "@import 'file:///etc/passwd';", 2),
    "picture elsewhere": ("<img src='http://127.0.0.1:9/x.png' alt='x'>", "", 2),
    "file elsewhere": ("<img src='file:///etc/passwd' alt='x'>", "", 2),
    "script": ("<script>x</script>", "", 2),
    "script in an attribute": ("<p onclick='x'>", "", 2),
    "link": ("<a href='javascript:x'>x</a>", "", 2),
    "address put together": (
        "{% set u = 'http://127.0.0.1:9/' %}<img src='{{ u }}' alt='x'>",
        "",
        2,
    ),
    "second candidate": ("<img srcset='data:image/png, http://127.0.0.1:9/' alt='x'>", "", 2),
    "element put together": ("<{{ 'script' }}>x</{{ 'script' }}>", "", 2),
    "escaped url": ("", "p{background:\\75rl(http://127.0.0.1:9/)}", 2),
    "image set": ("", "p{background:image-set('http://127.0.0.1:9/' 1x)}", 2),
    "attachment": ("<link rel='attachment' href='file:///etc/passwd'>", "", 2),
}


# HTML is not laid out, and whether WeasyPrint passes over such a style is its own affair.
MAY_PASS = {"elements in elements", "braces", "brackets", "infinite", "huge letters"}


@pytest.mark.parametrize("form", ["html", "pdf"])
@pytest.mark.parametrize("frame", FRAMES)
def test_a_hostile_frame_ends_in_a_clear_error(tmp_path: Path, frame: str, form: str) -> None:
    html, css, expected = FRAMES[frame]
    (tmp_path / "letter.html.j2").write_text(
        '<html lang="{{ letter.language }}"><title>x</title><h1>x</h1>'
        f"<style>{{{{ css }}}}</style>{html}<p>{{{{ body }}}}</p>",
        "utf-8",
    )
    (tmp_path / "letter.css").write_text(css, "utf-8")
    person = ["--set", "recipient.office=foreign_minister", "--set", "recipient.country=SN"]
    code, said, seconds = command(
        "write", "un2020", *person, "--from", str(SENDER), "--template", str(tmp_path),
        "--format", form, "--date", "2019-09-03",
    )  # fmt: skip
    if not (code == 0 and frame in MAY_PASS):
        assert code == expected, said
        assert "error: " in said
        assert str(tmp_path) in said
    assert "defect" not in said
    assert seconds < LIMIT_SECONDS
