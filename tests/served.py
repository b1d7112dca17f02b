"""Any ASGI app on uvicorn and our protocols, inside the test."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from connections.protocol import SocketProtocol
from server.http_protocol import HttpProtocol


@asynccontextmanager
async def served(
    app: Any,
    http: type[HttpProtocol] = HttpProtocol,
    ws: type[SocketProtocol] = SocketProtocol,
    *,
    deflates: bool = False,
    most: int = 65_536,
) -> AsyncIterator[str]:
    """Its URL. `most` are the bytes of a message."""
    # With its protocol named: only then asyncio turns Nagle's algorithm off, which costs 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=http,
        ws=ws,
        ws_max_size=most,
        ws_per_message_deflate=deflates,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    await until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


async def until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    """Returns when it is so; for what tells it in no other way."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.002)
