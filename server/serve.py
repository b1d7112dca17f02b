"""`chalkline serve`, from nothing to the last closed socket. Law: what was opened first closes last."""

import asyncio
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from server.backends import Backends, open_backends
from server.cannot_start import CannotStart
from server.database_door import PATIENCE_SECONDS
from server.fleet import Fleet
from server.instance import Program, run_instance
from server.logs import set_up_logs
from server.migrate import migrate_up
from server.secret import signing_key
from server.settings import Settings

_OPEN_FILES = 65_536


class _Told(BaseException):
    """A signal came before there was an event loop to take it."""


def serve(
    settings: Settings,
    program: Program | None = None,
    database_patience_seconds: float = PATIENCE_SECONDS,
) -> int:
    """Serve until SIGTERM or SIGINT; the exit code. Main thread only. Raises `CannotStart`."""
    set_up_logs(settings.log_level)
    _allow_open_files()
    try:
        with _signals_raise(), _bind(settings) as listener, open_backends(settings) as backends:
            signing_key(backends.settings)  # made here once, so that workers find it
            database = backends.settings.database_url
            assert database is not None  # the backends saw to it
            asyncio.run(migrate_up(database, patience_seconds=database_patience_seconds))
            code = _run(backends, listener, program or Program())
            _ignore_signals()
            return code
    except _Told:
        return 0


def _allow_open_files() -> None:
    """Each socket is an open file, and the soft limit is often 1024. Workers inherit ours."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _run(backends: Backends, listener: socket.socket, program: Program) -> int:
    settings = backends.settings

    def announce() -> None:
        print(f"chalkline listening on {_address(settings, listener)}", file=sys.stderr, flush=True)  # noqa: T201

    if settings.workers > 1:
        return asyncio.run(Fleet(settings, listener, program).run(announce, backends.revive))
    run_instance(settings, listener, program, on_ready=announce, tend=backends.revive)
    return 0


def _address(settings: Settings, listener: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.tls_cert else 'http'}://{host}:{listener.getsockname()[1]}"


def _bind(settings: Settings) -> socket.socket:
    """Before anything else is opened: a taken port is known at once. Nobody can connect until it listens."""
    listener = None
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        if listener is not None:
            listener.close()
        place = f"{settings.host}:{settings.port}"
        raise CannotStart(
            f"Cannot listen on {place}: {error.strerror}. Choose another --host or --port."
        ) from None
    return listener


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Until the event loop takes them: SIGTERM during the start must still close what was opened."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, _raise_told) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise_told(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _Told


def _ignore_signals() -> None:
    """The embedded servers are about to stop; being told once more must not cut that short."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
