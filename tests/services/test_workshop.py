"""What the workshop's processes do when the one that sends them work is gone."""

import signal
import subprocess
import sys
import time

from server.processes import birth_of
from tests.server.running import ROOT

SECONDS = 10.0

OWNER = """
import asyncio, os
from services.workshop import Workshop

async def main():
    async with Workshop() as workshop:
        print(await workshop.run(os.getpid), flush=True)
        await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_no_process_outlives_an_owner_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        worker = int(owner.stdout.readline())
        owner.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and birth_of(worker):
        time.sleep(0.02)
    assert birth_of(worker) is None
