"""For those who come late to an answer: sockets get what was said before, watchers read along from any offset.

Whoever comes while a run is under way hears its deltas from then on. What came before is here at once where the run is
this instance's own, and otherwise from its last checkpoint: at most a second old, and so it is read a second time.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from models import wire
from models.accounts import Actor
from models.ai import Run
from models.ai_answers import Answered
from models.chat import Message
from models.errors import Unavailable
from models.facts import AiDelta
from models.ids import ChannelId, RunId
from services.ai import AiService
from services.ai_run import LiveRun
from services.ai_runs import CHECKPOINT_TICKS, TICK_SECONDS, Runner
from services.chat import ChatService
from services.ports import Runs, Spawner

GATHER_SECONDS = 0.005
"""Those who come within it share one look at the database: after a restart everybody comes at once."""

AGAIN_SECONDS = TICK_SECONDS * CHECKPOINT_TICKS + 0.3
POLL_SECONDS = 0.25
HEARTBEAT_SECONDS = 10.0

Send = Callable[[bytes], None]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer, at its place in code points."""

    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The whole message, which also says how it ended."""

    message: Message


Seen = Delta | Ended | None
"""None is a heartbeat: nothing new, and all is well."""


class AiViews:
    """`joined` is called for each subscription that goes live; it never waits."""

    def __init__(
        self, ai: AiService, runs: Runs, runner: Runner, chat: ChatService, spawner: Spawner
    ) -> None:
        self._ai = ai
        self._runs = runs
        self._runner = runner
        self._chat = chat
        self._spawner = spawner
        self._joined: list[tuple[ChannelId, Send]] = []

    def joined(self, topic: str, send: Send) -> None:
        noun, _, number = topic.partition(":")
        if noun == "channel" and self._ai.is_configured:
            if not self._joined:
                self._spawner.spawn(self._bring_up())
            self._joined.append((ChannelId(int(number)), send))

    async def _bring_up(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        joined, self._joined = self._joined, []
        try:
            away = await self._give(joined, {})
            if away:
                await asyncio.sleep(AGAIN_SECONDS)
                await self._give([one for one in joined if one[0] in away.values()], {})
        except Unavailable:
            log.warning("ai_prefix_not_told", sockets=len(joined))

    async def _give(
        self, joined: Sequence[tuple[ChannelId, Send]], away: dict[RunId, ChannelId]
    ) -> dict[RunId, ChannelId]:
        """Sends what was said to each; the runs that are another instance's."""
        for run, channel, saved in await self._runs.running(sorted({channel for channel, _ in joined})):
            live = self._runner.live.get(run)
            text = saved if live is None else live.text
            if live is None:
                away[run] = channel
            frame = wire.encode(AiDelta(channel, run, 0, text)) if text else b""
            for wanted, send in joined:
                if wanted == channel and frame:
                    send(frame)
        return away

    async def now(self, actor: Actor, run_id: RunId) -> Answered:
        """The run as it stands. Raises NotFound, Forbidden."""
        run = await self._ai.get(actor, run_id)
        live = self._runner.live.get(run.id)
        said = None if live is not None else await self._runs.said(run.id)
        message = await self._chat.get(actor, run.channel_id, run.seq)
        if message.ai and message.ai.status == "running":
            text = live.text if live is not None else (said[1] if said else "")
            message = wire.replace(message, text=text)
        return answered(run.id, message)

    async def watch(self, actor: Actor, run: Run, offset: int = 0) -> AsyncGenerator[Seen, None]:
        """From an offset to the end, whichever instance the run is on, for an actor who may see it.

        Raises NotFound or Forbidden at the end for an actor who no longer may.
        """
        live = self._runner.live.get(run.id)
        found = self._along(live, offset) if live is not None else self._polled(run.id, offset)
        async with aclosing(found) as seen:
            async for one in seen:
                yield one
        message = await self._chat.get(actor, run.channel_id, run.seq)
        yield Ended(message)

    async def _along(self, live: LiveRun, offset: int) -> AsyncGenerator[Delta | None, None]:
        """A run of this instance, as it speaks."""
        changed = asyncio.Event()
        live.watchers.add(changed)
        try:
            while True:
                if len(live.text) > offset:
                    text = live.text[offset:]
                    yield Delta(offset, text)
                    offset += len(text)
                    continue
                if live.is_over:
                    return
                changed.clear()
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        await changed.wait()
                except TimeoutError:
                    yield None
        finally:
            live.watchers.discard(changed)

    async def _polled(self, run: RunId, offset: int) -> AsyncGenerator[Delta | None, None]:
        """A run of another instance, by its checkpoints; or one that has ended."""
        quiet = 0.0
        while True:
            said = await self._runs.said(run)
            if said is None:
                return
            status, text = said
            if len(text) > offset:
                yield Delta(offset, text[offset:])
                offset, quiet = len(text), 0.0
            if status != "running":
                return
            await asyncio.sleep(POLL_SECONDS)
            quiet += POLL_SECONDS
            if quiet >= HEARTBEAT_SECONDS:
                quiet = 0.0
                yield None


def answered(run: RunId, message: Message) -> Answered:
    usage = message.ai.usage if message.ai else None
    return Answered(run, message, usage)
