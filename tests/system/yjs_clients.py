"""Clients that nobody here wrote: npm's y-websocket in a Node of its own, told what to do line by line."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import hatch_build
from tests.house import Person

LINE_BYTES = 16 * 2**20


class YjsClients:
    """Any number of Yjs clients in one Node."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lock = asyncio.Lock()

    async def do(self, what: str, client: str = "", **more: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._lock, asyncio.timeout(50):
            ask = {"do": what, "client": client, **more}
            self._process.stdin.write(json.dumps(ask).encode() + b"\n")
            await self._process.stdin.drain()
            line = await self._process.stdout.readline()
        assert line, f"Node ended at {ask}"
        return json.loads(line)

    async def open(self, client: str, who: Person, sketch: int, what: str = "open") -> None:
        """A new client, or with `move` the same one at another instance; in sync when it returns."""
        url = f"{who.url.replace('http', 'ws', 1)}/ws/sketches"
        assert await self.do(what, client, url=url, sketch=str(sketch), token=who.token)


@asynccontextmanager
async def yjs_clients() -> AsyncIterator[YjsClients]:
    """With the very packages of the web client's lock, y-websocket among them."""
    await asyncio.to_thread(hatch_build.install, with_checks=True)
    process = await asyncio.create_subprocess_exec(
        *(hatch_build.NODE, Path(__file__).with_suffix(".cjs"), hatch_build.WEB),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES,
    )
    clients = YjsClients(process)
    try:
        yield clients
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
