"""RESP3 on a connection that redis-py has opened and signed in: what is said there, read as it comes.

redis-py awaits each answer and each message by itself, which takes 15 to 20 % of an instance. Here the publications of
a tick leave in one write, their answers are counted, and messages are handed on from the very call that read them.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from redis.exceptions import ResponseError

SECONDS = 1.0
"""For a command, until it is answered."""

Told = Callable[[str, str, bytes], None]
"""What happened (`subscribe`, `message` or another that doesn't matter), on which channel, and what was said."""

_PUSH, _MAP, _NUMBER = ord(">"), ord("%"), ord(":")
_LISTS, _SIZED, _ERRORS, _KNOWN = b"*>~%", b"$=!", b"-!", b"+:#,_($="


class Resp(asyncio.Protocol):
    """Takes a stream over. Every loss comes up as an error of `lost` and of whatever is asked afterwards."""

    def __init__(self, writer: asyncio.StreamWriter, rest: bytes) -> None:
        """`rest` was read from it before."""
        loop = asyncio.get_running_loop()
        self._now = loop.time
        self._writer = writer  # which would close the transport if it were let go
        self._transport = writer.transport
        self._asked: deque[float] = deque()  # when each command was sent that isn't answered yet
        self._untold: list[tuple[str, str, bytes]] = []
        self._told: Told = lambda *told: self._untold.append(told)
        self._rest = b""
        self._may_write = asyncio.Event()
        self._may_write.set()
        self.lost: asyncio.Future[None] = loop.create_future()
        self.lost.add_done_callback(lambda lost: lost.cancelled() or lost.exception())  # asked for or not
        self._transport.set_protocol(self)
        if rest:
            self.data_received(rest)

    async def ask(self, commands: Sequence[Sequence[bytes]], *, answers: int) -> None:
        """So many answers will come, which nobody waits for: `check` does."""
        self.check()
        self._asked.extend([self._now()] * answers)
        self._transport.write(b"".join(map(_packed, commands)))
        if not self._may_write.is_set():
            async with asyncio.timeout(SECONDS):
                await self._may_write.wait()

    async def answered(self) -> None:
        """Until nothing is owed any more."""
        while self._asked:
            self.check()
            await asyncio.sleep(0.001)
        self.check()

    def check(self) -> None:
        """Raises what the connection was lost by, and TimeoutError where an answer is overdue."""
        if self.lost.done():
            self.lost.result()
        if self._asked and self._now() - self._asked[0] > SECONDS:
            raise TimeoutError("no answer")

    async def listen(self, told: Told) -> None:
        """Ends with the connection, in its error."""
        untold, self._untold, self._told = self._untold, [], told
        for one in untold:
            told(*one)
        await asyncio.shield(self.lost)

    def close(self) -> None:
        self._transport.close()

    # The transport's side.

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        try:
            while at < end:
                value, after, is_push = _read(data, at)
                at = after
                self._take(value, is_push=is_push)
        except _Unfinished:
            pass
        except Exception as error:  # noqa: BLE001 - whoever listens gets it
            self._lose(error)
        self._rest = data[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose(exc or ConnectionError("closed"))

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def _take(self, value: Any, *, is_push: bool) -> None:
        if not is_push:
            if self._asked:
                self._asked.popleft()
        elif len(value) == 3 and isinstance(value[0], bytes) and isinstance(value[1], bytes):
            self._told(value[0].decode(), value[1].decode(), value[2] if isinstance(value[2], bytes) else b"")

    def _lose(self, error: Exception) -> None:
        if not self.lost.done():
            self.lost.set_exception(error)
        self._may_write.set()
        self._transport.abort()


class _Unfinished(Exception):
    """The rest of it is still to come."""


def _packed(words: Sequence[bytes]) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


def _read(data: bytes, at: int) -> tuple[Any, int, bool]:
    """A value, where the next one begins, and whether it was pushed. Raises _Unfinished."""
    line_end = data.find(b"\r\n", at)
    if line_end < 0:
        raise _Unfinished
    kind, line, after = data[at], data[at + 1 : line_end], line_end + 2
    if kind in _LISTS:
        values, after = _read_list(data, after, _number(line) * (2 if kind == _MAP else 1))
        return values, after, kind == _PUSH
    if kind in _SIZED and line != b"-1":
        end = after + _number(line)
        if len(data) < end + 2:
            raise _Unfinished
        line, after = data[after:end], end + 2
    if kind in _ERRORS:
        raise ResponseError(line.decode(errors="replace"))
    if kind not in _KNOWN:
        raise ConnectionError("this isn't RESP3")
    return _number(line) if kind == _NUMBER else line, after, False


def _read_list(data: bytes, at: int, number: int) -> tuple[list[Any], int]:
    values = []
    for _ in range(number):
        value, at, _ = _read(data, at)
        values.append(value)
    return values, at


def _number(line: bytes) -> int:
    try:
        return int(line)
    except ValueError:
        raise ConnectionError("this isn't RESP3") from None
