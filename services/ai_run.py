"""One run: asks the provider, tells what comes, uses tools, and knows at any moment what was said and used."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import structlog

from models import wire
from models.accounts import Actor
from models.ai import Checkpoint, Piece, Prompt, Run, RunInfo, RunStatus, Tokens, ToolCall, ToolUse, Usage
from models.chat import Message
from models.errors import AiFailed
from models.facts import AiDelta, Entry, channel_topic
from services.ai_context import Context, estimated
from services.ai_counts import Pulse
from services.ai_text import Cleaner, estimated_tokens, picture
from services.ai_tools import Scene, Toolbox
from services.ports import Provider, Publisher

PAUSE_SECONDS, CROWD_SECONDS, LONGEST_SECONDS = 0.05, 0.0007, 0.2
"""Between two pieces that are told: what comes meanwhile is told together. In a crowd it is so much for each run."""

MOST_ROUNDS = 8
"""Times that a model is asked within one run: all but the first answer its tool calls."""

MOST_TEXT = 65_536
"""Characters of one answer. A provider that does not stop is stopped."""

log = structlog.get_logger()


@dataclass(slots=True)
class Work:
    """What a run needs to begin. `read` gathers what the model gets to read."""

    run: Run
    actor: Actor
    read: Callable[[], Awaitable[Context]]
    most_tokens: int
    said: str = ""
    used: Sequence[ToolUse] = ()
    """The tools that it has used already, where it goes on."""


@dataclass(slots=True)
class Spoken:
    """How a run ended."""

    status: RunStatus
    detail: str | None = None


@dataclass(slots=True)
class LiveRun:
    """A run of this instance. `text` is what was told; `watchers` are set after each piece, and at the end."""

    work: Work
    publisher: Publisher
    text: str = ""
    saved: int = 0
    tools: list[ToolUse] = field(default_factory=list)
    watchers: set[asyncio.Event] = field(default_factory=set)
    ending: RunStatus | None = None
    ended: Message | None = None
    is_over: bool = False
    used_prompt: int = 0
    used_completion: int = 0
    is_estimated: bool = False
    round_text: int = 0
    round_prompt: int = 0
    left_out: int = 0
    files_left_out: int = 0
    pulse: Pulse | None = None

    def __post_init__(self) -> None:
        self.text = self.work.said
        self.saved = len(self.text)
        self.tools = list(self.work.used)

    @property
    def run(self) -> Run:
        return self.work.run

    def tell(self, text: str) -> None:
        """To everyone who listens to the channel, and to whoever watches here."""
        if not text:
            return
        fact = AiDelta(self.run.channel_id, self.run.id, len(self.text), text)
        self.text += text
        self.round_text += estimated_tokens(text)
        if self.pulse is not None:
            self.pulse.beat()
        self.publisher.tell(channel_topic(self.run.channel_id), [Entry(0, wire.encode(fact))])
        self.wake()

    def part(self) -> None:
        """What is said after a tool call is a paragraph of its own."""
        if self.text and not self.text.endswith("\n"):
            self.tell("\n\n")

    def wake(self) -> None:
        for watcher in self.watchers:
            watcher.set()

    def checkpoint(self) -> Checkpoint:
        usage = self.usage()
        text = self.text[self.saved :]
        return Checkpoint(
            self.run.id, self.run.attempt, self.saved, text, usage.prompt_tokens, usage.completion_tokens
        )

    def begin_round(self, prompt_tokens: int) -> None:
        self.round_prompt, self.round_text = prompt_tokens, 0

    def end_round(self, tokens: Tokens | None) -> None:
        """The provider's own count, or the estimate where it gave none."""
        self.used_prompt += tokens.prompt if tokens else self.round_prompt
        self.used_completion += tokens.completion if tokens else self.round_text
        self.is_estimated = self.is_estimated or tokens is None
        self.round_prompt = self.round_text = 0

    def usage(self) -> Usage:
        """With what the round under way has used so far, which nobody has counted yet."""
        is_estimated = self.is_estimated or bool(self.round_prompt)
        return Usage(
            self.used_prompt + self.round_prompt, self.used_completion + self.round_text, is_estimated
        )

    def info(self, spoken: Spoken, usage: Usage) -> RunInfo:
        run = self.run
        return RunInfo(
            run.id,
            spoken.status,
            run.model,
            run.asker_id,
            spoken.detail,
            usage,
            self.tools,
            self.left_out,
            self.files_left_out,
        )


