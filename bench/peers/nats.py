"""NATS over WebSocket: one subject, to which everyone has subscribed."""

import socket
from pathlib import Path

from bench.peers.peer import COUNTER, MARK, Peer, Post, hear, install_debian, open_websocket, posted, say

_CONFIG = """
host: 127.0.0.1
port: -1
ping_interval: "1h"
websocket {{ host: 127.0.0.1, port: {port}, no_tls: true, compression: false }}
"""
_CONNECT = 'CONNECT {"verbose":false,"pedantic":false,"echo":false}\r\nPING\r\n'


class Nats(Peer):
    """Its protocol is lines; a message is `MSG subject id size`, and the payload."""

    name = "NATS server, WebSocket"

    def install(self) -> None:
        install_debian("nats-server", "nats-server")

    def command(self, port: int, directory: Path) -> list[str]:
        config = directory / "nats.conf"
        config.write_text(_CONFIG.format(port=port))
        return ["nats-server", "--config", str(config)]

    def enter(self, port: int) -> socket.socket:
        opened = self.sender(port)
        say(opened, "SUB room 1\r\nPING\r\n")
        hear(opened, "PONG")
        return opened

    def sender(self, port: int) -> socket.socket:
        opened = open_websocket(port, "/")
        hear(opened, "INFO")
        say(opened, _CONNECT)
        hear(opened, "PONG")
        return opened

    def post(self, size: int) -> Post:
        size -= len(f"MSG room 1 {size}\r\n\r\n")
        return posted(f"PUB room {size}\r\n{MARK + COUNTER:x<{size}}\r\n")
