"""Tests of the start-up change what a whole process shares: here it is put back."""

import asyncio
import logging
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from server.embedded_postgres import EmbeddedPostgres
from server.migrate import migrate_up
from server.settings import PREFIX


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def made_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped and migrated embedded PostgreSQL."""
    cluster = tmp_path_factory.mktemp("made") / "postgres"
    with EmbeddedPostgres(cluster) as running:
        asyncio.run(migrate_up(running.dsn))
    return cluster


@pytest.fixture
def data_dir(made_cluster: Path, tmp_path: Path) -> Path:
    """A data directory with that PostgreSQL in it: copying one takes a fifth of making one."""
    place = tmp_path / "data"
    place.mkdir()
    subprocess.run(["/bin/cp", "-a", made_cluster, place / "postgres"], check=True)
    return place
