"""One process that serves: uvicorn on a bound socket. Law: a stop is asked for once, lasts a bounded time, ends in 0.

`python -m server.instance` is a worker of a fleet; a single instance runs in the process of `chalkline serve`.
"""

import argparse
import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

import structlog
import uvicorn
from starlette.applications import Starlette

from server.cannot_start import CannotStart
from server.event_loop import EventLoop
from server.http_protocol import HttpProtocol
from server.logs import set_up_logs
from server.settings import Settings, load_settings

log = structlog.stdlib.get_logger("server.instance")  # it may also be __main__

# Together below the 15 s within which a stop must be over, with room for the embedded servers.
DRAIN_SECONDS = 7
GRACE_SECONDS = 2
CLOSE_SECONDS = 3

KEEP_ALIVE_SECONDS = 75
"""Longer than proxies keep an idle connection (nginx: 60): who ends it while the other asks again makes an error."""

GARBAGE_THRESHOLDS = (20_000, 10, 50)
"""New objects before a collection, and how many of each sort come before one of the next. By default a batch of posts
on its way is taken for garbage 700 objects at a time, and then everything that lives is walked."""


@dataclass(frozen=True, slots=True)
class Program:
    """What an instance runs, as names, because a worker is a fresh interpreter."""

    app: str = "server.app:create_app"
    ws: str = "connections.protocol:SocketProtocol"

    def create_app(self, settings: Settings) -> Starlette:
        module, _, name = self.app.partition(":")
        create = getattr(import_module(module), name)
        app: Starlette = create(settings, database_url=settings.database_url, redis_url=settings.redis_url)
        return app


class Instance(uvicorn.Server):
    """Tells when it is ready, and drains before it stops: uvicorn alone would cut every socket at once.

    It listens no longer from the moment it is told to: whoever is sent away comes to another instance.

    `app.state.drain`, if the app has set it, is awaited before the sockets are closed.
    """

    def __init__(
        self,
        app: Starlette,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        tend: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._app = app
        self._on_ready = on_ready
        self._tend = tend
        self._leaving: asyncio.Task[None] | None = None
        self._serving: asyncio.Task[None] | None = None

    async def run_on(self, listener: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.leave)
        self._serving = asyncio.create_task(self.serve([listener]))
        try:
            await self._serving
        except asyncio.CancelledError:
            log.info("stopped_before_ready")

    def leave(self) -> None:
        """The first call begins an orderly stop, the second cuts it short."""
        if not self.started:
            # What the app says of its cancelled start would read like a failure.
            logging.getLogger("uvicorn.error").disabled = True
            if self._serving is not None:
                self._serving.cancel()
        elif self._leaving is None:
            self._leaving = asyncio.create_task(self._leave())
        else:
            self.should_exit = self.force_exit = True

    async def _leave(self) -> None:
        log.info("draining")
        for server in self.servers:
            server.close()
        drain: Callable[[], Awaitable[None]] | None = getattr(self._app.state, "drain", None)
        try:
            if drain is not None:
                await asyncio.wait_for(drain(), DRAIN_SECONDS)
        except Exception:
            log.exception("drain_failed")
        finally:
            self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Not uvicorn's way, which ends the process by the very signal: a clean stop ends in 0."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        tending = asyncio.create_task(self._tend_the_start())
        try:
            await super().startup(sockets)
        finally:
            tending.cancel()
        if self.started:
            _spare_collections()
            self._on_ready()

    async def _tend_the_start(self) -> None:
        """The app may be waiting for just what is tended."""
        while True:
            await asyncio.sleep(1)
            self._tend()

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:  # a tick lasts 0.1 s
            self._tend()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await asyncio.wait_for(super().shutdown(sockets), GRACE_SECONDS + CLOSE_SECONDS)
        except TimeoutError:
            log.warning("shutdown_took_too_long")


def _spare_collections() -> None:
    """What was loaded until now lives as long as the process: no collection looks at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def run_instance(
    settings: Settings,
    listener: socket.socket,
    program: Program,
    *,
    on_ready: Callable[[], None],
    tend: Callable[[], None] = lambda: None,
    lifeline: socket.socket | None = None,
) -> None:
    """Serve in this process, on the main thread, until told to stop; the end of `lifeline` tells so, too.

    `tend` is called once a second.
    """
    app = program.create_app(settings)
    instance = Instance(app, _configuration(settings, program, app), on_ready, tend)

    async def run() -> None:
        if lifeline is not None:
            asyncio.get_running_loop().add_reader(lifeline.fileno(), _end_of, lifeline, instance)
        await instance.run_on(listener)

    with asyncio.Runner(loop_factory=EventLoop) as runner:
        runner.run(run())


def _end_of(lifeline: socket.socket, instance: Instance) -> None:
    if not lifeline.recv(1):
        asyncio.get_running_loop().remove_reader(lifeline.fileno())
        instance.leave()


def _configuration(settings: Settings, program: Program, app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=HttpProtocol,
        ws=program.ws,
        ws_max_size=65_536,
        ws_per_message_deflate=settings.compression,  # our protocol's, not uvicorn's
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def main(arguments: list[str]) -> int:
    """A worker: settings from the environment, the listening socket and the lifeline as inherited descriptors."""
    parser = argparse.ArgumentParser(prog="python -m server.instance")
    parser.add_argument("listener", type=int)
    parser.add_argument("lifeline", type=int)
    parser.add_argument("app")
    parser.add_argument("ws")
    given = parser.parse_args(arguments)
    lifeline = socket.socket(fileno=given.lifeline)
    listener = socket.socket(fileno=given.listener)
    try:
        settings = load_settings({})
        set_up_logs(settings.log_level)
        structlog.contextvars.bind_contextvars(worker=os.getpid())
        program = Program(given.app, given.ws)
        run_instance(settings, listener, program, on_ready=lambda: lifeline.sendall(b"r"), lifeline=lifeline)
    except CannotStart as error:
        print(f"chalkline: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
