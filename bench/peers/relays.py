"""The peers that are a few lines over a library: what one says at /post goes to everyone at /listen, as it is."""

import socket
import subprocess
import sys
from abc import abstractmethod
from pathlib import Path

import hatch_build
from bench.peers.peer import HERE, Missing, Peer, Post, compiled, filled, open_websocket, posted

NODE = str(hatch_build.NODE)


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
        install_node()

    def program(self) -> list[str]:
        return [NODE, str(HERE / "ws.cjs")]


def install_node() -> None:
    """What Node's programs here need, as this folder's lock has it. Raises Missing."""
    try:
        hatch_build.install(with_checks=False, folder=HERE)
    except (OSError, subprocess.CalledProcessError):
        raise Missing("npm ci failed, and said why above") from None
