"""Real servers as processes, and the line between them and a browser, which can be cut."""

import asyncio
import signal
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from tests.server.running import Running, run

MODULE = "server.cli"


class Server:
    """`chalkline serve`, which keeps its address when it is killed and started again. A context manager."""

    def __init__(
        self, data_dir: Path, database_url: str | None = None, module: str = MODULE, **variables: str
    ) -> None:
        """`variables` are settings by their names: `AI_BASE_URL="demo"`."""
        self._data_dir = data_dir
        self._variables = {f"CHALKLINE_{name}": value for name, value in variables.items()}
        if database_url:
            self._variables["CHALKLINE_DATABASE_URL"] = database_url
        self._module = module
        self._port = "0"
        self._stack = ExitStack()
        self._running: Running | None = None
        self.url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self) -> None:
        words = ("serve", "--port", self._port, "--data-dir", str(self._data_dir), "--log-level", "warning")
        self._running = self._stack.enter_context(run(self._module, *words, variables=self._variables))
        self.url = self._running.url()
        self._port = self.url.rsplit(":", 1)[1]

    def kill(self) -> None:
        """At once, as the kernel does when memory runs out."""
        assert self._running is not None
        self._running.process.send_signal(signal.SIGKILL)
        self._running.process.wait()


class Line:
    """Hands bytes on between a browser and a server, until it is cut. An async context manager."""

    def __init__(self, url: str) -> None:
        self._port = int(url.rsplit(":", 1)[1])
        self._is_cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()
        await self._server.wait_closed()

    def cut(self) -> None:
        self._is_cut = True
        for writer in self._open:
            writer.transport.abort()

    def mend(self) -> None:
        self._is_cut = False

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._open |= both
        await asyncio.gather(self._hand_on(reader, far_writer), self._hand_on(far_reader, writer))
        self._open -= both

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                writer.write(piece)
                await writer.drain()
        writer.close()
