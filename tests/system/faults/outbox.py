"""What a client has posted and has no answer to: it asks again, under the same name, until it has one."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.system.faults.accounts import Account
from tests.system.faults.history import Frame, Recorder, hash_said

WINDOW = 16
"""Posts of one client that wait for their answers."""

STALLED_SECONDS = 8.0
"""A post unanswered for so long, and the client tries another instance."""

AGAIN_SECONDS = 0.25
"""Before what the server can't do now is asked again."""

NOT_NOW = {"unavailable", "internal", "rate_limited"}
"""Errors that don't say what became of a post, or that it may be sent again."""


@dataclass(frozen=True, slots=True)
class Post:
    """`key` is its client_id."""

    chan: int
    key: str
    text: str


class Outbox:
    """Of one client. `say` sends a frame to the instance at `port` while there is a connection, and drops it else."""

    def __init__(
        self, name: str, account: Account, recorder: Recorder, counts: Counter[str], say: Callable[..., None]
    ) -> None:
        self.pending: dict[str, Post] = {}
        self.port = 0
        self.has_twins = False
        """Others send the same posts."""
        self._name = name
        self._account = account
        self._recorder = recorder
        self._counts = counts
        self._say = say
        self._is_open = False
        self._tried: dict[str, float] = {}
        self._unsure: set[str] = set()

    @property
    def has_room(self) -> bool:
        return len(self.pending) < WINDOW

    @property
    def is_stalled(self) -> bool:
        return any(time.monotonic() - at > STALLED_SECONDS for at in self._tried.values())

    def add(self, post: Post) -> None:
        self.pending[post.key] = post
        self._send(post)

    def open(self, port: int) -> None:
        """A new connection: what waits is sent again."""
        self.port, self._is_open = port, True
        for post in list(self.pending.values()):
            self._send(post)

    def close(self) -> None:
        """The connection is lost: whatever wasn't answered may have happened or not."""
        self._is_open = False
        for key in self._tried:
            self._doubt(key, "lost")
        self._tried.clear()

    def answered(self, frame: Frame) -> None:
        """An ok, or an error, with the ref of a post."""
        key = frame.ref or ""
        if self._tried.pop(key, None) is None:
            return
        if frame.type == "error":
            self._refused(key, frame.code)
            return
        post = self.pending.pop(key)
        self._recorder.send("ok", self._name, post.chan, key, seq=frame.seq, port=self.port)
        self._counts["acks"] += 1

    def _refused(self, key: str, code: str) -> None:
        if code in NOT_NOW:
            self._doubt(key, code)
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._send_again, key)
            return
        # Of a post that was sent before, or that a twin sends, a refusal says nothing for good.
        is_sure = key not in self._unsure and not self.has_twins
        kind: Any = "fail" if is_sure else "info"
        self._recorder.send(kind, self._name, self.pending.pop(key).chan, key, why=code)

    def _doubt(self, key: str, why: str) -> None:
        self._unsure.add(key)
        self._recorder.send("info", self._name, self.pending[key].chan, key, why=why)

    def _send_again(self, key: str) -> None:
        if key in self.pending and key not in self._tried:
            self._send(self.pending[key])

    def _send(self, post: Post) -> None:
        if not self._is_open:
            return
        hashed = hash_said(self._account.id, post.key, post.text)
        self._recorder.send("invoke", self._name, post.chan, post.key, hashed=hashed)
        self._counts["resent" if post.key in self._unsure else "posts"] += 1
        self._tried[post.key] = time.monotonic()
        self._say(type="message.post", ref=post.key, channel_id=post.chan, client_id=post.key, text=post.text)
