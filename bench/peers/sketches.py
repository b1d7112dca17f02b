"""The servers of `bench.sketch`: ours with everything on, and two that keep nothing."""

import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.peers.peer import HERE, Peer, Post, open_websocket, run
from bench.peers.relays import NODE, install_node
from bench.running import DATA, running
from bench.sockets import framed
from models.lib0 import sized
from models.yjs import sync_step_1, sync_update

BINARY = 2
PYCRDT = DATA / "pycrdt"


class SketchPeer(ABC):
    """`install`, then `running`, then sockets."""

    name: str

    @abstractmethod
    def install(self) -> None:
        """Raises Missing."""

    @abstractmethod
    def serve(self, directory: Path) -> AbstractContextManager[tuple[int, int]]:
        """Its process id and port."""

    @abstractmethod
    def enter(self, port: int) -> socket.socket:
        """Somebody who draws, or looks on."""

    def stroke(self, update: bytes) -> bytes:
        """As the client's frame."""
        return framed(sync_update(update), BINARY)


class Chalkline(SketchPeer):
    """With PostgreSQL, where every stroke goes, and the rules of a sketch."""

    name = "Chalkline"

    def install(self) -> None:
        """It is here."""

    @contextmanager
    def serve(self, directory: Path) -> Iterator[tuple[int, int]]:  # noqa: ARG002
        with running() as server:
            alice = server.register("alice")
            made = server.call(
                "POST", f"/channels/{server.channel(alice, 'wall')}/sketches", {"title": "wall"}, alice
            )
            self.show(made["id"], alice.token)
            yield server.pid, server.port

    def show(self, sketch: int, token: str) -> None:
        """Whoever enters comes to this sketch, as whose token it is."""
        self._sketch, self._token = sketch, token

    def enter(self, port: int) -> socket.socket:
        opened = open_websocket(
            port, f"/ws/sketches/{self._sketch}", f"Authorization: Bearer {self._token}\r\n"
        )
        opened.sendall(framed(sync_step_1(b"\x00"), BINARY))
        return opened


class _Foreign(Peer, SketchPeer):
    """Started as the other measurements start their peers."""

    @contextmanager
    def serve(self, directory: Path) -> Iterator[tuple[int, int]]:
        with self.running(directory) as started:
            yield started

    def sender(self, port: int) -> socket.socket:
        return self.enter(port)

    def post(self, size: int) -> Post:
        raise NotImplementedError


class Hocuspocus(_Foreign):
    """The best known one. Its messages have the document's name in front."""

    name = "Hocuspocus 4.7"

    def install(self) -> None:
        install_node()

    def command(self, port: int, directory: Path) -> list[str]:  # noqa: ARG002
        return [NODE, str(HERE / "hocuspocus.mjs"), str(port)]

    def enter(self, port: int) -> socket.socket:
        opened = open_websocket(port, "/wall")
        opened.sendall(framed(sized(b"wall") + b"\x02\x00" + sized(b"token"), BINARY))
        opened.sendall(framed(sized(b"wall") + sync_step_1(b"\x00"), BINARY))
        return opened

    def stroke(self, update: bytes) -> bytes:
        return framed(sized(b"wall") + sync_update(update), BINARY)


class PycrdtWebsocket(_Foreign):
    """The room loop that pycrdt's own project offers."""

    name = "pycrdt-websocket, uvicorn"

    def install(self) -> None:
        if not (PYCRDT / "done").exists():
            run([sys.executable, "-m", "venv", str(PYCRDT)])
            run(
                [
                    str(PYCRDT / "bin" / "pip"),
                    "install",
                    "-q",
                    "pycrdt-websocket==0.16.5",
                    "uvicorn",
                    "uvloop",
                    "websockets",
                ]
            )
            (PYCRDT / "done").touch()

    def command(self, port: int, directory: Path) -> list[str]:  # noqa: ARG002
        return [str(PYCRDT / "bin" / "python"), str(HERE / "pycrdt_server.py"), str(port)]

    def enter(self, port: int) -> socket.socket:
        opened = open_websocket(port, "/wall")
        opened.sendall(framed(sync_step_1(b"\x00"), BINARY))
        return opened
