"""The event loop of an instance: uvloop's, which also gives a TLS handshake an end. uvicorn has no setting for it."""

import asyncio
from typing import Any, ClassVar

import uvloop


class EventLoop(uvloop.Loop):
    """To be given to an asyncio.Runner."""

    handshake_seconds: ClassVar[float] = 9.5
    """From the connect to the end of the handshake; uvloop's own is a minute."""
    farewell_seconds: ClassVar[float] = 2.0
    """For the other side's farewell; uvloop's own is half a minute."""

    async def create_server(self, *arguments: Any, **options: Any) -> asyncio.AbstractServer:  # type: ignore[override]
        if options.get("ssl") is not None:
            options.setdefault("ssl_handshake_timeout", self.handshake_seconds)
            options.setdefault("ssl_shutdown_timeout", self.farewell_seconds)
        return await super().create_server(*arguments, **options)
