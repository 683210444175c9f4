"""Arrows between the parts point down only."""

import ast
from pathlib import Path

import pytest

import letter_kit

PACKAGE = Path(letter_kit.__file__).parent

# From the top down. A part may import what stands below it, and itself; parts on one line
# are equals that may not import each other.
ORDER = (
    ("__main__",),
    ("cli",),
    ("checks",),
    ("batch",),
    ("ledger", "printing"),
    ("letters",),
    ("mailing",),
    ("quality",),
    ("engines",),
    ("output",),
    ("formats",),
    ("stencils",),
    ("layout",),
    ("merging",),
    ("context",),
    ("protocol",),
    ("language",),
    ("campaigns", "people", "frames"),
    ("assets",),
    ("reading",),
    ("library",),
    ("paths",),
    ("models",),
    ("closing", "errors", "writing"),
)
LEVEL = {part: level for level, parts in enumerate(ORDER) for part in parts}

# What a part must not know, whatever stands below it.
FORBIDDEN = {
    "cli": {"jinja2", "babel", "weasyprint", "sqlite3"},
    "letters": {"click"},
    "batch": {"click"},
    "printing": {"letter_kit.campaigns", "letter_kit.letters", "jinja2", "weasyprint", "click"},
    "engines": {"letter_kit.letters", "letter_kit.models", "click"},
    "output": {"letter_kit.models", "click"},
    "formats": {"letter_kit.campaigns", "letter_kit.people", "click"},
    "layout": {"jinja2", "click"},
    "merging": {"csv", "weasyprint", "click"},
    "context": {"jinja2", "time", "pathlib", "os", "click"},
    "protocol": {"letter_kit.campaigns", "click"},
    "language": {"letter_kit.campaigns", "click"},
    "campaigns": {"letter_kit.people", "letter_kit.output", "click"},
    "people": {"letter_kit.campaigns", "letter_kit.output", "click"},
    "models": {"letter_kit.reading", "click"},
    "errors": {"letter_kit.models", "click"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":
        return  # the exports reach every part by their nature
    assert part in LEVEL, f"{part} has no place in the table"
    for name in imports(path):
        if not name.startswith("letter_kit."):
            continue
        target = name.split(".")[1]
        assert target == part or LEVEL[target] > LEVEL[part], f"{path} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_part_knows_what_it_must_not(path: Path) -> None:
    for name in imports(path):
        for forbidden in FORBIDDEN.get(part_of(path), ()):
            assert name != forbidden
            assert not name.startswith(f"{forbidden}."), f"{path} imports {name}"


def test_one_package_knows_the_private_parts_of_weasyprint() -> None:
    public = {"weasyprint", "weasyprint.text.fonts", "weasyprint.urls"}  # as its manual has them
    knowing = {
        path.parent.relative_to(PACKAGE).as_posix()
        for path in modules()
        for name in imports(path)
        if name.partition(".")[0] == "weasyprint" and name not in public
    }
    assert knowing == {"stencils/inside"}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 350


def test_every_public_name_is_there() -> None:
    for name in letter_kit.__all__:
        assert getattr(letter_kit, name) is not None


def test_every_module_exports_what_it_defines() -> None:
    for path in modules():
        tree = ast.parse(path.read_text("utf-8"))
        names = {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        }
        exported = {
            name
            for node in tree.body
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
            for name in _texts(node.value)
        }
        assert names <= exported, f"{path}: {names - exported}"


def _texts(node: ast.expr) -> set[str]:
    """The texts in a list, passing over what is computed."""
    elements = node.elts if isinstance(node, ast.List) else []
    return {str(item.value) for item in elements if isinstance(item, ast.Constant)}
