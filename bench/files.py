"""Files of 100 MB: what an upload and a download add to the server's memory, and how fast they are.

One worker, a store on disk, the bytes random and made piece by piece. The memory is the resident set of the server's
own process, looked at every 10 ms while the file passes; before it a small file has passed, so that what is loaded once
is there. In the second part four upload at the same time.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable
from typing import NamedTuple

import httpx
import uvloop

from bench.processes import Cpu, cpu_of, memory_of
from bench.results import publish, table, verdict
from bench.running import Person, Server, running

SIZE = 100_000_000
PIECE = os.urandom(500_000)
ROUNDS = 3
TOGETHER = 4
BOUND_MIB = 16
LOOK_SECONDS = 0.01
MIB = 2**20


class Passage(NamedTuple):
    """Of one file, or of several at once."""

    added: int
    seconds: float
    cpu: Cpu


async def _pieces(size: int) -> AsyncIterator[bytes]:
    """No two files alike: the same bytes would be kept once."""
    yield os.urandom(min(size, len(PIECE)))
    for _ in range(size // len(PIECE) - 1):
        yield PIECE


async def _upload(client: httpx.AsyncClient, channel: int, size: int = SIZE) -> str:
    answer = await client.post(
        "/files", params={"channel_id": channel, "name": "data"}, content=_pieces(size)
    )
    answer.raise_for_status()
    assert answer.json()["size"] == max(size // len(PIECE), 1) * min(size, len(PIECE))
    return str(answer.json()["id"])


async def _download(client: httpx.AsyncClient, id_: str) -> None:
    size = 0
    async with client.stream("GET", f"/files/{id_}") as answer:
        answer.raise_for_status()
        async for piece in answer.aiter_raw():
            size += len(piece)
    assert size == SIZE


async def _watched(server: Server, passing: Awaitable[object]) -> Passage:
    """Memory above what the server had before, at its highest."""
    before, cpu, began = memory_of(server.pid).resident, cpu_of(server.pid), time.perf_counter()
    highest = before
    task = asyncio.ensure_future(passing)
    while not task.done():
        await asyncio.wait([task], timeout=LOOK_SECONDS)
        highest = max(highest, memory_of(server.pid).resident)
    await task
    return Passage(highest - before, time.perf_counter() - began, cpu_of(server.pid).since(cpu))


def _client(server: Server, person: Person) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"http://{server.host}:{server.port}/api/v1",
        headers={"Authorization": f"Bearer {person.token}"},
        timeout=60,
    )


async def measure() -> dict[str, list[Passage]]:
    """By what was done, each round's."""
    with running() as server:
        person = server.register("uploader")
        channel = server.channel(person, "files")
        found: dict[str, list[Passage]] = {"upload": [], "download": [], "together": []}
        async with _client(server, person) as client:
            id_ = await _upload(client, channel, 1000)
            (await client.get(f"/files/{id_}")).raise_for_status()
            for _ in range(ROUNDS):
                found["upload"].append(await _watched(server, _upload(client, channel)))
                id_ = await _upload(client, channel)
                found["download"].append(await _watched(server, _download(client, id_)))
            crowd = asyncio.gather(*(_upload(client, channel) for _ in range(TOGETHER)))
            found["together"].append(await _watched(server, crowd))
        return found


def _row(name: str, passages: list[Passage], size: int) -> list[str]:
    best = min(passages, key=lambda passage: passage.seconds)
    return [
        name,
        f"{max(passage.added for passage in passages) / MIB:.1f} MiB",
        f"{size / best.seconds / 1e6:,.0f} MB/s",
        f"{best.cpu.server / size * 1e9:,.1f} s",
    ]


def main() -> int:
    found = uvloop.run(measure())
    added = max(passage.added for passage in found["upload"]) / MIB
    publish(
        "files",
        "Files of 100 MB",
        [
            f"Uploads as the body alone, and downloads, {ROUNDS} rounds; then {TOGETHER} uploads at once.",
            "The memory is the worst round's, the rest the fastest's. Client and server share this machine.",
            table(
                ["", "memory added", "throughput", "CPU of the server for a GB"],
                [
                    _row("upload", found["upload"], SIZE),
                    _row("download", found["download"], SIZE),
                    _row(f"{TOGETHER} uploads at once", found["together"], SIZE * TOGETHER),
                ],
            ),
            verdict("memory that an upload adds", added, BOUND_MIB, "MiB", at_most=True),
        ],
    )
    return 0 if added <= BOUND_MIB else 1


if __name__ == "__main__":
    sys.exit(main())
