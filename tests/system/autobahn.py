"""Autobahn's fuzzing client against echo apps on our protocol class. `make autobahn` puts the counts among the results.

The client needs CPython 2.7, which is looked for among pyenv's versions and on the PATH; without one nothing is run,
and that is said. It is installed once, into build/autobahn.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.results import publish, table, verdict
from connections.framing import BINARY, TEXT, deflated
from connections.protocol import EXTENSION, SocketProtocol
from tests.served import served

PLACE = Path(__file__).parents[2] / "build" / "autobahn"
CASES = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
"""All but those that send megabytes, and those on compression."""

DEFLATED_CASES = ("12.*", "13.*")
MOST_BYTES = 256 * 1024
"""Of a message of theirs."""

LOOSE_AT_MOST = 3
SECONDS = 3600.0
"""For each of the two runs; the thousand messages of each case on compression take most of it."""

ADOPTED, ORDINARY, DEFLATING = "adopted", "ordinary", "deflating"
"""The echo apps: one takes messages as they come, as our sockets do; the next waits for them, as any ASGI app; the last
is the first with compression on."""

Cases = dict[str, dict[str, Any]]


class Missing(Exception):
    """The client can't be had here."""


def fuzzing_client() -> Path:
    """Its program, installed where it isn't yet. Raises Missing."""
    client = PLACE / "bin" / "wstest"
    if not client.exists():
        python = _python_2()
        packages = PLACE / "virtualenv"
        _run(python, "-m", "pip", "install", "--quiet", "--target", packages, "virtualenv<20.22")
        _run(python, "-m", "virtualenv", "--quiet", PLACE, PYTHONPATH=str(packages))
        _run(PLACE / "bin" / "python", "-m", "pip", "install", "--quiet", "autobahntestsuite")
    return client


def _python_2() -> Path:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = sorted(pyenv.glob("versions/2.7*/bin/python2.7"))
    elsewhere = shutil.which("python2.7")
    for path in [*found, *([Path(elsewhere)] if elsewhere else [])]:
        asked = subprocess.run([path, "-m", "pip", "--version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return path
    raise Missing("there is no CPython 2.7 with pip here, which Autobahn's client needs")


def _run(*command: str | Path, **variables: str) -> None:
    try:
        subprocess.run(command, check=True, env=os.environ | variables, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise Missing(f"Autobahn's client can't be installed: {error.stderr[-300:]}") from None


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Sends back what it gets, in the way that the path names."""
    await receive()
    await send({"type": "websocket.accept"})
    if scope["path"] != f"/{ORDINARY}":
        _adopt(scope["extensions"][EXTENSION])
        return
    while (message := await receive())["type"] == "websocket.receive":
        await send(message | {"type": "websocket.send"})


def _adopt(socket: SocketProtocol) -> None:
    def hear(message: str | bytes) -> None:
        payload, kind = (message.encode(), TEXT) if isinstance(message, str) else (message, BINARY)
        socket.write(deflated(payload, socket.window_bits, kind))

    socket.adopt(hear)


async def run(client: Path, cases: list[str], deflated_cases: list[str]) -> dict[str, Cases]:
    """What the client says of each app and case."""
    found: dict[str, Cases] = {}
    if cases:
        async with served(echo) as url:
            found |= await _fuzz(client, url.replace("http", "ws"), (ADOPTED, ORDINARY), cases)
    if deflated_cases:
        async with served(echo, deflates=True, most=MOST_BYTES) as url:
            found |= await _fuzz(client, url.replace("http", "ws"), (DEFLATING,), deflated_cases)
    return found


async def _fuzz(client: Path, url: str, apps: Sequence[str], cases: list[str]) -> dict[str, Cases]:
    report, wishes = PLACE / "report", PLACE / "wishes.json"
    shutil.rmtree(report, ignore_errors=True)
    servers = [{"agent": app, "url": f"{url}/{app}"} for app in apps]
    chosen = {"cases": cases, "exclude-cases": [], "exclude-agent-cases": {}}
    wishes.write_text(json.dumps({"outdir": str(report), "servers": servers, **chosen}))
    fuzzing = await asyncio.create_subprocess_exec(
        client, "-m", "fuzzingclient", "-s", wishes, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await asyncio.wait_for(fuzzing.wait(), SECONDS)
    finally:
        if fuzzing.returncode is None:
            fuzzing.kill()
    found: dict[str, Cases] = json.loads((report / "index.json").read_text())
    return found


def tell(found: dict[str, Cases]) -> bool:
    """Prints and publishes the counts; whether they are good enough."""
    columns = [
        Counter(case[what] for case in found[app].values())
        for app in (ADOPTED, ORDINARY, DEFLATING)
        for what in ("behavior", "behaviorClose")
    ]
    kinds = sorted(set().union(*columns, ("OK", "NON-STRICT", "FAILED")))
    failed = sum(column["FAILED"] for column in columns)
    loose = columns[0]["NON-STRICT"] + columns[4]["NON-STRICT"]
    head = (
        "",
        "adopted socket",
        "its closing",
        "ordinary app",
        "its closing",
        "with compression",
        "its closing",
    )
    explained = (
        f"The fuzzing client against echo apps on our protocol class: {len(found[ADOPTED])} cases each for the first "
        f"two ({', '.join(CASES)}), {len(found[DEFLATING])} with compression ({', '.join(DEFLATED_CASES)})."
    )
    publish(
        "autobahn",
        "Autobahn: the WebSocket protocol, fuzzed",
        [
            explained,
            table(head, [[kind, *(str(column[kind]) for column in columns)] for kind in kinds]),
            verdict("FAILED", failed, 0, "cases", at_most=True)
            + "\n"
            + verdict(
                "NON-STRICT, adopted and with compression", loose, LOOSE_AT_MOST, "cases", at_most=True
            ),
        ],
    )
    return not failed and loose <= LOOSE_AT_MOST


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.system.autobahn")
    parser.add_argument(
        "cases", nargs="*", help="such as 7.* (default: all that apply); only printed, not published"
    )
    chosen = parser.parse_args().cases
    try:
        client = fuzzing_client()
    except Missing as reason:
        print(f"Skipped: {reason}.")
        return 0
    packed = [case for case in chosen if case.startswith(("12.", "13."))]
    plain = [case for case in chosen if case not in packed]
    found = asyncio.run(
        run(client, plain or ([] if chosen else [*CASES]), packed or ([] if chosen else [*DEFLATED_CASES]))
    )
    if not chosen:
        return 0 if tell(found) else 1
    for app, cases in found.items():
        for name, case in cases.items():
            print(app, name, case["behavior"], case["behaviorClose"], case["remoteCloseCode"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
