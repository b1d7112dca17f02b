"""The laws of the house that no linter knows: sizes, names, and one list of dependencies."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("server", "handlers", "services", "store", "connections", "models", "sql", "tests")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
NO_NAMES = {"utils", "util", "common", "core", "helpers", "helper", "base", "misc"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def called(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=called)
def test_a_file_is_short_has_a_name_and_begins_by_saying_what_it_holds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= LONGEST_FILE
    assert path.stem not in NO_NAMES
    assert not text.strip() or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=called)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    long = [one.name for one in functions(path) if (one.end_lineno or 0) - one.lineno >= LONGEST_FUNCTION]

    assert long == []


def test_the_lock_and_the_package_want_the_same_things() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {line.strip() for line in (ROOT / "requirements.in").read_text().splitlines()}

    listed = {line for line in wanted if line and not line.startswith("#")}

    assert listed == {*project["project"]["dependencies"], *project["build-system"]["requires"]}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_every_byte_and_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text()

    assert "://" not in text
    assert "--index-url" not in text
    pins = [line for line in text.splitlines() if line[:1].isalnum()]
    assert len(pins) >= 30
    assert all("==" in pin and pin.endswith("\\") for pin in pins)  # the next line is its first hash
