"""A TLS handshake has an end."""

import asyncio
import shutil
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from server.event_loop import EventLoop
from tests.bytewise import open_line

SPAN = 0.3


class Hasty(EventLoop):
    handshake_seconds = SPAN


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl to make a certificate with")
@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "a beginning"])
def test_a_handshake_that_stalls_is_cut(tmp_path: Path, said: bytes) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    request = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    )
    subprocess.run([*request.split(), "-out", cert, "-keyout", key], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)

    async def stall() -> float:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0, ssl=context)
        async with server, open_line("tcp://{}:{}".format(*server.sockets[0].getsockname())) as line:
            began = time.monotonic()
            await line.send(said)
            await line.ended()
            return time.monotonic() - began

    with asyncio.Runner(loop_factory=Hasty) as runner:
        assert SPAN * 0.9 < runner.run(stall()) < 3 * SPAN