class Speaker:
    """Lets a run speak, round by round, until the model has nothing more to call."""

    def __init__(self, provider: Provider, tools: Toolbox, seeing: Collection[str] = ()) -> None:
        """`seeing` are the models that take pictures."""
        self._provider = provider
        self._tools = tools
        self._seeing = seeing
        self._speaking = 0

    @property
    def _pause(self) -> float:
        return min(LONGEST_SECONDS, max(PAUSE_SECONDS, CROWD_SECONDS * self._speaking))

    async def speak(self, live: LiveRun) -> Spoken:
        """Raises AiFailed; cancelled, it has closed the provider's stream when it returns."""
        self._speaking += 1
        try:
            return await self._speak(live)
        finally:
            self._speaking -= 1

    async def _speak(self, live: LiveRun) -> Spoken:
        work = live.work
        context = await work.read()
        messages, prompt_tokens = context.messages, context.tokens
        live.left_out, live.files_left_out = context.left_out, context.files_left_out
        run = work.run
        scene = Scene(work.actor, run.channel_id, run.question_seq, run.id, run.model in self._seeing)
        for number in range(MOST_ROUNDS):
            is_last = number == MOST_ROUNDS - 1
            tools = [] if is_last else self._tools.offered()
            began = len(live.text)
            live.begin_round(prompt_tokens)
            calls, finish = await self._round(live, Prompt(run.model, messages, tools, work.most_tokens))
            if not calls:
                return Spoken(
                    "done", "The answer was cut at its longest length." if finish == "length" else None
                )
            if is_last:
                break
            answers = await self._use(live, calls, scene)
            live.part()
            messages += [_calls(live.text[began:], calls), *answers]
            prompt_tokens += sum(estimated(one) for one in answers)
        raise AiFailed(
            f"The model called tools {MOST_ROUNDS} times without coming to an end.", may_retry=False
        )

    async def _round(self, live: LiveRun, prompt: Prompt) -> tuple[list[ToolCall], str | None]:
        """One answer of the provider: what it says is told as it comes, what it calls is gathered."""
        cleaner, calls, finish = Cleaner(), dict[int, ToolCall](), None
        tokens: Tokens | None = None
        heard = False
        try:
            async with aclosing(self._provider.answer(prompt)) as pieces:
                async for piece in pieces:
                    heard = True
                    _tell(live, cleaner.clean(piece.text))
                    _gather(calls, piece)
                    tokens, finish = piece.tokens or tokens, piece.finish or finish
                    if not finish:
                        await asyncio.sleep(self._pause)
        except AiFailed:
            if not heard:
                live.begin_round(0)  # nothing was answered, so nothing was used
            raise
        live.tell(cleaner.end())
        live.end_round(tokens)
        return [calls[index] for index in sorted(calls)], finish

    async def _use(self, live: LiveRun, calls: list[ToolCall], scene: Scene) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = []
        pictures = []
        for number, call in enumerate(calls):
            call.id = call.id or f"call-{number}"
            result, shown = await self._tools.use(call, scene)
            live.tools.append(shown)
            answers.append({"role": "tool", "tool_call_id": call.id, "content": result.text})
            if result.picture is not None:
                pictures.append(picture("image/png", result.picture))
        # A tool's answer is text, as the API has it: its pictures follow.
        return [*answers, {"role": "user", "content": pictures}] if pictures else answers


def _tell(live: LiveRun, text: str) -> None:
    live.tell(text[: MOST_TEXT - len(live.text)])
    if len(live.text) >= MOST_TEXT:
        raise AiFailed(f"The answer grew beyond {MOST_TEXT} characters and was cut.", may_retry=False)


def _gather(calls: dict[int, ToolCall], piece: Piece) -> None:
    for index, part in piece.calls.items():
        call = calls.setdefault(index, ToolCall())
        call.id = call.id or part.id
        call.name += part.name
        call.arguments += part.arguments
        if len(call.arguments) > MOST_TEXT:
            raise AiFailed("The model called a tool with more than it may.", may_retry=False)


def _calls(text: str, calls: list[ToolCall]) -> dict[str, Any]:
    """What the model said, as it is told what its tools answered."""
    made = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments or "{}"},
        }
        for call in calls
    ]
    return {"role": "assistant", "content": text or None, "tool_calls": made}
