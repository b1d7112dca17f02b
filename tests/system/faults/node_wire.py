"""node's `ws`, in a process of its own that is told what to do in lines of JSON, and tells what happens likewise."""

import asyncio
import itertools
import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import hatch_build
from tests.system.faults.wires import OPEN_SECONDS, Ears, Refused, Wire

LINE_BYTES = 1 << 20


class Missing(Exception):
    """Node's package can't be had here."""


def install() -> None:
    """The packages of the web client's checks, unless they are there. Call it outside the loop. Raises Missing."""
    try:
        hatch_build.install(with_checks=True)
    except subprocess.CalledProcessError:
        raise Missing("npm ci failed, and said why above") from None


def is_installed() -> bool:
    return hatch_build.is_installed(with_checks=True)


def is_wanted() -> bool:
    """In CI its absence is a failure."""
    return "CI" in os.environ


class Node:
    """The process, where the packages are installed. An async context manager; opens wires in between."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._opening: dict[int, asyncio.Future[None]] = {}
        self._ears: dict[int, Ears] = {}

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(hatch_build.NODE, Path(__file__).with_name("sockets.cjs"), hatch_build.WEB),
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
