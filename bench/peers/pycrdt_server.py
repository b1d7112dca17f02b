"""pycrdt-websocket on uvicorn, as its documentation starts it: documents in memory, nothing stored."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


def main() -> None:
    """In an environment of its own, which has what is imported here."""
    import uvicorn  # noqa: PLC0415
    from pycrdt.websocket import ASGIServer, WebsocketServer  # type: ignore[import-not-found]  # noqa: PLC0415

    server = WebsocketServer()
    inner = ASGIServer(server)

    @asynccontextmanager
    async def living() -> AsyncIterator[None]:
        async with server:
            yield

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await inner(scope, receive, send)
            return
        await receive()
        async with living():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", ws_max_size=2**24)


if __name__ == "__main__":
    main()
