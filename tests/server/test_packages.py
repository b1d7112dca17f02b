"""npm, as the page's build uses it: in an environment with nothing in it, and where its registry is away."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import hatch_build

FILES = ("package.json", "package-lock.json", ".npmrc")


@pytest.fixture
def away() -> Iterator[str]:
    """A registry at whose address nobody answers."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def npm(place: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """With a home of its own and no setting of the machine's but those given."""
    for name in FILES:
        shutil.copy(hatch_build.WEB / name, place)
    bare = {"HOME": str(place), "PATH": os.defpath}
    return subprocess.run(
        [hatch_build.NODE, "--use-system-ca", hatch_build._NPM, *words],
        cwd=place,
        env=bare | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_registry_that_is_away_is_told_in_seconds(tmp_path: Path, away: str) -> None:
    done = npm(tmp_path, "ci", npm_config_registry=away)

    assert done.returncode != 0
    assert "ECONNREFUSED" in done.stderr


def test_the_registry_is_trusted_as_the_system_trusts_it_with_no_setting_at_all(tmp_path: Path) -> None:
    done = npm(tmp_path, "view", "ws", "version")

    if done.returncode and "CI" not in os.environ:
        assert "CERT" not in done.stderr
        pytest.skip(f"the registry can't be reached: {done.stderr}")
    assert done.returncode == 0, done.stderr
