"""A provider without a model: it speaks the chat-completions API, says that it is a demo, and streams word by word.

`CHALKLINE_AI_BASE_URL=demo` starts it beside the server, for whoever has no key. The tests script what it answers.
"""

import argparse
import asyncio
import itertools
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Self

from server.demo_drawing import Call, has_drawn, next_call

MODEL = "demo"
WORDS_PER_SECOND = 40.0
_MOST_BODY = 8 * 1024 * 1024
_WORDS = "the board keeps every line that somebody drew and every word that was said about it"
_DRAWN = "There it is: this demo can draw, too. Undo takes all of it back, and nothing that others drew."
_WORDS_A_CALL = 16
"""A call takes as long as so many words, so that one sees the sketch grow."""

_ASKS_WORDS = re.compile(r"\b(\d{1,5}) words\b")
_SAID = "demo provider listening on "


class Line:
    """One request's way back: whole answers, or an event stream piece by piece."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer

    async def json(self, value: Any, status: int = 200) -> None:
        body = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)
        await self.writer.drain()

    async def begin(self, kind: str = "text/event-stream") -> None:
        self.writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        await self.writer.drain()

    async def raw(self, data: bytes) -> None:
        self.writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        await self.writer.drain()

    async def event(self, value: Any) -> None:
        await self.raw(b"data: " + json.dumps(value).encode() + b"\n\n")

    async def end(self) -> None:
        await self.raw(b"data: [DONE]\n\n")
        await self.close()

    async def close(self) -> None:
        """The stream as HTTP has it, whether or not it was whole as the API has it."""
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()


class DemoProvider:
    """An async context manager. `open` are the connections that are open now, `asked` the requests' bodies."""

    def __init__(self, port: int = 0, words_per_second: float = WORDS_PER_SECOND) -> None:
        self._port = port
        self._pause = 1 / words_per_second
        self._server: asyncio.Server | None = None
        self.open: set[asyncio.StreamWriter] = set()
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Peer(asyncio.StreamReader(), self._serve), "127.0.0.1", self._port, backlog=1024
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self.open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            async for method, path, body in _requests(reader):
                async with _while_there(writer):
                    await self._answer(method, path, body, Line(writer))
        self.open.discard(writer)
        writer.close()

    async def _answer(self, method: str, path: str, body: bytes, line: Line) -> None:
        if (method, path) == ("GET", "/v1/models"):
            await line.json({"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        elif (method, path) == ("POST", "/v1/chat/completions"):
            ask = json.loads(body)
            self.asked.append(ask)
            del self.asked[:-5000]
            await self.answer(ask, line)
        else:
            await line.json({"error": {"message": "There is no such thing here."}}, 404)

    async def answer(self, ask: dict[str, Any], line: Line) -> None:
        """One chat completion, whole or as a stream."""
        words = demo_words(ask)
        usage = usage_of(ask, len(words))
        if not ask.get("stream"):
            choice = {
                "index": 0,
                "message": {"role": "assistant", "content": "".join(words)},
                "finish_reason": "stop",
            }
            await line.json(_completion(ask, "chat.completion") | {"choices": [choice], "usage": usage})
            return
        await line.begin()
        drawing = next_call(ask)
        if drawing is None:
            await self.stream(ask, line, words)
        else:
            await asyncio.sleep(self._pause * _WORDS_A_CALL)
            await self._call(ask, line, drawing)
        if ask.get("stream_options", {}).get("include_usage"):
            await line.event(chunk(ask) | {"choices": [], "usage": usage})
        await line.end()

    async def _call(self, ask: dict[str, Any], line: Line, drawing: Call) -> None:
        function = {"name": drawing.tool, "arguments": json.dumps(drawing.arguments)}
        calls = [{"index": 0, "id": f"call-{len(ask['messages'])}", "type": "function", "function": function}]
        await line.event(chunk(ask, {"role": "assistant", "tool_calls": calls}))
        await line.event(chunk(ask, {}, finish="tool_calls"))

    async def stream(self, ask: dict[str, Any], line: Line, words: Sequence[str]) -> None:
        """Each word when it is due, so that a pause that was too long is made good."""
        began = asyncio.get_running_loop().time()
        await line.event(chunk(ask, {"role": "assistant", "content": ""}))
        for number, word in enumerate(words):
            due = began + number * self._pause - asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, due))
            await line.event(chunk(ask, {"content": word}))
        await line.event(chunk(ask, {}, finish="stop"))


def demo_words(ask: dict[str, Any]) -> list[str]:
    """What the demo says; asked for `300 words`, it says so many."""
    if has_drawn(ask):
        return [f"{word} " for word in _DRAWN.split()]
    question = str(ask["messages"][-1].get("content") or "")
    wanted = _ASKS_WORDS.search(question)
    if wanted:
        return [f"{word} " for word in itertools.islice(itertools.cycle(_WORDS.split()), int(wanted[1]))]
    said = (
        "This is a demo: there is no model behind it, only a program that repeats you, word by word. "
        "Set CHALKLINE_AI_BASE_URL to an OpenAI-compatible endpoint to talk to a model. "
        "Ask it to draw something, such as tea -> water -> cup, and it draws on a sketch. You said: "
    )
    return [f"{word} " for word in (said + question).split()]


def chunk(
    ask: dict[str, Any], delta: dict[str, Any] | None = None, finish: str | None = None
) -> dict[str, Any]:
    """One event of a stream."""
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return _completion(ask, "chat.completion.chunk") | {"choices": [choice]}


def usage_of(ask: dict[str, Any], completion: int) -> dict[str, int]:
    """A word counts as a token here."""
    prompt = sum(len(str(message.get("content") or "").split()) for message in ask["messages"])
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _completion(ask: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-demo",
        "object": kind,
        "created": int(time.time()),
        "model": ask.get("model", MODEL),
    }


async def _requests(reader: asyncio.StreamReader) -> AsyncIterator[tuple[str, str, bytes]]:
    """Until the peer closes."""
    while True:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.split("\r\n")
        method, path, _ = request.split(" ", 2)
        size = next((int(one[15:]) for one in lines if one.lower().startswith("content-length:")), 0)
        if size > _MOST_BODY:
            return
        yield method, path, await reader.readexactly(size)


class _Peer(asyncio.StreamReaderProtocol):
    """Tells when the peer hangs up, which a writer alone would notice only with its next word."""

    def __init__(self, reader: asyncio.StreamReader, serve: Callable[..., Awaitable[None]]) -> None:
        super().__init__(reader, serve)
        self.is_gone = asyncio.Event()

    def eof_received(self) -> bool | None:
        self.is_gone.set()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_gone.set()
        super().connection_lost(exc)


@asynccontextmanager
async def _while_there(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Ends the answer as soon as the peer is gone; raises ConnectionResetError then."""
    peer, answering = writer.transport.get_protocol(), asyncio.current_task()
    assert isinstance(peer, _Peer)
    assert answering is not None

    async def watch() -> None:
        await peer.is_gone.wait()
        answering.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if not peer.is_gone.is_set():
            raise
        raise ConnectionResetError from None
    finally:
        watching.cancel()


async def main(words: Sequence[str], kind: type[DemoProvider] = DemoProvider) -> None:
    """Serves until it is killed, and says where on standard output."""
    parser = argparse.ArgumentParser(prog="demo_provider")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--words-per-second", type=float, default=WORDS_PER_SECOND)
    given = parser.parse_args(words)
    async with kind(given.port, given.words_per_second) as provider:
        print(f"{_SAID}{provider.url}", flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
