"""Runs of AI models, what they said so far, and what they used. A run and its message are one commit."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from models import wire
from models.ai import (
    AiChannel,
    Attached,
    Begun,
    Checkpoint,
    ContextMessage,
    NewRun,
    Run,
    RunInfo,
    RunStatus,
    SetAiChannel,
    ToolUse,
    Usage,
    undo_path,
)
from models.chat import Message
from models.errors import NotFound
from models.facts import AiFinished, AiStarted, Entry
from models.ids import AI_USER, MAX_ID, ChannelId, RunId, Seq, UserId, WorkspaceId
from models.values import given
from store.changes import append_change, lock
from store.chat import message_of
from store.pool import Database, Transaction, like

LEASE = timedelta(seconds=6)
"""How long a run may be silent towards the database before its instance counts as dead."""

_MILLION = 1_000_000


class AiStore:
    """`instance` names this process in the rows of its runs.

    A crowd of runs takes turns, so that it leaves connections to everybody else, and waits instead of being refused.
    """

    def __init__(self, database: Database, instance: str) -> None:
        self._database = database
        self._instance = instance
        self._turns = asyncio.Semaphore(max(2, database.size // 3))

    async def begin(self, new: NewRun, most_at_once: int, budgets: Sequence[int | None]) -> Begun:
        """Judges the ask, posts the question and begins its answer; `budgets` as `ai_refusal` orders them."""
        values = (
            *(
                new.workspace_id,
                new.channel_id,
                new.asker_id,
                new.client_id,
                new.text,
                new.reply_to,
                new.thread,
            ),
            *(new.answered, new.model, self._instance, LEASE, most_at_once, budgets, AI_USER),
            ",".join(new.attachments) or None,
        )
        async with self._turns:
            row = await self._database.first("begin_run", *values)
        assert row is not None  # the function always answers
        return Begun(*row)

    async def get(self, run: RunId) -> Run | None:
        row = await self._database.first("get_run", run)
        return Run(*row) if row else None

    async def restart(
        self, run: Run, asker: UserId, most_at_once: int, budgets: Sequence[int | None]
    ) -> tuple[Run, Message, Entry] | str:
        """The run goes on behind what it said; else why it may not: `absent`, `ended`, or as `begin` refuses."""
        async with self._database.transaction() as transaction:
            refusal = await transaction.value(
                "judge_run", run.workspace_id, run.channel_id, asker, most_at_once, budgets
            )
            if refusal is not None:
                return str(refusal)
            if not await lock(transaction, run.channel_id):
                return "absent"
            attempt = await transaction.value("restart_run", run.id, run.attempt, self._instance, LEASE)
            if attempt is None:
                return "ended"
            row = await transaction.first("get_message", run.channel_id, run.seq)
            if row is None or row["deleted_at"] is not None:
                return "absent"
            said = message_of(row)
            info = RunInfo(run.id, "running", run.model, run.asker_id, tools=said.ai.tools if said.ai else [])
            message = await _set_answer(transaction, run, said.text, info)
            await transaction.value("delete_pieces", run.id)
            await transaction.value("save_piece", run.id, said.text)
            fact = AiStarted(run.channel_id, Seq(0), run.id, message)
            entry = await append_change(transaction, asker, fact)
            return wire.replace(run, attempt=attempt, status="running"), message, entry

    async def checkpoint(self, checkpoints: Sequence[Checkpoint]) -> set[RunId]:
        """Saves what was said and moves the leases on; the runs that are still ours."""
        columns = [list(column) for column in zip(*map(_columns, checkpoints), strict=True)]
        rows = await self._database.all("checkpoint_runs", *columns, LEASE)
        return {RunId(row["id"]) for row in rows}

    async def stops(self, runs: Sequence[RunId]) -> list[RunId]:
        """Those of them that somebody asked to stop."""
        return [RunId(row["id"]) for row in await self._database.all("list_stops", list(runs))]

    async def ask_stop(self, run: RunId) -> None:
        """Its instance finds it."""
        await self._database.value("ask_stop", run)

    async def orphans(self, limit: int) -> list[tuple[Run, str, Usage]]:
        """Runs whose instance is gone, what they said, and what they used as far as is known."""
        found = []
        for row in await self._database.all("list_orphans", limit):
            *columns, prompt_tokens, completion_tokens, text = row
            found.append((Run(*columns), text, Usage(prompt_tokens, completion_tokens, is_estimated=True)))
        return found

    async def finish(
        self, run: Run, text: str, info: RunInfo, usage: Usage, *, is_orphan: bool = False
    ) -> tuple[Message, Entry] | None:
        """The end of a run, once: None where another has ended it, or its channel or message is gone."""
        status: RunStatus = info.status
        values = (usage.prompt_tokens, usage.completion_tokens)
        async with self._turns, self._database.transaction() as transaction:
            is_there = await lock(transaction, run.channel_id)
            ended = await transaction.value("end_run", run.id, run.attempt, status, *values, is_orphan)
            if ended is None:
                return None
            cost = round((usage.cost or 0) * _MILLION)
            who = (run.workspace_id, run.channel_id, run.asker_id)
            await transaction.value("delete_pieces", run.id)
            told = None
            if is_there:
                if is_orphan:
                    info = wire.replace(info, tools=await _drawn(transaction, run))
                message = await _set_answer(transaction, run, text, info)
                fact = AiFinished(run.channel_id, Seq(0), run.id, message)
                told = message, await append_change(transaction, AI_USER, fact)
            # Last: all who end a run here at this moment wait for one row, the workspace's.
            await transaction.value("add_spent", *who, *values, cost, 1)
            return told

    async def running(self, channels: Sequence[ChannelId]) -> list[tuple[RunId, ChannelId, str]]:
        """The runs under way in these channels, and what they said as of their last checkpoint."""
        rows = await self._database.all("list_running", list(channels))
        return [(RunId(row["id"]), ChannelId(row["channel_id"]), row["text"]) for row in rows]

    async def said(self, run: RunId) -> tuple[RunStatus, str] | None:
        """Where a run stands, and its text; while it runs, as of its last checkpoint."""
        row = await self._database.first("get_run_text", run)
        return (row["status"], row["text"]) if row else None

    async def channel(self, channel: ChannelId) -> AiChannel:
        row = await self._database.first("get_ai_channel", channel)
        return AiChannel(*row) if row else AiChannel()

    async def set_channel(self, channel: ChannelId, change: SetAiChannel) -> AiChannel:
        sets_model = change.model is None or given(change.model) is not None
        values = (channel, sets_model, given(change.model), given(change.system))
        row = await self._database.first("set_ai_channel", *values)
        assert row is not None  # an upsert always returns its row
        return AiChannel(*row)

    async def spent(
        self, workspace: WorkspaceId, user: UserId
    ) -> dict[tuple[str, str], tuple[int, int, float]]:
        """(scope, period) -> prompt tokens, completion tokens and cost, of ended runs."""
        rows = await self._database.all("list_spent", workspace, user)
        return {(scope, period): (*tokens, cost / _MILLION) for scope, period, *tokens, cost in rows}

    async def count_running(self, user: UserId) -> int:
        return int(await self._database.value("count_running", user))

    async def up_to(
        self, channel: ChannelId, seq: Seq, thread: Seq | None, limit: int
    ) -> list[ContextMessage]:
        """The newest messages up to a seq, newest first; of one thread, if it is given."""
        async with self._turns:
            rows = await self._database.all("list_context", channel, seq, thread, limit)
        return [ContextMessage(*row) for row in rows]

    async def newest(
        self, channel: ChannelId, thread: Seq | None, limit: int
    ) -> tuple[int, list[ContextMessage]]:
        """The head of the channel, and the newest messages up to it, newest first; of one thread, if it is given."""
        async with self._turns:
            rows = await self._database.all("list_newest_context", channel, thread, limit)
        head = rows[0]["head_seq"] if rows else 0
        return head, [ContextMessage(*columns) for _, *columns in rows if columns[0] is not None]

    async def branch(self, channel: ChannelId, seq: Seq, limit: int) -> list[ContextMessage]:
        """A message, what it replies to, what that replies to, and so on: newest first."""
        async with self._turns:
            rows = await self._database.all("list_branch", channel, seq, limit)
        return [ContextMessage(*row) for row in rows]

    async def attached(self, channel: ChannelId, seqs: Sequence[Seq]) -> list[Attached]:
        """The files of these messages, the newest message's first."""
        return [Attached(*row) for row in await self._database.all("list_attached", channel, list(seqs))]

    async def last_answer(self, channel: ChannelId) -> Seq | None:
        seq: Seq | None = await self._database.value("get_last_answer", channel)
        return seq

    async def followed(self, channel: ChannelId, question: Seq) -> Seq | None:
        """What a question replies to, if anything. Raises NotFound where there is no such question."""
        seq = await self._database.value("get_followed", channel, question)
        if seq is None:
            raise NotFound("There is no such question.")
        return Seq(seq) if seq else None

    async def search(
        self, channel: ChannelId, text: str, before: Seq | None, limit: int
    ) -> list[ContextMessage]:
        """The newest messages that contain the text."""
        rows = await self._database.all("search_texts", channel, like(text), before or MAX_ID, limit)
        return [ContextMessage(*row) for row in rows]

    async def unread(
        self, channel: ChannelId, user: UserId, before: Seq | None, limit: int
    ) -> list[ContextMessage]:
        """The newest messages that a member hasn't read, newest first."""
        rows = await self._database.all("list_unread", channel, user, before or MAX_ID, limit)
        return [ContextMessage(*row) for row in rows]


async def _drawn(transaction: Transaction, run: Run) -> list[ToolUse]:
    """Of the tools that a dead instance used, those whose work can be taken back."""
    rows = await transaction.all("list_drawing_tools", run.channel_id, run.id)
    return [ToolUse(row["tool"], "", is_ok=True, writes=True, undo=undo_path(run.id)) for row in rows]


async def _set_answer(transaction: Transaction, run: Run, text: str, info: RunInfo) -> Message:
    """The message as it is then; one that was deleted meanwhile stays as it is."""
    await transaction.value("set_answer", run.channel_id, run.seq, text, wire.row_of(info))
    row = await transaction.first("get_message", run.channel_id, run.seq)
    assert row is not None  # messages are never deleted physically
    return message_of(row)


def _columns(one: Checkpoint) -> tuple[RunId, int, int, str, int, int]:
    return one.run_id, one.attempt, one.start, one.text, one.prompt_tokens, one.completion_tokens
