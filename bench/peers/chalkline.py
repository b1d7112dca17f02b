"""Ourselves: a real `chalkline serve` with its PostgreSQL, each post committed before it is told."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from bench.peers.peer import COUNTER, MARK, Peer, Post, hear, open_websocket, posted
from bench.running import SERVE, Person, running

PEOPLE = 20


class Chalkline(Peer):
    """The sockets are those of PEOPLE people; who posts listens to nothing but the acknowledgements."""

    def __init__(self, name: str = "**Chalkline**", *flags: str) -> None:
        self.name = name
        self._flags = flags
        self._turns: Iterator[Person] = iter(())
        self._channel = 0

    def install(self) -> None:
        """It is here."""

    def command(self, port: int, directory: Path) -> list[str]:
        raise NotImplementedError

    @contextmanager
    def running(self, directory: Path) -> Iterator[tuple[int, int]]:  # noqa: ARG002 - it has its own
        with running((*SERVE, *self._flags)) as server:
            people = server.people(PEOPLE)
            self._channel = server.channel(people[0], "everybody")
            for person in people[1:]:
                server.call("POST", f"/channels/{self._channel}/join", by=person)
            self._turns = cycle(people)
            yield server.pid, server.port

    def enter(self, port: int) -> socket.socket:
        return self._open(port, f"/ws/channels/{self._channel}", next(self._turns))

    def sender(self, port: int) -> socket.socket:
        return self._open(port, "/ws/system", next(self._turns))

    def _open(self, port: int, path: str, person: Person) -> socket.socket:
        opened = open_websocket(port, path, f"Authorization: Bearer {person.token}\r\n")
        hear(opened, '"hello"')
        return opened

    def post(self, size: int) -> Post:  # noqa: ARG002 - the shortest text: the rest of the fact is longer than that
        return posted(
            f'{{"type":"message.post","ref":"{COUNTER[:1]}","channel_id":{self._channel},'
            f'"client_id":"{COUNTER}","text":"{MARK}"}}'
        )
