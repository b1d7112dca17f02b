"""What receivers.c does, for a machine without a compiler: a tenth as fast, so that the servers wait for it more.

Words and answers are the same: `python -m bench.receivers_slow TEMPLATE COUNTER SENDERS DESCRIPTOR...`.
"""

import os
import select
import socket
import sys
import time
from collections import Counter
from pathlib import Path

from bench.peers.peer import MARK
from bench.sockets import framed

PAUSE_SECONDS = 0.0002
IDLE_SECONDS = 0.02
STUCK_SECONDS = 20.0
BYTES = 1 << 18
_TEXTS, _PING, _PONG = (0, 1, 2), 9, 10
_MARK = MARK.encode()


class Peer:
    """One socket: the messages in it, counted frame by frame, and its pings answered."""

    def __init__(self, opened: socket.socket) -> None:
        self.opened = opened
        self.seen = 0
        self._rest = b""

    def read(self) -> int:
        """The messages that have come."""
        data, at, found = self._rest + self.opened.recv(BYTES), 0, 0
        if not data:
            raise SystemExit("fail a socket ended")
        while len(data) - at >= 2:
            size, begin = data[at + 1] & 127, at + 2
            if size > 125:
                width = 2 if size == 126 else 8
                size, begin = int.from_bytes(data[begin : begin + width]), begin + width
            if begin + size > len(data):
                break
            if data[at] & 15 in _TEXTS:
                found += data.count(_MARK, begin, begin + size)
            elif data[at] & 15 == _PING:
                self.opened.send(framed(data[begin : begin + size], _PONG))
            at = begin + size
        self._rest = data[at:]
        return found


class Load:
    """All sockets of one server."""

    def __init__(self, template: bytes, counter: int, senders: list[Peer], receivers: list[Peer]) -> None:
        self._head, self._tail = template[:counter], template[counter + 8 :]
        self._senders = senders
        self._receivers = {peer.opened.fileno(): peer for peer in receivers}
        self._deaf = {peer.opened.fileno(): peer for peer in senders}
        self._epoll = select.epoll()
        for number in (*self._receivers, *self._deaf):
            self._epoll.register(number, select.EPOLLIN)
        self._sent_at: list[float] = []
        self._arrived: Counter[int] = Counter()
        self._landed = 0
        self._took: list[float] = []

    def turn(self) -> None:
        events = self._epoll.poll(0)
        if not events:
            time.sleep(PAUSE_SECONDS)
        for number, _ in events:
            if number in self._deaf:
                self._deaf[number].read()
                continue
            peer = self._receivers[number]
            for _ in range(peer.read()):
                self._take(peer, time.perf_counter())

    def _take(self, peer: Peer, at: float) -> None:
        self._took.append(at - self._sent_at[peer.seen])
        self._arrived[peer.seen] += 1
        if self._arrived[peer.seen] == len(self._receivers):
            del self._arrived[peer.seen]
            self._landed += 1
        peer.seen += 1

    def _post(self, window: int) -> None:
        while len(self._sent_at) - self._landed < window:
            number = b"%08x" % (len(self._sent_at) + 1)
            sender = self._senders[len(self._sent_at) % len(self._senders)]
            self._sent_at.append(time.perf_counter())
            sender.opened.send(self._head + number + self._tail)

    def measure(self, window: int, warm: float, seconds: float) -> None:
        self._run(window, warm)
        _say("begin")
        self._took.clear()
        began = time.perf_counter()
        self._run(window, seconds)
        took = sorted(self._took)
        median, p99 = (took[int(len(took) * share)] * 1e6 for share in (0.5, 0.99))
        _say(f"end {time.perf_counter() - began} {len(took)} {median:.0f} {p99:.0f}")
        until = time.perf_counter() + STUCK_SECONDS
        while self._landed < len(self._sent_at) and time.perf_counter() < until:
            self.turn()

    def _run(self, window: int, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            self._post(window)
            self.turn()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(template: str, counter: str, senders: str, *descriptors: str) -> None:
    peers = [Peer(socket.socket(fileno=int(number))) for number in descriptors]
    load = Load(Path(template).read_bytes(), int(counter), peers[: int(senders)], peers[int(senders) :])
    while True:
        load.turn()
        if select.select([0], [], [], IDLE_SECONDS)[0]:
            words = os.read(0, 256).decode().split()
            if not words:
                return
            load.measure(int(words[0]), float(words[1]), float(words[2]))


if __name__ == "__main__":
    main(*sys.argv[1:])
