"""The runs of this instance, from their first word to the message in the log, and those that a dead instance left.

A run belongs to the server: who watches comes and goes. Once a second what it said is saved and its lease moves on, so
whatever becomes of this instance, what was said stays, and another one marks it as interrupted.
"""

import asyncio
import itertools
from types import TracebackType
from typing import Self

import structlog

from models.ai import Run, RunInfo, Usage
from models.errors import AiFailed, Fault, Unavailable
from models.facts import channel_topic
from models.ids import RunId
from services.ai_budgets import Budgets
from services.ai_counts import AiCounts, Pulse
from services.ai_run import LiveRun, Speaker, Spoken, Work
from services.ports import Publisher, Runs

TICK_SECONDS = 0.4
"""Between two looks for runs that somebody asked to stop, maybe at another instance."""

CHECKPOINT_TICKS, ORPHAN_TICKS = 3, 5

FINISH_SECONDS = (0.1, 0.3, 1, 2, 4, 8, 15)
"""Pauses before the end of a run is written once more, where the database is away."""

CLOSE_SECONDS = 3.0
ORPHANS = 50

_GONE = "The server that wrote this answer stopped. It can go on from here."

log = structlog.get_logger()


class Runner:
    """An async context manager: what still runs at its end is interrupted."""

    def __init__(self, runs: Runs, speaker: Speaker, publisher: Publisher, budgets: Budgets) -> None:
        self._runs = runs
        self._speaker = speaker
        self._publisher = publisher
        self._budgets = budgets
        self._speaking: dict[RunId, asyncio.Task[Spoken]] = {}
        self._carrying: set[asyncio.Task[None]] = set()
        self._tending: asyncio.Task[None] | None = None
        self.live: dict[RunId, LiveRun] = {}
        self.counts = AiCounts()

    async def __aenter__(self) -> Self:
        self._tending = asyncio.create_task(self._tend())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.interrupt()
        tasks = [*self._carrying, *([self._tending] if self._tending else ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def start(self, work: Work) -> LiveRun:
        live = LiveRun(work, self._publisher, pulse=Pulse(self.counts))
        self.live[work.run.id] = live
        self._speaking[work.run.id] = asyncio.create_task(self._speaker.speak(live))
        task = asyncio.create_task(self._carry(live))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        return live

    def stop(self, run: RunId) -> bool:
        """False if it doesn't run here."""
        live = self.live.get(run)
        if live is None:
            return False
        live.ending = live.ending or "stopped"
        self._speaking[run].cancel()
        return True

    async def interrupt(self) -> None:
        """All runs of this instance, and waits until the log has what they said, for a while at most."""
        for run, live in self.live.items():
            live.ending = live.ending or "interrupted"
            self._speaking[run].cancel()
        if self._carrying:
            await asyncio.wait(self._carrying, timeout=CLOSE_SECONDS)

    async def _carry(self, live: LiveRun) -> None:
        speaking = self._speaking[live.run.id]
        try:
            await asyncio.wait([speaking])
            await self._finish(live, _outcome(live, speaking))
        finally:
            self._speaking.pop(live.run.id).cancel()
            self.live.pop(live.run.id, None)
            live.is_over = True
            live.wake()

    async def _finish(self, live: LiveRun, spoken: Spoken) -> None:
        usage = self._budgets.priced(live.run.model, live.usage())
        info = live.info(spoken, usage)
        for pause in FINISH_SECONDS:
            try:
                finished = await self._runs.finish(live.run, live.text, info, usage)
            except Unavailable:
                await asyncio.sleep(pause)
                continue
            if finished is not None:
                live.ended, entry = finished
                self._publisher.tell(channel_topic(live.run.channel_id), [entry])
                self.counts.end(spoken.status, usage)
                self.counts.tools.update("ok" if use.is_ok else "refused" for use in live.tools)
            log.info("ai_run_ended", run_id=live.run.id, status=spoken.status, was_ours=finished is not None)
            return
        log.error("ai_run_not_saved", run_id=live.run.id)

    async def _tend(self) -> None:
        for tick in itertools.count(1):
            await asyncio.sleep(TICK_SECONDS)
            try:
                await self._look(tick)
            except Unavailable:
                continue
            except Exception:
                log.exception("ai_tending_failed")

    async def _look(self, tick: int) -> None:
        if self.live:
            for run in await self._runs.stops(list(self.live)):
                self.stop(run)
        if self.live and tick % CHECKPOINT_TICKS == 0:
            await self._save(list(self.live.values()))
        if tick % ORPHAN_TICKS == 0:
            for run_row, text, usage in await self._runs.orphans(ORPHANS):
                await self._bury(run_row, text, usage)

    async def _save(self, lives: list[LiveRun]) -> None:
        checkpoints = [live.checkpoint() for live in lives]
        kept = await self._runs.checkpoint(checkpoints)
        for live, checkpoint in zip(lives, checkpoints, strict=True):
            if live.run.id in kept:
                live.saved = checkpoint.start + len(checkpoint.text)
            elif live.run.id in self.live:
                log.warning("ai_run_lost", run_id=live.run.id)
                live.ending = live.ending or "interrupted"
                self._speaking[live.run.id].cancel()

    async def _bury(self, run: Run, text: str, usage: Usage) -> None:
        usage = self._budgets.priced(run.model, usage)
        info = RunInfo(run.id, "interrupted", run.model, run.asker_id, _GONE, usage)
        finished = await self._runs.finish(run, text, info, usage, is_orphan=True)
        if finished is not None:
            self._publisher.tell(channel_topic(run.channel_id), [finished[1]])
            self.counts.end("interrupted", usage)
            log.warning("ai_run_orphaned", run_id=run.id)


def _outcome(live: LiveRun, speaking: "asyncio.Task[Spoken]") -> Spoken:
    """How it ended, and what its readers are told of it."""
    if speaking.cancelled():
        return Spoken(live.ending or "interrupted", None if live.ending == "stopped" else _GONE)
    error = speaking.exception()
    if error is None:
        return speaking.result()
    if isinstance(error, AiFailed | Fault):
        return Spoken("failed", error.detail)
    log.error("ai_run_failed", run_id=live.run.id, exc_info=error)
    return Spoken("failed", "Something went wrong here.")
