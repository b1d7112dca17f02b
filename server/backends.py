"""The PostgreSQL and the bus of one start: outside ones by their URLs, or embedded ones. Main thread only."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import structlog

from server.embedded_demo import EmbeddedDemo
from server.embedded_postgres import EmbeddedPostgres
from server.embedded_valkey import EmbeddedValkey
from server.setting_kinds import DEMO
from server.settings import Settings
from server.unprivileged import make_way

log = structlog.stdlib.get_logger()

_SPARE_CONNECTIONS = 20  # for operators' commands and backups beside the workers' pools


class Backends:
    """Opens what the settings leave unset and closes it again; `settings` then has both URLs, as far as needed."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self._revivers: dict[str, Callable[[], bool]] = {}
        found: dict[str, object] = {}
        if settings.database_url is None:
            postgres = stack.enter_context(_embedded_postgres(settings))
            self._revivers["postgres"] = postgres.revive
            found["database_url"] = postgres.dsn
        if settings.redis_url is None and settings.workers > 1:
            valkey = stack.enter_context(EmbeddedValkey(settings.data_dir / "valkey"))
            self._revivers["valkey"] = valkey.revive
            found["redis_url"] = valkey.url
        if settings.ai_base_url == (DEMO,):
            demo = stack.enter_context(EmbeddedDemo(settings.data_dir / "demo"))
            self._revivers["demo provider"] = demo.revive
            found["ai_base_url"] = (demo.url,)
        self.settings = settings.model_copy(update=found)

    def revive(self) -> None:
        """Call it once a second: an embedded server that was killed comes back."""
        for name, revive in self._revivers.items():
            if revive():
                log.error("embedded_server_revived", server=name)


@contextmanager
def open_backends(settings: Settings) -> Iterator[Backends]:
    """What `serve` runs on. Raises `CannotStart`."""
    make_way(settings.data_dir)  # it holds the signing key
    with ExitStack() as stack:
        yield Backends(settings, stack)


def has_database(settings: Settings) -> bool:
    """Of its own or embedded; False where the first start would make one."""
    return settings.database_url is not None or _embedded_postgres(settings).exists


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """The DSN for one command: also while a server is at work on the same embedded PostgreSQL."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    make_way(settings.data_dir)  # it holds the signing key
    postgres = _embedded_postgres(settings)
    if postgres.is_served():
        yield postgres.dsn
        return
    with postgres:
        yield postgres.dsn


def _embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    wanted = settings.workers * settings.pool_size + _SPARE_CONNECTIONS
    return EmbeddedPostgres(settings.data_dir / "postgres", max_connections=max(100, wanted))
