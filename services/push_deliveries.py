"""Tells devices of what calls their users while no socket of theirs is open anywhere.

Three steps, each of which any instance may do: note whom a channel's news may call, once for each fact; claim what is
due under a lease; and say what calls the reader at that very moment. So whatever dies, nothing is lost, and what was
sent by an instance that died before it wrote that down is sent once more, in the place of the first.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Self

import structlog

from models.errors import TargetFailed, Unavailable
from models.facts import Entry
from models.ids import ChannelId
from models.push import Due, PushCall
from models.timings import Timings
from services.integration_ports import Answer, Outside
from services.push_message import Signer, topic
from services.push_notice import is_quiet, seal
from services.push_ports import Pushes

LOOK_SECONDS = 1.0
"""How often what is due is looked for without anything new."""

GATHER_SECONDS = 0.25
"""After news, so that what comes at once is noted at once."""

SWEEP_SECONDS = 10.0
"""How often the log is compared with what was noted: after an instance's death it takes so long."""

AT_ONCE = 24
"""Notices that one instance sends at the same time."""

ACTIVE_PAUSE = timedelta(seconds=2)
ACTIVE_FOR = timedelta(seconds=30)
"""Whoever has a socket is looked after again for so long: one that is dead without a word is noticed within 24 s."""

KEPT = timedelta(days=1)
"""How long a push service keeps a notice for a device that is away, and how long we try to hand it over."""

TRIES = 8
LONGEST_PAUSE = 300.0
LONGEST_WAIT = 3600.0
"""That a push service may ask for."""

ANSWER_BYTES = 1024
GONE = (404, 410)
AGAIN = (408, 425, 429)

log = structlog.get_logger()


OUTCOMES = ("sent", "failed", "given_up", "gone", "active", "quiet", "late", "nothing")
"""Of a try: `failed` is tried again. Of what is told to nobody: a socket is open, quiet hours, a day old, or read,
deleted, hidden or no longer the reader's to see.
"""


