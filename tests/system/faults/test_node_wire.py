"""Node's packages: had on a machine without any settings, and where they can't be, known at once and said why."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.faults import node_wire
from tests.system.faults.node_wire import Missing, install, is_installed, is_wanted


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """What a fresh machine has: no settings of npm's, and none of a user's."""
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "PATH": os.defpath}


@pytest.fixture
def silent_registry() -> Iterator[str]:
    """Takes every connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_the_packages_come_from_the_lock_with_no_settings_of_the_machine(
    tmp_path: Path, bare: dict[str, str]
) -> None:
    try:
        install(tmp_path / "node", bare)
    except Missing as reason:
        if is_wanted():
            raise
        pytest.skip(f"the registry can't be reached: {reason}")

    assert is_installed(tmp_path / "node")
    assert (tmp_path / "node" / "node_modules" / "ws" / "package.json").exists()


def test_a_registry_that_refuses_is_told_at_once(tmp_path: Path, bare: dict[str, str]) -> None:
    registry = {"npm_config_registry": "http://127.0.0.1:9"}

    with pytest.raises(Missing, match="ECONNREFUSED"):
        install(tmp_path / "node", bare | registry)

    assert not is_installed(tmp_path / "node")


def test_a_registry_that_says_nothing_is_waited_for_a_bounded_time(
    tmp_path: Path, bare: dict[str, str], silent_registry: str
) -> None:
    with pytest.raises(Missing, match="had not ended after 2 s"):
        install(tmp_path / "node", bare | {"npm_config_registry": silent_registry}, seconds=2)


def test_packages_of_another_lock_are_installed_anew(tmp_path: Path, bare: dict[str, str]) -> None:
    (tmp_path / "node" / "node_modules").mkdir(parents=True)
    (tmp_path / "node" / "node_modules" / ".package-lock.json").touch()
    (tmp_path / "node" / "package-lock.json").write_text("{}")

    with pytest.raises(Missing):
        install(tmp_path / "node", bare | {"npm_config_registry": "http://127.0.0.1:9"})


def test_the_lock_says_what_to_install_and_not_from_where() -> None:
    lock = (node_wire.HERE / "package-lock.json").read_text()

    assert '"integrity"' in lock
    assert "http" not in lock
