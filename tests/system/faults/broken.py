"""Servers broken on purpose, to see that the checker finds them out: the real app with one part of it exchanged.

`python -m tests.system.faults.broken NAME` serves one, as `chalkline serve` does with the whole one.
"""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette

from connections import topics
from connections.manager import Manager
from connections.topic import Topic
from models import wire
from models.chat import Appended, Draft
from models.facts import Entry
from models.ids import ChannelId, Seq
from server import parts
from server.app import create_app
from server.instance import Program
from server.serve import serve
from server.settings import Settings, load_settings
from store.chat import ChatStore, columns_of

LATE_SECONDS = 0.25
LAST_BATCH, LAST_SECONDS = 4, 1.0
"""Of one life of a server that commits later: it dies over that batch, so long after it has answered."""

MARK = b"_-_"
"""Between a client's name for a post and what makes it another one; no client of the run uses it."""

MARKED_BYTES = 8


class CommitsLater(ChatStore):
    """Answers when the rows are written, and commits a moment later.

    Whoever kills it from outside may miss that moment each time, so it dies in one by itself.
    """

    _task: asyncio.Task[None] | None = None
    _batches = 0

    async def append(self, drafts: Sequence[Draft]) -> list[Appended]:
        if self._task is not None:
            await self._task
        answer: asyncio.Future[list[Appended]] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._append(drafts, answer))
        return await answer

    async def _append(self, drafts: Sequence[Draft], answer: "asyncio.Future[list[Appended]]") -> None:
        try:
            async with self._database.transaction() as transaction:
                rows = await transaction.all("append_messages", *columns_of(drafts))
                answer.set_result([Appended(*row) for row in rows])
                self._batches += 1
                if self._batches == LAST_BATCH:
                    await asyncio.sleep(LAST_SECONDS)
                    os.kill(os.getpid(), signal.SIGKILL)
                await asyncio.sleep(LATE_SECONDS)
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
            if not answer.done():
                answer.set_exception(error)


class KnowsNoReplay(ChatStore):
    """Stores each try under a name of its own, and shows it under the client's."""

    async def append(self, drafts: Sequence[Draft]) -> list[Appended]:
        return await super().append([_renamed(draft) for draft in drafts])

    async def facts(self, channel: ChannelId, after: Seq, limit: int) -> list[Entry]:
        return [_unmarked(entry) for entry in await super().facts(channel, after, limit)]


def _renamed(draft: Draft) -> Draft:
    name = f"{draft.content.client_id}{MARK.decode()}{secrets.token_hex(MARKED_BYTES // 2)}"
    return wire.replace(draft, content=wire.replace(draft.content, client_id=name))


def _unmarked(entry: Entry) -> Entry:
    head, mark, rest = entry.payload.partition(MARK)
    return Entry(entry.seq, head + rest[MARKED_BYTES:], entry.drops) if mark else entry


class FetchesNothing(Topic):
    """Waits a little for what is missing, then goes on without it."""

    async def _mend(self) -> None:
        try:
            await asyncio.sleep(0.02)
            while self._early:
                self.seq = min(self._early) - 1
                self.offer([])
            self.seq = max(self.seq, self._known_head)
            self.flush()
        finally:
            self._is_mending = False


class ResumesLate(Manager):
    """Takes `after` for the first fact that is wanted, and then some."""

    def _begin(self, after: int | None, head: int) -> int:
        begin = super()._begin(after, head)
        return begin + 1 if 0 < begin < head else begin


def ack_before_commit(settings: Settings, **urls: Any) -> Starlette:
    parts.ChatStore = CommitsLater  # type: ignore[attr-defined]
    return create_app(settings, **urls)


def no_idempotency(settings: Settings, **urls: Any) -> Starlette:
    parts.ChatStore = KnowsNoReplay  # type: ignore[attr-defined]
    return create_app(settings, **urls)


def no_hole_fetch(settings: Settings, **urls: Any) -> Starlette:
    topics.Topic = FetchesNothing  # type: ignore[attr-defined]
    return create_app(settings, **urls)


def resume_off_by_one(settings: Settings, **urls: Any) -> Starlette:
    parts.Manager = ResumesLate  # type: ignore[attr-defined]
    return create_app(settings, **urls)


BROKEN = (ack_before_commit, no_hole_fetch, no_idempotency, resume_off_by_one)


if __name__ == "__main__":
    sys.exit(serve(load_settings({}), Program(f"tests.system.faults.broken:{sys.argv[1]}")))
