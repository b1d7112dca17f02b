"""Several instances under one parent. Law: every worker that dies is replaced, and none outlives the parent.

Workers are fresh interpreters that inherit the listening socket. Each holds one end of a lifeline: a byte from it says
that it is ready, the end of ours tells it to leave, even when we were killed.
"""

import asyncio
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import structlog

from server.child import ends_with_parent
from server.instance import CLOSE_SECONDS, DRAIN_SECONDS, GRACE_SECONDS, Program
from server.settings import PREFIX, Settings

log = structlog.stdlib.get_logger()

_LOOK_SECONDS = 0.1
_LOOKS_PER_TEND = 10  # once a second
_STEADY_SECONDS = 10
_FIRST_DELAY_SECONDS = 0.25
_LONGEST_DELAY_SECONDS = 30.0
_FAILURES_BEFORE_READY = 3
_STOP_SECONDS = DRAIN_SECONDS + GRACE_SECONDS + CLOSE_SECONDS + 1


class Worker:
    """One place in the fleet, and the process that fills it."""

    def __init__(self, launch: Callable[[socket.socket], subprocess.Popen[bytes]]) -> None:
        self._launch = launch
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: socket.socket | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self.failures = 0
        self.is_ready = False

    def look(self) -> None:
        """Notice what happened to the process, and start one when there is none and the time has come."""
        if self._process is not None and self._process.poll() is not None:
            self._mourn(self._process)
        elif self._process is None and time.monotonic() >= self._start_at:
            self._start()
        elif self._lifeline is not None and not self.is_ready:
            self._listen(self._lifeline)
        elif self.is_ready and time.monotonic() - self._started_at > _STEADY_SECONDS:
            self.failures = 0

    def leave(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """The end of its patience."""
        if self._process is not None and self._process.poll() is None:
            log.error("worker_killed", pid=self._process.pid)
            self._process.kill()
            self._process.wait()
        if self._lifeline is not None:
            self._lifeline.close()

    @property
    def is_gone(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = self._launch(theirs)
        ours.setblocking(False)
        self._lifeline = ours
        self._started_at = time.monotonic()

    def _listen(self, lifeline: socket.socket) -> None:
        try:
            self.is_ready = bool(lifeline.recv(1))
        except BlockingIOError:
            return
        if self.is_ready and self._process is not None:
            log.info("worker_ready", pid=self._process.pid)

    def _mourn(self, process: subprocess.Popen[bytes]) -> None:
        """A worker that dies again and again is started ever more seldom."""
        delay = min(_FIRST_DELAY_SECONDS * 2**self.failures, _LONGEST_DELAY_SECONDS)
        log.error("worker_died", pid=process.pid, code=process.returncode, restart_in_seconds=delay)
        self.failures += 1
        self.is_ready = False
        self._start_at = time.monotonic() + delay
        self._process = None
        if self._lifeline is not None:
            self._lifeline.close()
            self._lifeline = None


class Fleet:
    """`settings.workers` instances on one socket."""

    def __init__(self, settings: Settings, listener: socket.socket, program: Program) -> None:
        self._settings = settings
        self._listener = listener
        self._program = program
        self._workers = [Worker(self._launch) for _ in range(settings.workers)]

    async def run(self, on_ready: Callable[[], None], tend: Callable[[], None]) -> int:
        """Until SIGTERM or SIGINT; the exit code is 1 when the workers never became ready."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        try:
            return await self._watch(stop, on_ready, tend)
        finally:
            await self._dismiss()

    async def _watch(
        self, stop: asyncio.Event, on_ready: Callable[[], None], tend: Callable[[], None]
    ) -> int:
        announced = False
        for look in itertools.count():
            if stop.is_set():
                break
            for worker in self._workers:
                worker.look()
            if not announced and all(worker.is_ready for worker in self._workers):
                announced = True
                on_ready()
            if not announced and any(worker.failures >= _FAILURES_BEFORE_READY for worker in self._workers):
                log.error("workers_never_became_ready")
                return 1
            if look % _LOOKS_PER_TEND == 0:
                tend()
            await _pause(stop)
        return 0

    async def _dismiss(self) -> None:
        self._listener.close()  # while anybody holds it open, whoever connects would wait for an answer
        for worker in self._workers:
            worker.leave()
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline and not all(worker.is_gone for worker in self._workers):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)
        for worker in self._workers:
            worker.kill()

    def _launch(self, lifeline: socket.socket) -> subprocess.Popen[bytes]:
        listener = self._listener.fileno()
        # -P: a folder named `server` where the operator happens to stand is not our package.
        words = [sys.executable, "-P", "-m", "server.instance", str(listener), str(lifeline.fileno())]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return subprocess.Popen(  # noqa: S603
            [*words, self._program.app, self._program.ws],
            env=environment | self._settings.as_environment(),
            stdin=subprocess.DEVNULL,
            pass_fds=(listener, lifeline.fileno()),
            start_new_session=True,  # Ctrl-C in our terminal reaches us alone
            preexec_fn=ends_with_parent(signal.SIGTERM),  # noqa: PLW1509 - it makes one call and allocates nothing
        )


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)
    except TimeoutError:
        return
