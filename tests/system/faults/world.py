"""The servers of a run: instances as real processes on one PostgreSQL and one Valkey, each of which can be killed.

Use it from the main thread: the databases are children that die with it.
"""

import asyncio
import base64
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg
from redis.asyncio import Redis

from server.child import ends_with_parent
from server.embedded_postgres import EmbeddedPostgres
from server.embedded_valkey import EmbeddedValkey
from tests.server.running import ROOT, environment

SERVE = ("server.cli", "serve")
READY_SECONDS = 60.0
STOP_SECONDS = 30.0
SAID_CHARACTERS = 2000


class Unready(Exception):
    """An instance that does not come up; the text ends with what it said."""


class Instance:
    """One place for an instance: its port and its directory stay when its process is killed."""

    def __init__(
        self, number: int, directory: Path, command: tuple[str, ...], variables: dict[str, str]
    ) -> None:
        self.number = number
        self.port = 0
        self.lives = 0
        self.started_at = 0.0
        self.directory = directory
        self._command = command
        self._variables = variables
        self._log = directory / "said.log"
        self._process: subprocess.Popen[bytes] | None = None
        directory.mkdir(parents=True)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self.lives += 1
        self.started_at = time.monotonic()
        variables = {**self._variables, "CHALKLINE_PORT": str(self.port)}
        with self._log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._command],
                cwd=ROOT,
                env=environment({**variables, "CHALKLINE_DATA_DIR": str(self.directory / "data")}),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                preexec_fn=ends_with_parent(signal.SIGKILL),  # noqa: PLW1509 - it makes one call
            )

    async def ready(self) -> None:
        """Returns when it listens. Its first port is the one it keeps. Raises Unready."""
        until = time.monotonic() + READY_SECONDS
        while not await self.is_listening():
            if time.monotonic() > until or (not self.port and not self.is_running):
                raise Unready(f"instance {self.number} does not listen: {self.said()[-SAID_CHARACTERS:]}")
            await asyncio.sleep(0.05)

    async def is_listening(self) -> bool:
        self.port = self.port or self._told_port()
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.close()
            return True
        return False

    def _told_port(self) -> int:
        """0 before it has told one."""
        for line in self.said().splitlines():
            if line.startswith("chalkline listening on "):
                return int(line.rpartition(":")[2])
        return 0

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def stop(self) -> int:
        """Asks it to leave; its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            while self._process.poll() is None:
                await asyncio.sleep(0.02)
        return int(self._process.returncode)

    def said(self) -> str:
        return self._log.read_text(errors="replace")


class World:
    """A context manager: databases at once, instances with `open`. `directory` is kept but for what databases store.

    `database` is what the instances are on.
    """

    def __init__(self, directory: Path, instances: int = 3) -> None:
        self.directory = directory
        self.instances: list[Instance] = []
        self.restarts_instances = True
        self.database = ""
        self._number = instances
        self._stack = ExitStack()
        self._secret = base64.b64encode(secrets.token_bytes(48)).decode()
        self._epochs = 0

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True)
        with ExitStack() as stack:
            self.postgres = stack.enter_context(EmbeddedPostgres(self.directory / "postgres", 200))
            self.redis = stack.enter_context(EmbeddedValkey(self.directory / "valkey"))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._stack.close()
        shutil.rmtree(self.directory / "postgres", ignore_errors=True)

    async def open(self, command: tuple[str, ...] = SERVE) -> None:
        """Instances on a database of their own."""
        self._epochs += 1
        name = f"chalkline_{self._epochs}"
        await self.sql(f"create database {name}")
        self.database = self.postgres.dsn.replace("/postgres?", f"/{name}?")
        variables = {
            "CHALKLINE_SECRET": self._secret,
            "CHALKLINE_DATABASE_URL": self.database,
            "CHALKLINE_REDIS_URL": self.redis.url,
            "CHALKLINE_RATE_LIMITS": "off",
            "CHALKLINE_MAX_SOCKETS_PER_USER": "100000",
            "CHALKLINE_LOG_LEVEL": "warning",
        }
        self.instances = [
            Instance(number, self.directory / name / str(number), command, variables)
            for number in range(self._number)
        ]
        for instance in self.instances:
            instance.start()
            if instance is self.instances[0]:
                await instance.ready()  # it migrates
        for instance in self.instances:
            await instance.ready()

    def close(self) -> None:
        """Ends the instances of one `open`."""
        for instance in self.instances:
            instance.kill()

    def new_history(self) -> Path:
        """Where the history of the next `open` goes."""
        return self.directory / f"history-{self._epochs + 1}.jsonl"

    @property
    def ports(self) -> list[int]:
        return [instance.port for instance in self.instances]

    async def tend(self) -> None:
        """What a supervisor does: whatever ended is started again. A task; runs until it is cancelled."""
        while True:
            for instance in self.instances:
                if self.restarts_instances and not instance.is_running:
                    instance.start()
            await asyncio.sleep(0.1)

    async def sql(self, statement: str) -> object:
        """One statement of the operator's, beside the instances."""
        connection = await asyncpg.connect(self.postgres.dsn, timeout=5)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    async def restart_postgres(self) -> None:
        """`pg_ctl -m immediate restart`: nothing is written out, and the log is replayed."""
        assert self.postgres.pid is not None
        os.kill(self.postgres.pid, signal.SIGQUIT)
        while not self.postgres.revive():
            await asyncio.sleep(0.02)
        await self.postgres_answers()

    async def postgres_answers(self) -> None:
        while True:
            self.postgres.revive()  # it refuses while backends of its predecessor live
            with suppress(OSError, asyncpg.PostgresError, TimeoutError):
                await self.sql("select 1")
                return
            await asyncio.sleep(0.05)

    def signal_redis(self, number: signal.Signals) -> None:
        assert self.redis.pid is not None
        os.kill(self.redis.pid, number)

    async def revive_redis(self) -> None:
        while not self.redis.revive():
            await asyncio.sleep(0.02)

    def redis_client(self) -> "Redis":
        return Redis.from_url(self.redis.url, socket_timeout=2, decode_responses=True)
