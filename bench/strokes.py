"""Everybody at one sketch, in one loop that costs little: those who draw do so in turn, evenly spread.

What comes is only noted while it comes, and taken apart afterwards: the machine is the server's.
"""

import random
import re
import select
import socket
import time
from contextlib import suppress
from itertools import cycle
from typing import NamedTuple

from bench.peers.sketches import SketchPeer
from bench.sockets import framed
from models.lib0 import number, sized
from tests.garbage import uncollected

SETTLE_SECONDS, LONGEST_SECONDS = 3.0, 10.0
"""Without a word; and altogether, for a server that has fallen far behind."""

SPEAK_SECONDS = 6.0
"""Nobody answers pings, so everybody speaks up so often by themselves (RFC 6455, 5.5.3), one after the other."""

_PONG = framed(b"", 0xA)
LOOK_SECONDS = 0.0002
"""Between two looks at what has come: a server that had to wake us would pay for that with each write."""

POINTS = b"\0" + bytes(random.Random(1).choices([byte for byte in range(128) if byte != ord("^")], k=198))  # noqa: S311
"""66 of them with a pressure each, as the page packs them: a sketch takes them as they are."""

_STROKE = re.compile(rb"\^(\d{8})")
_NAME_BYTES = 9
_BUFFER_BYTES = 1 << 18


class Load(NamedTuple):
    """Who is there, who of them draws, and how often."""

    clients: int
    writers: int
    hertz: int

    def __str__(self) -> str:
        return f"{self.clients} clients, {self.writers} writers at {self.hertz} Hz"


class Heard(NamedTuple):
    """Seconds from the writing of a stroke to each reading of it, ascending, and the share of them that came."""

    journeys: list[float]
    delivered: float

    def percentile(self, share: float) -> float:
        """In milliseconds; endless where nothing came."""
        journeys = self.journeys
        return journeys[int(len(journeys) * share)] * 1e3 if journeys else float("inf")


def stroke(client: int, clock: int, name: int) -> bytes:
    """A finished stroke of some 250 bytes as a Yjs update: one key of the map `el`."""
    style = (
        b"\x76"
        + number(2)
        + sized(b"kind")
        + b"\x77"
        + sized(b"stroke")
        + sized(b"points")
        + b"\x74"
        + sized(POINTS)
    )
    key = b"^%08d" % name
    item = b"\x28\x01" + sized(b"el") + sized(key) + b"\x01" + style
    return b"\x01\x01" + number(client) + number(clock) + item + b"\x00"


class Crowd:
    """All clients of one server."""

    def __init__(self, peer: SketchPeer, port: int, load: Load) -> None:
        self._peer = peer
        self._load = load
        self._sockets = [peer.enter(port) for _ in range(load.clients)]
        self._poll = select.epoll()
        self._by_number = {opened.fileno(): opened for opened in self._sockets}
        self._tails: dict[int, bytes] = {}
        self._buffer = bytearray(_BUFFER_BYTES)
        for opened in self._sockets:
            opened.setblocking(False)
            self._poll.register(opened.fileno(), select.EPOLLIN)
        self._turns = cycle(self._sockets)
        self._sent: list[float] = []
        self._noted: list[tuple[float, list[bytes]]] = []
        self._heard = self._counted_from = 0
        self.lost = 0
        """Sockets that the server closed: what doesn't come there is not delivered."""

    def run(self, seconds: float) -> None:
        """Draws for so long, and hears whatever comes meanwhile."""
        began, first = time.perf_counter(), len(self._sent)
        gap, spoke = 1 / (self._load.writers * self._load.hertz), 0
        with uncollected():  # looking for cycles among what was noted would hold up the clock
            while (now := time.perf_counter()) < began + seconds:
                for _ in range(int((now - began) / gap) - (len(self._sent) - first)):
                    self._draw()
                if spoke < (now - began) / SPEAK_SECONDS * self._load.clients:
                    spoke += 1
                    self._write(next(self._turns), _PONG)
                self._hear()

    def _draw(self) -> None:
        name = len(self._sent)
        writer = name % self._load.writers
        update = stroke(1000 + writer, name // self._load.writers, name)
        frame = self._peer.stroke(update)
        opened = self._sockets[writer]
        self._sent.append(time.perf_counter())
        self._write(opened, frame)

    def _write(self, opened: socket.socket, frame: bytes) -> None:
        opened.setblocking(True)
        with suppress(ConnectionError):  # the server has closed it, and it counts as lost
            opened.sendall(frame)
        opened.setblocking(False)

    def _hear(self) -> None:
        found = self._poll.poll(0)
        if not found:
            time.sleep(LOOK_SECONDS)
        for descriptor, _ in found:
            self._read(descriptor)

    def _read(self, descriptor: int) -> None:
        buffer, tail = self._buffer, self._tails.pop(descriptor, b"")
        begin = len(tail)
        buffer[:begin] = tail
        try:
            size = self._by_number[descriptor].recv_into(memoryview(buffer)[begin:])
        except BlockingIOError:
            self._tails[descriptor] = tail
            return
        except ConnectionError:
            size = 0
        if not size:
            self.lost += 1
            self._poll.unregister(descriptor)
            return
        end = begin + size
        names = _STROKE.findall(memoryview(buffer)[:end])
        cut = buffer.rfind(b"^", max(0, end - _NAME_BYTES + 1), end)
        if cut >= 0:
            self._tails[descriptor] = bytes(buffer[cut:end])
        self._heard += len(names)
        self._noted.append((time.perf_counter(), names))

    def settle(self) -> None:
        """Until nothing comes any more, or nothing is to come, or for as long as anybody would wait."""
        quiet, heard = time.perf_counter() + SETTLE_SECONDS, self._heard
        most = time.perf_counter() + LONGEST_SECONDS
        while time.perf_counter() < min(quiet, most) and self._heard < len(self._sent) * self._load.clients:
            self._hear()
            if self._heard > heard:
                quiet, heard = time.perf_counter() + SETTLE_SECONDS, self._heard

    def begin(self) -> None:
        """From here on it counts."""
        self.settle()
        self._noted.clear()
        self._counted_from = len(self._sent)

    def result(self) -> Heard:
        first, sent = self._counted_from, self._sent
        journeys = [
            at - sent[name]
            for at, names in self._noted
            for name in map(int, names)
            if first <= name < len(sent)
        ]
        return Heard(sorted(journeys), len(journeys) / ((len(sent) - first) * self._load.clients))

    def close(self) -> None:
        for opened in self._sockets:
            opened.close()
