"""The smallest app that the start-up can serve; it tells what it was given, and takes orders to misbehave."""

import asyncio
import os
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from server.settings import Settings


def create_app(settings: Settings, *, database_url: str, redis_url: str | None) -> Starlette:
    async def ready(request: Request) -> JSONResponse:
        connection = await asyncpg.connect(database_url, timeout=5)
        try:
            version = await connection.fetchval("select max(version) from chalkline_migrations")
        finally:
            await connection.close()
        return JSONResponse(
            {
                "pid": os.getpid(),
                "open_files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
                "migration": version,
                "redis_url": redis_url,
                "scheme": request.url.scheme,
                "client": request.client.host if request.client else None,
            }
        )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if os.environ.get("STUB_FAILS"):
            raise RuntimeError("the stub was told to fail")
        if os.environ.get("STUB_HANGS"):
            print("stub hangs", flush=True)
            await asyncio.Event().wait()
        yield
        print("stub lifespan ended", flush=True)
        if os.environ.get("STUB_CLINGS"):
            await asyncio.Event().wait()

    async def drain() -> None:
        print("stub drained", flush=True)
        if os.environ.get("STUB_CLINGS"):
            await asyncio.Event().wait()

    app = Starlette(routes=[Route("/health/ready", ready)], lifespan=lifespan)
    app.state.drain = drain
    return app
