"""The README does what it says: its tour is pasted into a shell and must print what is shown, and its links lead on."""

import ast
import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from server.routes import DOORS
from server.settings import PREFIX, Settings
from tests.server.running import ROOT, environment, run

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{name}.md" for name in ("architecture", "decisions", "integrations", "protocol", "sketches")),
]
PORT = "127.0.0.1:8000"
END_OF_BLOCK = "---- end of block ----"
SECONDS = 60

PLACEHOLDERS = {
    "<time>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z",
    "<id>": r"[A-Za-z0-9_-]{8,64}",
}


def section(title: str) -> str:
    """The text under a heading."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def steps(text: str) -> list[tuple[str, str]]:
    """Each shell block, and the output shown under it; nothing shown means that nothing is printed."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    following = [*blocks[1:], ("", "")]
    return [
        (body, shown if kind == "text" else "")
        for (language, body), (kind, shown) in zip(blocks, following, strict=True)
        if language == "sh"
    ]


def pattern(shown: str) -> str:
    """What a line of the README stands for, as a regular expression."""
    parts = re.split("(" + "|".join(PLACEHOLDERS) + ")", shown)
    return "".join(PLACEHOLDERS.get(part) or re.escape(part) for part in parts)


def paste(blocks: list[str]) -> list[str]:
    """What each block prints when all are pasted, one after the other, into one shell in the project's folder."""
    script = "".join(f"{block}\necho '{END_OF_BLOCK}'\n" for block in blocks)
    done = subprocess.run(
        ["/bin/sh"],
        input=script,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=environment({"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}),
        timeout=SECONDS,
        check=True,
    )
    return done.stdout.split(f"{END_OF_BLOCK}\n")[:-1]


@pytest.mark.skipif(
    shutil.which("curl") is None and "CI" not in os.environ, reason="there is no curl to take the tour with"
)
def test_the_tour_prints_what_the_readme_shows(tmp_path: Path) -> None:
    tour = steps(section("A tour in five minutes"))
    assert len(tour) >= 5
    with run("server.cli", "serve", "--port", "0", "--data-dir", tmp_path / "data") as server:
        place = server.url().removeprefix("http://")
        printed = paste([block.replace(PORT, place) for block, _ in tour])

    pairs = list(zip(tour, printed, strict=True))
    for (block, shown), said in pairs:
        lines = itertools.zip_longest(shown.splitlines(), said.splitlines(), fillvalue="(nothing)")
        for expected, line in lines:
            assert re.fullmatch(pattern(expected), line), f"{block}\nshows: {expected}\nprints: {line}"


def test_the_settings_are_all_listed_and_no_others() -> None:
    listed = re.findall(rf"`{PREFIX}([A-Z_]+)`", "".join(re.findall(r"^\| `.*?\|", README, re.MULTILINE)))

    assert sorted(listed) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text(encoding="utf-8"))

    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_every_call_is_in_the_protocol() -> None:
    names = ("protocol.md", "sketches.md", "integrations.md")
    pages = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in names]
    told = re.sub(r"\{\w+\}", "{}", "".join(pages))

    calls = [f"{method} {re.sub(r'{.*?}', '{}', path)}" for method, path, _ in DOORS]

    assert [call for call in calls if not re.search(rf"`{re.escape(call)}[`?]", told)] == []


def test_the_names_in_the_docs_are_those_of_the_code() -> None:
    text = "".join(
        page.read_text(encoding="utf-8") for page in [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]
    )
    mentioned = set(re.findall(r"`([a-z]+/[\w/]+\.(?:py|sql))(?::([\w.]+))?`", text))

    assert [f"{file}:{name}" for file, name in sorted(mentioned) if not is_there(ROOT / file, name)] == []


def is_there(path: Path, name: str) -> bool:
    """Whether the file has what is named within it, as in `Class.method`; without a name, whether it is there."""
    if not path.is_file():
        return False
    inside: list[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body if name else []
    for part in filter(None, name.split(".")):
        found = [node for node in inside if part in names(node)]
        if not found:
            return False
        inside = getattr(found[0], "body", [])
    return True


def names(node: ast.stmt) -> list[str]:
    """What a statement defines."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []
