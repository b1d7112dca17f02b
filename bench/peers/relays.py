"""The peers that are a few lines over a library: what one says at /post goes to everyone at /listen, as it is."""

import socket
import sys
from abc import abstractmethod
from pathlib import Path

from bench.peers.peer import HERE, Peer, Post, compiled, filled, open_websocket, posted, run
from bench.running import DATA

NODE = DATA / "node"


class Relay(Peer):
    """Hands the very frame on."""

    @abstractmethod
    def program(self) -> list[str]:
        """What to run, but for the port."""

    def command(self, port: int, directory: Path) -> list[str]:  # noqa: ARG002 - they keep nothing
        return [*self.program(), str(port)]

    def enter(self, port: int) -> socket.socket:
        return open_websocket(port, "/listen")

    def sender(self, port: int) -> socket.socket:
        return open_websocket(port, "/post")

    def post(self, size: int) -> Post:
        return posted(filled('{"type":"message.posted","text":"', '"}', size))


class Epoll(Relay):
    """The floor."""

    name = "C, epoll, one `send` a delivery"

    def install(self) -> None:
        self._program = compiled(HERE / "epoll.c")

    def program(self) -> list[str]:
        return [str(self._program)]


class Python(Relay):
    """A module of this folder: its libraries are ours as well."""

    def __init__(self, name: str, module: str) -> None:
        self.name = name
        self._module = module

    def install(self) -> None:
        """It is there."""

    def program(self) -> list[str]:
        return [sys.executable, str(HERE / self._module)]


class Ws(Relay):
    """Node's own habit."""

    name = "node `ws`"

    def install(self) -> None:
        install_node("ws")

    def program(self) -> list[str]:
        return ["node", str(HERE / "ws.cjs"), str(NODE)]


def install_node(package: str) -> None:
    """Raises Missing."""
    NODE.mkdir(parents=True, exist_ok=True)
    if not (NODE / "node_modules" / package).exists():
        run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(NODE), package])
    run(["node", "--version"])
