"""A server that speaks S3: moto's, as a process."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

START_SECONDS = 60.0


@contextmanager
def open_buckets() -> Iterator[str]:
    """The URL of a bucket, with %s for a prefix in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as server:  # type: ignore[call-overload]
        _make_bucket(port)
        yield f"s3://key:secret@127.0.0.1:{port}/files/%s?tls=off"
        server.terminate()


def _make_bucket(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            httpx.put(f"http://127.0.0.1:{port}/files", timeout=5).raise_for_status()
        except httpx.TransportError:
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return
