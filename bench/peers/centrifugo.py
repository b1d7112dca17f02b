"""Centrifugo: one channel, without history, its clients let in unasked."""

import json
import socket
from pathlib import Path

from bench.peers.peer import Peer, Post, filled, hear, open_websocket, posted, run, say
from bench.running import DATA

_MODULE = "github.com/centrifugal/centrifugo/v6@v6.9.1"
_CONFIG = {
    "client": {"insecure": True, "ping_interval": "3600s", "pong_timeout": "60s"},
    "log": {"level": "error"},
    "channel": {"without_namespace": {"allow_subscribe_for_client": True, "allow_publish_for_client": True}},
}


class Centrifugo(Peer):
    """Its JSON protocol: commands and pushes are lines."""

    name = "Centrifugo"

    def install(self) -> None:
        self._program = DATA / "go" / "centrifugo"
        if not self._program.exists():
            run(["go", "install", _MODULE], GOBIN=str(self._program.parent))

    def command(self, port: int, directory: Path) -> list[str]:
        config = directory / "config.json"
        server = {"address": "127.0.0.1", "port": str(port)}
        config.write_text(json.dumps({**_CONFIG, "http_server": server}))
        return [str(self._program), "--config", str(config)]

    def enter(self, port: int) -> socket.socket:
        opened = self.sender(port)
        say(opened, '{"id":2,"subscribe":{"channel":"room"}}')
        hear(opened, '"subscribe"')
        return opened

    def sender(self, port: int) -> socket.socket:
        opened = open_websocket(port, "/connection/websocket")
        say(opened, '{"id":1,"connect":{}}')
        hear(opened, '"connect"')
        return opened

    def post(self, size: int) -> Post:
        told = len('{"push":{"channel":"room","pub":{"data":{"text":""}}}}')
        text = filled("", "", size - told)
        return posted(f'{{"id":3,"publish":{{"channel":"room","data":{{"text":"{text}"}}}}}}')
