"""Delivers what happens in channels to their outgoing webhooks: at least once, in order, from the log.

A hook's cursor says how far it was told, and moves after its target has answered. So whatever dies, the next to come
goes on there. One instance at a time works on a hook, under a lease.
"""

import asyncio
import random
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import structlog

from models import wire
from models.chat import Via
from models.errors import Fault, TargetFailed, Unavailable
from models.facts import Entry
from models.hooks import DueHook
from models.ids import HOOK_USER, Seq
from services.courier import deliver
from services.integration_ports import OutgoingHooks, Outside
from services.ports import Chat
from services.programs import ProgramService

LOOK_SECONDS = 0.5
"""How often an instance looks for hooks with news."""

AT_ONCE = 16
"""Hooks that one instance works on at the same time."""

PAGE = 50
"""Facts that are read at once."""

TRIES = 8
"""After so many in vain a fact is a dead letter: with a first pause of a second, that is after four minutes."""

LONGEST_PAUSE = 300.0
GIVE_UP_AFTER = timedelta(hours=24)
"""A hook whose target has failed for so long, without one success, is disabled."""

log = structlog.get_logger()


class HookDeliveries:
    """An async context manager. `retry_seconds` is the first pause; each following is twice as long."""

    def __init__(
        self,
        hooks: OutgoingHooks,
        chat: Chat,
        programs: ProgramService,
        outside: Outside,
        epoch: str,
        retry_seconds: float,
    ) -> None:
        self._hooks = hooks
        self._chat = chat
        self._programs = programs
        self._outside = outside
        self._epoch = epoch
        self._retry_seconds = retry_seconds
        self._owner = secrets.token_hex(8)
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._looking = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        """What is under way is let go, so that another instance may go on at once."""
        tasks = [task for task in (self._looking, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            try:
                for hook in await self._hooks.claim(self._owner, AT_ONCE - len(self._tasks)):
                    task = asyncio.create_task(self._work(hook))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
            except Unavailable:
                log.warning("hooks_wait_for_the_database")
            await asyncio.sleep(LOOK_SECONDS)

    async def _work(self, hook: DueHook) -> None:
        try:
            await self._tell(hook)
        except Unavailable:
            log.warning("hook_waits_for_the_database", hook_id=hook.id)
        except Exception:
            log.exception("hook_broke", hook_id=hook.id)
        finally:
            with suppress(Unavailable):
                await self._hooks.release(hook, self._owner)

    async def _tell(self, hook: DueHook) -> None:
        """All that waits. Moves the cursor after each delivery, and once over what isn't wanted."""
        cursor = Seq(hook.cursor_seq)
        while entries := await self._chat.facts(hook.channel_id, cursor, PAGE):
            for entry in entries:
                if is_wanted(hook, wire.decode(entry.payload, dict[str, Any])) and not await self._send(
                    hook, entry
                ):
                    return
            cursor = Seq(entries[-1].seq)
            if not await self._hooks.move(hook, self._owner, cursor):
                return

    async def _send(self, hook: DueHook, entry: Entry) -> bool:
        """Whether to go on with this hook."""
        seq = Seq(entry.seq)
        try:
            await self.send(hook, entry)
        except TargetFailed as fault:
            await self._failed(hook, seq, fault.detail)
            return False
        hook_is_ours = await self._hooks.move(hook, self._owner, seq)
        log.debug("hook_delivered", hook_id=hook.id, channel_id=hook.channel_id, seq=seq)
        return hook_is_ours

    async def send(self, hook: DueHook, entry: Entry) -> None:
        """One fact, once; what the target has to say to a message is posted as a reply. Raises TargetFailed."""
        body = b'{"hook_id":%d,"epoch":%b,"fact":%b}' % (hook.id, wire.encode(self._epoch), entry.payload)
        name = f"{self._epoch[:8]}-{hook.id}-{entry.seq}"
        reply = await deliver(self._outside, hook.url, hook.secret, name, body)
        if reply.text and wire.decode(entry.payload, dict[str, Any])["type"] == "message.posted":
            await self._reply(hook, Seq(entry.seq), reply.text)

    async def _reply(self, hook: DueHook, seq: Seq, text: str) -> None:
        """The client_id makes it one, however often the fact was sent."""
        via = Via("outgoing", hook.id, hook.name)
        try:
            await self._programs.say(hook.channel_id, f"hook-{hook.id}-{seq}", text, via, reply_to=seq)
        except Unavailable:
            raise
        except Fault as fault:
            log.info("hook_reply_refused", hook_id=hook.id, channel_id=hook.channel_id, code=fault.code)

    async def _failed(self, hook: DueHook, seq: Seq, why: str) -> None:
        current = await self._hooks.get(hook.channel_id, hook.id)
        if current is None:
            return
        tries = current.attempts + 1
        since = current.failing_since
        disables = since is not None and datetime.now(UTC) - since > GIVE_UP_AFTER
        pause = min(LONGEST_PAUSE, self._retry_seconds * 2 ** (tries - 1))
        pause *= random.uniform(0.75, 1.25)  # noqa: S311 - so that not all come back at once
        gives_up = tries >= TRIES
        await self._hooks.fail(
            *(hook, self._owner, seq, why, timedelta(seconds=pause)), gives_up=gives_up, disables=disables
        )
        log.warning(
            "hook_failed",
            hook_id=hook.id,
            channel_id=hook.channel_id,
            seq=seq,
            tries=tries,
            disabled=disables,
        )


def is_wanted(hook: DueHook, fact: Mapping[str, Any]) -> bool:
    """By its kind, and of messages by how they begin. What programs posted is told to none: two would never end."""
    if fact["type"] not in hook.events:
        return False
    message = fact.get("message")
    if message is None:
        return True
    if message["author_id"] == HOOK_USER or message["deleted_at"] is not None:
        return False
    return not hook.triggers or begins_with(message["text"], hook.triggers)


def begins_with(text: str, words: Sequence[str]) -> bool:
    """Whole words, in any case."""
    first = text.split(maxsplit=1)[:1]
    return bool(first) and first[0].casefold() in {word.casefold() for word in words}
