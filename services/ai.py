"""Asking a model: who may, with what, and what of it goes into the log first. The runs themselves are ai_runs.py's."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import structlog

from models import wire
from models.accounts import Actor
from models.ai import (
    AiChannel,
    AnswerAgain,
    AskAi,
    Begun,
    Model,
    NewRun,
    Run,
    ToolUse,
    UsageReport,
)
from models.channels import Standing
from models.errors import AiUnavailable, Conflict, Fault, Forbidden, NotFound
from models.facts import AiStarted, MessagePosted, channel_topic
from models.ids import ChannelId, RunId, Seq
from services import policy
from services.ai_ahead import ReadingAhead
from services.ai_asked import Asked, answer_of, as_read, asked_of, question_of
from services.ai_budgets import Budgets
from services.ai_context import Context, ContextBuilder, Place
from services.ai_run import LiveRun, Work
from services.ai_runs import Runner
from services.chat import REFUSALS, demand_content, too_soon
from services.members import MemberService
from services.ports import Provider, Publisher, Runs

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Offer:
    """The models of this server, the default first; none named means those that the provider lists."""

    models: Sequence[str]
    window: int
    answer: int
    seeing: Collection[str] = ()
    """Those that take pictures."""


class AiService:
    """Every method raises AiUnavailable where no provider is set up, and NotFound for what the actor may not see."""

    def __init__(
        self,
        provider: Provider,
        runs: Runs,
        runner: Runner,
        context: ContextBuilder,
        members: MemberService,
        publisher: Publisher,
        budgets: Budgets,
        offer: Offer,
    ) -> None:
        self._provider = provider
        self._runs = runs
        self._runner = runner
        self._context = context
        self._members = members
        self._publisher = publisher
        self._budgets = budgets
        self._offer = offer
        self.on_first_question: Callable[[Actor, ChannelId, str], Awaitable[None]] | None = None

    @property
    def is_configured(self) -> bool:
        return self._provider.is_configured

    async def models(self) -> list[Model]:
        """Those that may be asked, the default first."""
        names = await self._names()
        prices = self._budgets.prices
        return [
            Model(name, not index, self._offer.window, self._offer.answer, *prices.get(name, (None, None)))
            for index, name in enumerate(names)
        ]

    async def _names(self) -> Sequence[str]:
        if not self._provider.is_configured:
            raise AiUnavailable
        return self._offer.models or await self._provider.models()

    async def usage(self, actor: Actor) -> UsageReport:
        if not self.is_configured:
            raise AiUnavailable
        spent, running = await asyncio.gather(
            self._runs.spent(actor.workspace_id, actor.user_id), self._runs.count_running(actor.user_id)
        )
        return UsageReport(self._budgets.report(spent), running, self._budgets.most_at_once)

    async def ask(self, actor: Actor, ask: AskAi) -> Asked:
        """Posts the question and begins its answer. A repeated `client_id` gives the run that it began.

        Raises NotFound for a model that isn't offered, RateLimited past a budget, else as posting does.
        """
        demand_content(ask.text, ask.attachments)
        channel = ChannelId(ask.channel_id)
        if not self.is_configured:
            raise AiUnavailable
        standing, settings = await asyncio.gather(
            self._members.speaker(actor, channel), self._runs.channel(channel)
        )
        model = await self._model(ask.model, settings)
        parent = await self._parent(standing, ask)
        new = NewRun(
            *(actor.workspace_id, channel, actor.user_id, ask.client_id, ask.text, parent, ask.thread, model),
            attachments=ask.attachments,
        )
        is_conversation = standing.kind == "ai"
        with self._context.ahead(new, is_conversation=is_conversation) as ahead:
            begun = await self._begin(new)
        asked = asked_of(new, begun)
        if not asked.is_new:
            ahead.drop()
        else:
            self._tell(new, begun)
            self._start(
                actor, asked.run, standing, settings, begun.thread, ahead=ahead.of(as_read(new, begun))
            )
            await asyncio.sleep(0)  # the provider is asked before the answer to the ask is made
            if is_conversation and parent is None and self.on_first_question is not None:
                words = ask.text or question_of(new, begun).attachments[0].name
                await self.on_first_question(actor, channel, words)
        return asked

    async def again(self, actor: Actor, run_id: RunId, ask: AnswerAgain) -> Asked:
        """Another answer to the same question, in a message of its own."""
        run, standing = await self.seen(actor, run_id)
        policy.demand_voice(standing)
        settings = await self._runs.channel(run.channel_id)
        model = await self._model(ask.model, settings)
        new = NewRun(
            *(actor.workspace_id, run.channel_id, actor.user_id, "", "", None, None, model, run.question_seq)
        )
        begun = await self._begin(new)
        asked = asked_of(new, begun)
        self._tell(new, begun)
        self._start(actor, asked.run, standing, settings, begun.thread)
        return asked

    async def go_on(self, actor: Actor, run_id: RunId) -> Asked:
        """An answer that ended before it was done goes on in its own message. Raises Conflict for any other."""
        run, standing = await self.seen(actor, run_id)
        policy.demand_voice(standing)
        if not policy.may_stop(actor, standing, run.asker_id):
            raise Forbidden("Only who asked, and the channel's moderators, may let an answer go on.")
        settings = await self._runs.channel(run.channel_id)
        restarted = await self._runs.restart(
            run, actor.user_id, self._budgets.most_at_once, self._budgets.in_order()
        )
        if isinstance(restarted, str):
            raise self._refusal(restarted)
        run, message, entry = restarted
        self._publisher.tell(channel_topic(run.channel_id), [entry])
        self._start(
            actor,
            run,
            standing,
            settings,
            message.thread,
            message.text,
            message.ai.tools if message.ai else (),
        )
        return Asked(run, is_new=True)

    async def stop(self, actor: Actor, run_id: RunId) -> None:
        """Wherever it runs; what was said stays. For one that has ended nothing happens."""
        run, standing = await self.seen(actor, run_id)
        if not policy.may_stop(actor, standing, run.asker_id):
            raise Forbidden("Only who asked, and the channel's moderators, may stop an answer.")
        if not self._runner.stop(run.id):
            await self._runs.ask_stop(run.id)

    async def get(self, actor: Actor, run_id: RunId) -> Run:
        return (await self.seen(actor, run_id))[0]

    async def interrupt(self) -> None:
        """Before a stop of this instance: what was said so far goes into the log."""
        await self._runner.interrupt()

    async def seen(self, actor: Actor, run_id: RunId) -> tuple[Run, Standing]:
        """What every door to a run passes through."""
        if not self.is_configured:
            raise AiUnavailable
        run = await self._runs.get(run_id)
        if run is None:
            raise NotFound("There is no such run.")
        return run, await self._members.reader(actor, run.channel_id)

    async def _model(self, wanted: str | None, settings: AiChannel) -> str:
        """A pinned model that is offered no longer gives way to the default."""
        names = await self._names()
        if wanted is not None and wanted not in names:
            raise NotFound("This model is not offered here: GET /ai/models lists those that are.")
        if not names:
            raise AiUnavailable
        pinned = settings.model if settings.model in names else None
        return wanted or pinned or names[0]

    async def _parent(self, standing: Standing, ask: AskAi) -> int | None:
        """What the question follows: in a conversation the newest answer, or what `branch_of` followed."""
        if standing.kind != "ai" or ask.thread is not None:
            return ask.reply_to
        if ask.branch_of is not None:
            return await self._runs.followed(standing.channel_id, Seq(ask.branch_of))
        return ask.reply_to or await self._runs.last_answer(standing.channel_id)

    async def _begin(self, new: NewRun) -> Begun:
        begun = await self._runs.begin(new, self._budgets.most_at_once, self._budgets.in_order())
        if begun.outcome not in ("begun", "replayed"):
            if begun.outcome == "too_soon" and begun.asked_at is not None:
                raise too_soon(begun.asked_at)
            raise self._refusal(begun.outcome)
        return begun

    def _refusal(self, outcome: str) -> Exception:
        if outcome in _REFUSALS:
            refused, detail = _REFUSALS[outcome]
            return refused(detail)
        return self._budgets.refusal(outcome) or NotFound()

    def _tell(self, new: NewRun, begun: Begun) -> None:
        """The question, where it is new, and the answer's beginning."""
        answer = answer_of(new, begun)
        entries = [wire.entry(AiStarted(new.channel_id, answer.seq, asked_of(new, begun).run.id, answer))]
        if new.answered is None:
            question = question_of(new, begun)
            entries.insert(0, wire.entry(MessagePosted(new.channel_id, question.seq, question)))
        self._publisher.tell(channel_topic(new.channel_id), entries)

    def _start(
        self,
        actor: Actor,
        run: Run,
        standing: Standing,
        settings: AiChannel,
        thread: Seq | None,
        said: str = "",
        used: Sequence[ToolUse] = (),
        ahead: ReadingAhead | None = None,
    ) -> LiveRun:
        place = Place(
            *(run.channel_id, run.question_seq, thread, standing.kind == "ai"),
            sees=run.model in self._offer.seeing,
            ahead=ahead,
        )

        async def read() -> Context:
            return await self._context.build(place, settings, said)

        log.info("ai_run_began", run_id=run.id, channel_id=run.channel_id, model=run.model)
        return self._runner.start(Work(run, actor, read, self._offer.answer, said, used))


_REFUSALS: dict[str, tuple[Callable[[str], Fault], str]] = {
    **REFUSALS,
    "no_question": (NotFound, "The question is gone."),
    "absent": (NotFound, "This answer is gone."),
    "ended": (Conflict, "This answer is under way or done: there is nothing to go on with."),
}
