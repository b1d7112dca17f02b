"""socket.io: one event to a room of everyone, over WebSocket alone."""

import socket
from pathlib import Path

from bench.peers.peer import HERE, Peer, Post, filled, hear, open_websocket, posted, say
from bench.peers.relays import NODE, install_node

_PATH = "/socket.io/?EIO=4&transport=websocket"


class SocketIo(Peer):
    """Packets of Engine.IO 4: `40` opens, `42[…]` is an event."""

    name = "socket.io"

    def install(self) -> None:
        install_node()

    def command(self, port: int, directory: Path) -> list[str]:  # noqa: ARG002 - it keeps nothing
        return [NODE, str(HERE / "socketio.cjs"), str(port)]

    def enter(self, port: int) -> socket.socket:
        opened = self.sender(port)
        say(opened, '42["join"]')
        hear(opened, "joined")
        return opened

    def sender(self, port: int) -> socket.socket:
        opened = open_websocket(port, _PATH)
        hear(opened, "pingInterval")
        say(opened, "40")
        hear(opened, "sid")
        return opened

    def post(self, size: int) -> Post:
        return posted(filled('42["post","', '"]', size))
