"""Sockets of bench.storm: who comes back for what was missed, and who posted it meanwhile."""

import asyncio
import json
import time
from collections.abc import Sequence

from bench.sockets import Socket, framed

_FACT = b'"type":"message.posted"'
_ANSWER = b'{"type":"ok"'
_CHANNEL = b'"channel_id":'


class Returner(Socket):
    """Subscribes after its hello, and counts what comes of each channel. `took` is set when nothing is missing."""

    def __init__(self, request: bytes) -> None:
        super().__init__(request)
        self.missing: dict[int, int] = {}
        self.answers = 0
        self.took: float | None = None
        self.kept: list[bytes] | None = None

    def subscribe(self, channels: Sequence[int], after: Sequence[int | None], missing: int) -> None:
        self.missing = dict.fromkeys(channels, missing)
        for channel, seq in zip(channels, after, strict=True):
            since = b"" if seq is None else b',"after":%d' % seq
            self.transport.write(framed(b'{"type":"subscribe","channel_id":%d%b}' % (channel, since)))

    def heard(self, data: bytes, begin: int, end: int) -> None:
        facts = data.count(_FACT, begin, end)
        if data.startswith(_ANSWER, begin):
            self.answers += 1
        elif not facts:
            self.refuse_error(data, begin, end)
            return
        at = data.index(_CHANNEL, begin) + len(_CHANNEL)
        self.missing[int(data[at : data.index(b",", at)])] -= facts
        if self.kept is not None:
            self.kept.append(data[begin:end])
        if not any(self.missing.values()) and self.answers == len(self.missing):
            self.took = time.perf_counter()

    def seqs(self) -> dict[int, list[int]]:
        """Of what was kept: the seqs that came of each channel."""
        found: dict[int, list[int]] = {}
        for frame in map(json.loads, self.kept or []):
            found.setdefault(frame["channel_id"], []).extend(
                fact["seq"] for fact in frame.get("events", [frame])
            )
        return found


class Poster(Socket):
    """Posts one after the other."""

    answered: "asyncio.Future[None]"

    def heard(self, data: bytes, begin: int, end: int) -> None:
        if data.startswith(_ANSWER, begin):
            self.answered.set_result(None)
        else:
            self.refuse_error(data, begin, end)

    async def post(self, channel: int, number: int) -> None:
        self.answered = asyncio.get_running_loop().create_future()
        text = f"What was said in channel {channel} while nobody was there, and now has to be heard by everybody."
        body = f'{{"type":"message.post","channel_id":{channel},"client_id":"m{number}","text":"{text}"}}'
        self.transport.write(framed(body.encode()))
        await self.answered
