"""The demo provider, scripted: for each request in turn what it answers, down to the bytes and the silences."""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from server.demo_provider import DemoProvider, Line, chunk

Ask = dict[str, Any]
Step = Callable[[Ask, Line], Awaitable[None]]

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


class FakeProvider(DemoProvider):
    """Plays the scripts in the order in which they were put there, then `default`."""

    def __init__(self, *default: Step) -> None:
        super().__init__()
        self.scripts: deque[tuple[Step, ...]] = deque()
        self.default = default or (begin, say("Hello", " there"), usage(), done)
        self.begun = asyncio.Event()

    def script(self, *steps: Step) -> None:
        self.scripts.append(steps)

    async def answer(self, ask: Ask, line: Line) -> None:
        self.begun.set()
        for step in self.scripts.popleft() if self.scripts else self.default:
            await step(ask, line)

    async def all_closed(self, seconds: float = 5.0) -> None:
        """Returns when no connection is open."""
        async with asyncio.timeout(seconds):
            while self.open:  # noqa: ASYNC110 - a closed connection tells nobody
                await asyncio.sleep(0.005)


async def begin(_: Ask, line: Line) -> None:
    """The head of a stream."""
    await line.begin()


async def done(_: Ask, line: Line) -> None:
    await line.end()


async def close(_: Ask, line: Line) -> None:
    """Whole as HTTP has it, and yet too early."""
    await line.close()


async def stall(_: Ask, __: Line) -> None:
    """Nothing more, for ever."""
    await asyncio.Event().wait()


async def reset(_: Ask, line: Line) -> None:
    """RST in the middle."""
    await line.writer.drain()
    await asyncio.sleep(0.02)  # or it would overtake what was written
    connection: socket.socket = line.writer.transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.writer.transport.abort()
    raise ConnectionResetError


def say(*words: str, pause: float = 0.0, finish: str | None = "stop") -> Step:
    """Words as events, with a pause before each."""

    async def step(ask: Ask, line: Line) -> None:
        for word in words:
            await asyncio.sleep(pause)
            await line.event(chunk(ask, {"content": word}))
        if finish:
            await line.event(chunk(ask, {}, finish=finish))

    return step


def until(event: asyncio.Event) -> Step:
    """Silence until the test says otherwise."""

    async def step(_: Ask, __: Line) -> None:
        await event.wait()

    return step


def usage(value: Any = None) -> Step:
    async def step(ask: Ask, line: Line) -> None:
        await line.event(chunk(ask) | {"choices": [], "usage": USAGE if value is None else value})

    return step


def event(value: Any) -> Step:
    async def step(_: Ask, line: Line) -> None:
        await line.event(value)

    return step


def raw(data: bytes) -> Step:
    """These bytes within the stream."""

    async def step(_: Ask, line: Line) -> None:
        await line.raw(data)

    return step


def status(number: int, message: str = "no") -> Step:
    async def step(_: Ask, line: Line) -> None:
        await line.json({"error": {"message": message}}, number)

    return step


def page(body: bytes) -> Step:
    """A stream's head, but of another type."""

    async def step(_: Ask, line: Line) -> None:
        await line.begin("text/html")
        await line.raw(body)
        await line.close()

    return step


def call(name: str, arguments: str, *, index: int = 0) -> Step:
    """A tool call, its arguments in two pieces."""

    async def step(ask: Ask, line: Line) -> None:
        half = len(arguments) // 2
        first = {
            "id": f"call-{index}",
            "type": "function",
            "function": {"name": name, "arguments": arguments[:half]},
        }
        await line.event(chunk(ask, {"tool_calls": [{"index": index, **first}]}))
        rest = {"index": index, "function": {"arguments": arguments[half:]}}
        await line.event(chunk(ask, {"tool_calls": [rest]}))

    return step


def call_end() -> Step:
    async def step(ask: Ask, line: Line) -> None:
        await line.event(chunk(ask, {}, finish="tool_calls"))

    return step
