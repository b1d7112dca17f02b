"""Answers of AI models: what is asked for, what is told of a run, and what goes to and comes from a provider."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from models.files import Attachments
from models.ids import ChannelId, IdNumber, RunId, Seq, UserId, WorkspaceId
from models.text import Caption, ChannelName, ClientId, Cursor, ModelName, SystemPrompt
from models.values import Ask, Value

RunStatus = Literal["running", "done", "stopped", "interrupted", "failed"]
Scope = Literal["user", "channel", "workspace"]
Period = Literal["day", "month"]


class Usage(Value, frozen=True):
    """Tokens of one run. `cost` is in whatever the operator gave the prices in, null without a price."""

    prompt_tokens: int
    completion_tokens: int
    is_estimated: bool
    cost: float | None = None


class ToolUse(Value, frozen=True):
    """A tool that the model called. `undo` is the path below `/api/v1` to POST to, which takes back all that the answer
    drew; `undone` once somebody did.
    """

    name: str
    arguments: str
    is_ok: bool
    writes: bool = False
    undo: str | None = None
    undone: bool = False


def undo_path(run: int) -> str:
    """What takes back all that a run drew."""
    return f"/ai/runs/{run}/undo"


class RunInfo(Value, frozen=True, omit_defaults=True):
    """What a message tells of the run that writes it; `detail` says why it failed."""

    run_id: RunId
    status: RunStatus
    model: str
    asked_by: UserId
    detail: str | None = None
    usage: Usage | None = None
    tools: list[ToolUse] = []
    left_out: int = 0
    """Earlier messages that did not fit into the model's window."""
    files_left_out: int = 0
    """Files of those that it read: of a kind that it can't read, too large, or cut."""


class AskAi(Ask, frozen=True):
    """`branch_of` is an earlier question of a conversation: this one takes its place in a branch of its own."""

    channel_id: IdNumber
    text: Caption
    client_id: ClientId
    model: ModelName | None = None
    stream: bool = False
    reply_to: IdNumber | None = None
    thread: IdNumber | None = None
    branch_of: IdNumber | None = None
    attachments: Attachments = []


class AnswerAgain(Ask, frozen=True):
    model: ModelName | None = None
    stream: bool = False


class GoOn(Ask, frozen=True):
    stream: bool = False


class CreateConversation(Ask, frozen=True):
    """Without a `name` it takes its first question's."""

    model: ModelName | None = None
    system: SystemPrompt = ""
    name: ChannelName | None = None


class ConversationQuery(Ask, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class SetAiChannel(Ask, frozen=True):
    """A `model` of null leaves it to each ask."""

    model: ModelName | UnsetType | None = UNSET
    system: SystemPrompt | UnsetType = UNSET


class AiChannel(Value, frozen=True):
    """What every ask in a channel begins with."""

    model: str | None = None
    system: str = ""


class Model(Value, frozen=True):
    """Prices are per million tokens."""

    id: str
    is_default: bool
    context_tokens: int
    answer_tokens: int
    prompt_price: float | None = None
    completion_price: float | None = None


class Allowance(Value, frozen=True):
    """One budget: what was used of it, and when it begins anew. A `limit` of null is none."""

    scope: Scope
    period: Period
    prompt_tokens: int
    completion_tokens: int
    cost: float
    limit: int | None
    resets_at: datetime


class UsageReport(Value, frozen=True):
    """The caller's own use, and the workspace's."""

    allowances: list[Allowance]
    running: int
    most_at_once: int


class NewRun(Value, frozen=True):
    """A run on its way into the log; `answered` is the seq of a question that is answered again."""

    workspace_id: WorkspaceId
    channel_id: ChannelId
    asker_id: UserId
    client_id: str
    text: str
    reply_to: int | None
    thread: int | None
    model: str
    answered: int | None = None
    attachments: Sequence[str] = ()


class Begun(Value, frozen=True):
    """What the log said to an ask; the seqs are null where it was refused."""

    outcome: str
    run_id: RunId | None
    seq: Seq | None
    question_seq: Seq | None
    asked_at: datetime | None
    began_at: datetime | None
    thread: Seq | None
    username: str | None
    """The asker's."""
    attachments: list[dict[str, Any]] | None


class Run(Value, frozen=True):
    """A run's row."""

    id: RunId
    workspace_id: WorkspaceId
    channel_id: ChannelId
    seq: Seq
    question_seq: Seq
    asker_id: UserId
    model: str
    status: RunStatus
    attempt: int


class Checkpoint(Value, frozen=True):
    """What a run said since its last one."""

    run_id: RunId
    attempt: int
    start: int
    text: str
    prompt_tokens: int
    completion_tokens: int


class ContextMessage(Value, frozen=True):
    """A message as a model may get to read it."""

    seq: Seq
    author_id: UserId
    username: str
    kind: str
    text: str
    reply_to: Seq | None


class Attached(Value, frozen=True):
    """A file of a message."""

    seq: Seq
    name: str
    type: str
    size: int
    digest: str


class Prompt(Struct, frozen=True):
    """What goes to a provider, in the chat-completions form."""

    model: str
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    most_tokens: int


class ToolCall(Struct):
    """A call as it grows piece by piece."""

    id: str = ""
    name: str = ""
    arguments: str = ""


class Tokens(Struct, frozen=True):
    prompt: int
    completion: int


class Piece(Struct, frozen=True):
    """What one read from a provider brought; `calls` by their index."""

    text: str = ""
    calls: dict[int, ToolCall] = {}
    tokens: Tokens | None = None
    finish: str | None = None
