"""The `websockets` library's own fan-out: `broadcast`, on uvloop."""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

listeners: set[ServerConnection] = set()


async def handle(connection: ServerConnection) -> None:
    """/listen and /post"""
    if connection.request is not None and connection.request.path == "/listen":
        listeners.add(connection)
        await connection.wait_closed()
        listeners.discard(connection)
        return
    async for text in connection:
        broadcast(listeners, text)


async def main() -> None:
    """Until it is killed."""
    async with serve(handle, "127.0.0.1", int(sys.argv[1]), compression=None, ping_interval=None):
        await asyncio.Future()


if __name__ == "__main__":
    uvloop.run(main())
