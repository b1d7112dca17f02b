"""Somewhere outside: a server that keeps what it was sent, and answers as it is told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Target:
    """An async context manager. `answer` may be changed at any time; `heard` has each request, in order."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.url = ""
        self.answer: Answer = yes
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._hear)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, 0)
        await site.start()
        _, port, *_ = self._runner.addresses[0]
        self.url = f"http://{self.host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _hear(self, request: web.Request) -> web.StreamResponse:
        self.heard.append((dict(request.headers), await request.read()))
        self._news.set()
        return await self.answer(request)

    async def count(self, number: int, seconds: float = 10.0) -> None:
        """Waits until it was called so often."""
        async with asyncio.timeout(seconds):
            while len(self.heard) < number:
                self._news.clear()
                await self._news.wait()


async def yes(_: web.Request) -> web.StreamResponse:
    return web.Response()


async def no(_: web.Request) -> web.StreamResponse:
    return web.Response(status=500, text="a secret of the target's own")


def says(body: Any, **more: Any) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response(body, **more)

    return answer