class PushCounts:
    """What became of notices here, and how long after its message each was handed over."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.delays = Timings()


class PushDeliveries:
    """An async context manager. `online` names the owners of open sockets, wherever they are.

    `settle_seconds`: until then it isn't known whom the other instances hold. `retry_seconds` is the first pause after
    a failure; each following is twice as long.
    """

    def __init__(
        self,
        pushes: Pushes,
        outside: Outside,
        signer: Signer,
        online: Callable[[], Collection[str]],
        *,
        shows_text: bool,
        retry_seconds: float,
        settle_seconds: float,
    ) -> None:
        self._pushes = pushes
        self._outside = outside
        self._signer = signer
        self._online = online
        self._shows_text = shows_text
        self._retry_seconds = retry_seconds
        self._settle_seconds = settle_seconds
        self._owner = secrets.token_hex(8)
        self._news: set[ChannelId] = set()
        self._woken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None
        self.counts = PushCounts()

    async def __aenter__(self) -> Self:
        self._looking = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        """What is under way is let go: another instance goes on when its lease has run out."""
        tasks = [task for task in (self._looking, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def told(self, name: str, entries: Sequence[Entry]) -> None:
        """Facts were committed here. Never waits."""
        if entries[-1].seq and name.startswith("channel:"):
            self._news.add(ChannelId(int(name[8:])))
            self._woken.set()

    async def _look(self) -> None:
        await asyncio.sleep(self._settle_seconds)
        loop = asyncio.get_running_loop()
        swept = 0.0
        while True:
            try:
                if loop.time() - swept > SWEEP_SECONDS:
                    swept = loop.time()
                    self._news.update(await self._pushes.news())
                    await self._pushes.sweep()
                await self._note()
                await self._begin()
            except Unavailable:
                log.warning("pushes_wait_for_the_database")
            await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHER_SECONDS)
        self._woken.clear()

    async def _note(self) -> None:
        news, self._news = self._news, set()
        if not news:
            return
        try:
            await self._pushes.note(sorted(news))
        except Unavailable:
            self._news |= news
            raise

    async def _begin(self) -> None:
        """Claims what is due, sorts out what nobody is to be told, and sends the rest."""
        while free := AT_ONCE - len(self._tasks):
            due = await self._pushes.claim(self._owner, free)
            if not due:
                return
            calls = await self._pushes.calls(due)
            online, now = self._online(), datetime.now(UTC)
            waiting, done = [], []
            for one in due:
                call = calls.get((one.channel_id, one.subscription_id))
                verdict = judge(call, online, now)
                if verdict == "waits":
                    waiting.append(one)
                elif verdict == "goes" and call is not None:
                    self._start(one, call)
                else:
                    self.counts.outcomes[verdict] += 1
                    done.append(one)
            if waiting:
                await self._pushes.postpone(waiting, ACTIVE_PAUSE, self._owner)
            if done:
                await self._pushes.finish(done, self._owner)

    def _start(self, due: Due, call: PushCall) -> None:
        task = asyncio.create_task(self._work(due, call))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._woken.set()

    async def _work(self, due: Due, call: PushCall) -> None:
        try:
            await self._send(due, call)
        except Unavailable:
            log.warning("push_waits_for_the_database", subscription_id=due.subscription_id)
        except Exception:
            log.exception("push_broke", subscription_id=due.subscription_id)

    async def _send(self, due: Due, call: PushCall) -> None:
        try:
            answer = await self._post(call)
        except TargetFailed as fault:
            await self._failed(due, fault.detail, 0)
            return
        if answer.status in range(200, 300):
            self.counts.outcomes["sent"] += 1
            self.counts.delays.observe((datetime.now(UTC) - call.created_at).total_seconds())
            log.debug("push_sent", subscription_id=due.subscription_id, channel_id=due.channel_id)
            await self._pushes.finish([due], self._owner)
            await self._pushes.succeeded(due.subscription_id)
        elif answer.status in GONE:
            self.counts.outcomes["gone"] += 1
            log.info("device_gone", subscription_id=due.subscription_id, status=answer.status)
            await self._pushes.drop(due.subscription_id)
        elif answer.status in AGAIN or answer.status >= 500:
            wait = float(answer.retry_after) if answer.retry_after.isdecimal() else 0.0
            await self._failed(due, f"It answered with {answer.status}.", min(wait, LONGEST_WAIT))
        else:
            await self._give_up(due, f"It answered with {answer.status}.")

    async def _post(self, call: PushCall) -> Answer:
        body = await asyncio.to_thread(seal, call, shows_text=self._shows_text)
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "Authorization": self._signer.authorization(call.endpoint),
            "TTL": str(int(KEPT.total_seconds())),
            "Urgency": "high" if call.is_urgent else "normal",
            "Topic": topic(call.auth, call.channel_id),
        }
        return await self._outside.post(call.endpoint, body, headers, ANSWER_BYTES)

    async def _failed(self, due: Due, why: str, wait: float) -> None:
        if due.attempts + 1 >= TRIES:
            await self._give_up(due, why)
            return
        self.counts.outcomes["failed"] += 1
        pause = max(min(LONGEST_PAUSE, self._retry_seconds * 2**due.attempts), wait)
        pause *= 1 + secrets.randbelow(250) / 1000  # so that not all come back at once, and none too early
        log.info("push_failed", subscription_id=due.subscription_id, tries=due.attempts + 1, why=why)
        await self._pushes.postpone([due], timedelta(seconds=pause), self._owner, counts=True)

    async def _give_up(self, due: Due, why: str) -> None:
        self.counts.outcomes["given_up"] += 1
        dropped = await self._pushes.failed(due.subscription_id)
        log.warning("push_given_up", subscription_id=due.subscription_id, why=why, dropped=dropped)
        await self._pushes.finish([due], self._owner)


def judge(call: PushCall | None, online: Collection[str], now: datetime) -> str:
    """`goes` or `waits`, or why nothing is said."""
    if call is None:
        return "nothing"
    if now - call.created_at > KEPT:
        return "late"
    if is_quiet(call.do_not_disturb, now):
        return "quiet"
    if f"user:{call.user_id}" in online:
        return "waits" if now - call.created_at < ACTIVE_FOR else "active"
    return "goes"
