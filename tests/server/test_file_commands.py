"""`chalkline files check`: beside a server at work."""

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.handlers.uploading import uploaded
from tests.house import House, Person
from tests.server.running import ROOT, environment


async def check(database: str, place: Path, *words: str) -> tuple[int, str]:
    variables = {"CHALKLINE_DATABASE_URL": database, "CHALKLINE_DATA_DIR": str(place)}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "server.cli", "files", "check", *words],
        cwd=ROOT,
        env=environment(variables),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode()


async def test_it_finds_what_is_lost_and_removes_what_belongs_to_nobody(
    house: House, alice: Person, database: str, tmp_path: Path
) -> None:
    channel = await alice.channel()
    await uploaded(alice, channel, b"good")
    await uploaded(alice, channel, b"lost")
    assert await check(database, tmp_path) == (
        0,
        "Every file has its bytes, and all bytes have their file.\n",
    )
    blobs = tmp_path / "files" / "blobs"
    (lost,) = [path for path in blobs.rglob("*") if path.is_file() and path.read_bytes() == b"lost"]
    lost.unlink()
    stranger = blobs / "ab" / ("ab" * 32)
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"nobody's")

    status, said = await check(database, tmp_path, "--repair")

    assert status == 1
    assert f"{lost.name}: the bytes are missing\n" in said
    assert f"{stranger.name}: no file has these bytes: put right\n" in said
    assert not stranger.exists()
    lost.write_bytes(b"lost")
    assert await check(database, tmp_path) == (
        0,
        "Every file has its bytes, and all bytes have their file.\n",
    )
