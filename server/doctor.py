"""`chalkline doctor`: looks at everything a start needs. Law: it changes nothing; a complaint says what to do."""

import asyncio
import os
import resource
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.errors import Unavailable
from server.backends import open_database
from server.cannot_start import CannotStart
from server.database_door import connect
from server.file_parts import directory, open_blobs
from server.fitness import Connection, check_fitness
from server.migrate import Applied, read_migrations
from server.secret import secret_path, signing_key
from server.settings import PREFIX, Settings
from services.file_ports import Blobs

_MIB = 1024 * 1024
_SPACE_WARN, _SPACE_FAIL = 2048 * _MIB, 200 * _MIB
_FILES_PER_WORKER = 4096  # each socket that listens is two open files
_CLOCK_SECONDS = 2.0
_BUCKET_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    verdict: Literal["ok", "warn", "fail"]
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.verdict:<4}  {self.subject}: {self.detail}"


def ok(subject: str, detail: str) -> Finding:
    return Finding("ok", subject, detail)


def warn(subject: str, detail: str) -> Finding:
    return Finding("warn", subject, detail)


def fail(subject: str, detail: str) -> Finding:
    return Finding("fail", subject, detail)


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which a start would meet them."""
    checks: list[Callable[[Settings], Iterator[Finding]]] = [
        *(_python, _settings, _data_directory, _secret, _open_files, _database, _redis, _files)
    ]
    return [finding for check in checks for finding in check(settings)]


def _python(_settings: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield (
        ok("python", version)
        if sys.version_info >= (3, 11)
        else fail("python", f"{version}: install 3.11 or newer")
    )


def _settings(settings: Settings) -> Iterator[Finding]:
    known = {f"{PREFIX}{name.upper()}" for name in type(settings).model_fields} | {f"{PREFIX}CONFIG"}
    strangers = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    for name in strangers:
        yield warn("settings", f"{name} is set, and Chalkline knows no such variable: is it spelt right?")
    yield ok("settings", f"listening on {settings.host}:{settings.port}, {settings.workers} worker(s)")
    is_local = settings.host in {"127.0.0.1", "::1", "localhost"}
    if not is_local and settings.tls_cert is None and not settings.trusted_proxies:
        detail = "passwords travel in the clear: set CHALKLINE_TLS_CERT and CHALKLINE_TLS_KEY, or put a proxy in front"
        yield warn("tls", f"{detail} and name it in CHALKLINE_TRUSTED_PROXIES")


def _data_directory(settings: Settings) -> Iterator[Finding]:
    directory = settings.data_dir
    place = next(path for path in (directory, *directory.parents) if path.exists())
    if not os.access(place, os.W_OK | os.X_OK):
        yield fail("data directory", f"{place} is not writable: change its owner or set CHALKLINE_DATA_DIR")
    elif not directory.exists():
        yield ok("data directory", f"{directory} will be made by the first start")
    elif directory.stat().st_mode & 0o007:
        yield warn("data directory", f"everyone may enter {directory}: chmod 700 {directory}")
    else:
        yield ok("data directory", str(directory))
    yield _space(place)


def _space(place: Path) -> Finding:
    free = shutil.disk_usage(place).free
    detail = f"{free // _MIB} MiB free at {place}"
    if free < _SPACE_FAIL:
        return fail("disk", f"{detail}: PostgreSQL stops when it is full, make room")
    return warn("disk", f"{detail}: make room soon") if free < _SPACE_WARN else ok("disk", detail)


def _secret(settings: Settings) -> Iterator[Finding]:
    path = secret_path(settings)
    if settings.secret is not None:
        yield ok("secret", "set by CHALKLINE_SECRET")
    elif not path.exists():
        yield ok("secret", "will be made by the first start")
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield fail(
            "secret", f"others may read {path}: chmod 600 {path}, or better, remove it and start again"
        )
    else:
        try:
            signing_key(settings)
        except (CannotStart, OSError) as error:
            yield fail("secret", str(error))
        else:
            yield ok("secret", f"kept in {path}")


def _open_files(_settings: Settings) -> Iterator[Finding]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)  # a start raises the soft limit to it
    if hard != resource.RLIM_INFINITY and hard < _FILES_PER_WORKER:
        yield warn("open files", f"at most {hard}, and each socket takes two: start under `ulimit -Hn 65536`")
    else:
        yield ok("open files", "without limit" if hard == resource.RLIM_INFINITY else f"up to {hard}")


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None and not (settings.data_dir / "postgres" / "pgdata").exists():
        yield ok("postgresql", "embedded, will be made by the first start")
        return
    try:
        with ExitStack() as stack:
            dsn = stack.enter_context(open_database(settings))
            yield from asyncio.run(_look_into(dsn))
    except (CannotStart, OSError) as error:
        yield fail("postgresql", str(error))


async def _look_into(dsn: str) -> list[Finding]:
    connection = await connect(dsn)
    try:
        oddities = await check_fitness(connection)
        version = await connection.fetchval("show server_version")
        findings = [
            ok("postgresql", f"{version}, durable"),
            *(warn("postgresql", oddity) for oddity in oddities),
        ]
        return [*findings, await _migrations(connection), await _clock(connection)]
    finally:
        await connection.close(timeout=5)


async def _migrations(connection: Connection) -> Finding:
    known = read_migrations()
    if await connection.fetchval("select to_regclass('chalkline_migrations')") is None:
        return ok("migrations", f"none yet, the first start applies {len(known)}")
    rows = await connection.fetch(
        "select version, name, checksum, applied_at from chalkline_migrations order by version"
    )
    applied = [Applied(*row) for row in rows]
    if len(applied) > len(known):
        return fail(
            "migrations", f"the database is at {applied[-1]}, newer than this Chalkline: run the newer one"
        )
    if [step.checksum for step in applied] != [step.checksum for step in known[: len(applied)]]:
        return fail("migrations", "an applied migration was edited: put the released files back")
    pending = len(known) - len(applied)
    return ok("migrations", f"{len(applied)} applied, {pending} pending" if pending else "up to date")


async def _clock(connection: Connection) -> Finding:
    before = time.time()
    theirs = float(await connection.fetchval("select extract(epoch from clock_timestamp())"))
    ours = (before + time.time()) / 2
    if abs(theirs - ours) > _CLOCK_SECONDS:
        return warn("clock", f"{theirs - ours:+.1f} s between PostgreSQL and this machine: keep both by NTP")
    return ok("clock", "agrees with PostgreSQL's")


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url is None:
        kind = "embedded Valkey" if settings.workers > 1 else "in-process"
        yield ok("bus", f"{kind}, since CHALKLINE_REDIS_URL is not set")
        return
    from connections.redis_link import LOST  # noqa: PLC0415 - 0.1 s that few starts need
    from server.redis_door import ping  # noqa: PLC0415

    try:
        yield ok("bus", f"Redis answers in {asyncio.run(ping(settings.redis_url)) * 1000:.1f} ms")
    except (*LOST, ValueError) as error:
        yield fail(
            "bus",
            f"Redis does not answer ({error}): check CHALKLINE_REDIS_URL, messages arrive late without it",
        )


def _files(settings: Settings) -> Iterator[Finding]:
    if settings.files_url is None:
        yield ok("files", f"kept in {directory(settings)}, up to {settings.file_size} MiB each")
        return
    try:
        asyncio.run(asyncio.wait_for(_list_one(open_blobs(settings)), _BUCKET_SECONDS))
    except (Unavailable, TimeoutError):
        yield fail("files", "the bucket does not answer: check CHALKLINE_FILES_URL, its key and its host")
    else:
        yield ok("files", "the bucket answers")


async def _list_one(blobs: Blobs) -> None:
    async for _ in blobs.names():
        return
