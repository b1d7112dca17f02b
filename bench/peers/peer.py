"""A server that hands messages on: how it is started, how a socket enters its one channel, how one posts.

Law: a peer gets what it wants (its fast paths, no pings, no logs), and its messages are as long as ours.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.running import DATA
from bench.sockets import framed

HERE = Path(__file__).parent
MARK, COUNTER = "^", "00000000"
"""Each message holds both once: by the one it is counted, at the other it gets its number."""

_START_SECONDS = 60.0
_INSTALL_SECONDS = 600.0
_OPEN_SECONDS = 20.0


class Missing(Exception):
    """This peer can't be had here; the text says why."""


class Post(NamedTuple):
    """A finished frame of the sender, with a place in it for a number."""

    frame: bytes
    counter: int


class Peer(ABC):
    """One server. `install` first, then `running`, then sockets."""

    name: str

    @abstractmethod
    def install(self) -> None:
        """Raises Missing."""

    @abstractmethod
    def command(self, port: int, directory: Path) -> list[str]:
        """What to run; the directory is the server's own."""

    @abstractmethod
    def enter(self, port: int) -> socket.socket:
        """A receiver, in the channel."""

    @abstractmethod
    def sender(self, port: int) -> socket.socket:
        """Whoever posts."""

    @abstractmethod
    def post(self, size: int) -> Post:
        """A post which reaches each receiver in a frame of so many bytes, or as near to that as it gets."""

    @contextmanager
    def running(self, directory: Path) -> Iterator[tuple[int, int]]:
        """Its process id and port."""
        port = _free_port()
        with (directory / "said.log").open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - a command of this package
                self.command(port, directory), cwd=directory, stdout=output, stderr=output
            )
        try:
            _await_port(port, process, directory / "said.log")
            yield process.pid, port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def filled(before: str, after: str, size: int) -> str:
    """A text with the mark and the counter between `before` and `after`, of so many bytes where that is possible."""
    room = size - len(before) - len(after) - len(MARK) - len(COUNTER)
    return before + MARK + COUNTER + "x" * room + after


def posted(text: str) -> Post:
    """A text as a client's frame."""
    frame = framed(text.encode())
    return Post(frame, frame.index(COUNTER.encode()))


def open_websocket(port: int, path: str, head: str = "") -> socket.socket:
    """An open WebSocket, of which nothing but the handshake has been read."""
    opened = socket.create_connection(("127.0.0.1", port), _OPEN_SECONDS)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.sendall(
        f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{head}\r\n".encode()
    )
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += _received(opened, 1)
    if not answer.startswith(b"HTTP/1.1 101 "):
        raise SystemExit(f"{path} answered {answer.decode(errors='replace')}")
    return opened


def say(opened: socket.socket, text: str) -> None:
    opened.sendall(framed(text.encode()))


def hear(opened: socket.socket, until: str) -> str:
    """Reads frames up to the one that holds a text."""
    while True:
        head = _received(opened, 2)
        size = head[1] & 127
        if size > 125:
            size = int.from_bytes(_received(opened, 2 if size == 126 else 8))
        text = _received(opened, size).decode(errors="replace")
        if until in text:
            return text


def _received(opened: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = opened.recv(size - len(data))
        if not piece:
            raise SystemExit("The server closed a socket.")
        data += piece
    return data


def run(command: list[str], **environment: str) -> None:
    """Of a package client or a compiler; raises Missing."""
    if shutil.which(command[0]) is None:
        raise Missing(f"{command[0]} is not installed")
    try:
        subprocess.run(  # noqa: S603 - a command of this package
            command, env=os.environ | environment, check=True, capture_output=True, timeout=_INSTALL_SECONDS
        )
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).decode(errors="replace").strip().splitlines()
        raise Missing(f"{' '.join(command[:3])} failed: {said[-1] if said else error.returncode}") from None
    except subprocess.TimeoutExpired:
        raise Missing(f"{' '.join(command[:3])} took too long") from None


def install_debian(package: str, program: str) -> None:
    """A package of the system, where this process may install one; raises Missing."""
    if shutil.which(program):
        return
    if os.geteuid() or shutil.which("apt-get") is None:
        raise Missing(f"{program} is not installed (Debian: apt install {package})")
    run(["apt-get", "install", "-y", "--no-install-recommends", package], DEBIAN_FRONTEND="noninteractive")


def compiled(source: Path) -> Path:
    """The program that a C file of ours becomes; raises Missing."""
    compiler = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), "cc")
    DATA.mkdir(parents=True, exist_ok=True)
    program = DATA / source.stem
    run([compiler, "-O2", "-o", str(program), str(source)])
    return program


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_port(port: int, process: "subprocess.Popen[bytes]", said: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.stdout.write(said.read_text(errors="replace"))
    raise Missing("it did not start")
