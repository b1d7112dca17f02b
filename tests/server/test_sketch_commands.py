"""`chalkline sketches`: in, out and shorter, also while a server is at work."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import House, Person
from tests.scenes import excalidraw_file
from tests.server.running import ROOT, environment
from tests.sketcher import sketching


async def chalkline(database: str, place: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    variables = {"CHALKLINE_DATABASE_URL": database, "CHALKLINE_DATA_DIR": str(place)}
    command = [sys.executable, "-m", "server.cli", "sketches", *words]
    return await asyncio.to_thread(
        subprocess.run,
        command,
        cwd=ROOT,
        env=environment(variables),
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
async def general(alice: Person) -> int:
    return await alice.channel()


async def test_a_file_comes_in_and_out_and_a_log_gets_short(
    house: House, alice: Person, general: int, database: str, tmp_path: Path
) -> None:
    file = tmp_path / "wall.excalidraw"
    file.write_text(json.dumps(excalidraw_file()))

    done = await chalkline(
        database, tmp_path, "import", str(file), "--channel", str(general), "--user", "alice"
    )
    assert done.returncode == 0, done.stderr
    (made,) = (await alice.get(f"/channels/{general}/sketches"))["items"]
    assert made["title"] == "wall"
    async with sketching(alice, made["id"]) as hers:
        await hers.sees("rectangle")
        for stroke in range(5):
            await hers.draw(f"s{stroke}")
            await hers.all_saved()

        short = await chalkline(database, tmp_path, "compact")
        assert (short.returncode, short.stdout) == (0, b"1 compacted\n"), short.stderr
        await hers.draw("after")
        await hers.all_saved()

    for kind, begin in {"excalidraw": b"{", "json": b"{", "svg": b"<svg", "png": b"\x89PNG"}.items():
        out = await chalkline(database, tmp_path, "export", str(made["id"]), "--format", kind)
        assert out.stdout.startswith(begin), out.stderr
    out = await chalkline(database, tmp_path, "export", str(made["id"]), "--output", str(tmp_path / "out"))
    kept = {one["id"] for one in json.loads((tmp_path / "out").read_text())["elements"]}
    assert kept >= {"rectangle", "after", "s0", "s4"}
    async with sketching(alice, made["id"]) as later:
        assert later.pen.scene() == hers.pen.scene()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("export", "999"), b"no such sketch"),
        (("export", "-5"), b"no such sketch"),
        (("import", "nowhere", "--channel", "1", "--user", "alice"), b"can't be read"),
        (("import", "README.md", "--channel", "1", "--user", "alice"), b"is not an .excalidraw file"),
    ],
)
async def test_what_can_not_be_done_is_said_without_a_traceback(
    house: House, alice: Person, database: str, tmp_path: Path, words: tuple[str, ...], why: bytes
) -> None:
    done = await chalkline(database, tmp_path, *words)

    assert done.returncode == 1
    assert why in done.stderr
    assert b"Traceback" not in done.stderr
