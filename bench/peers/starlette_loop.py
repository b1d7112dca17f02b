"""The naive way: a loop of `send_text` over everyone, on stock uvicorn."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

listeners: set[WebSocket] = set()


async def listen(websocket: WebSocket) -> None:
    """/listen"""
    await websocket.accept()
    listeners.add(websocket)
    try:
        async for _ in websocket.iter_text():
            pass
    finally:
        listeners.discard(websocket)


async def post(websocket: WebSocket) -> None:
    """/post"""
    await websocket.accept()
    async for text in websocket.iter_text():
        for listener in list(listeners):
            await listener.send_text(text)


app = Starlette(routes=[WebSocketRoute("/listen", listen), WebSocketRoute("/post", post)])

if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        log_level="warning",
        loop="uvloop",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
    )
