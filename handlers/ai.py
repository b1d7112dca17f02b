"""The doors of AI: asking, watching, stopping, and what is offered to whom."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.ai_stream import answer, stream
from handlers.channels import channel_id
from handlers.door import door, json_response, path_id
from handlers.state import State
from models.accounts import Actor
from models.ai import (
    AiChannel,
    AnswerAgain,
    AskAi,
    ConversationQuery,
    CreateConversation,
    GoOn,
    Model,
    SetAiChannel,
    UsageReport,
)
from models.ai_answers import Answered
from models.channels import Channel
from models.ids import RunId
from models.values import Page


@door({200: Page[Model]})
async def list_models(request: Request[State], actor: Actor) -> Response:  # noqa: ARG001 - signed in, nothing more
    """The models that may be asked, the default first."""
    return json_response(Page(await request.state["ai"].models()))


@door({200: UsageReport})
async def get_usage(request: Request[State], actor: Actor) -> Response:
    """One's own tokens and the workspace's, with the limits and when they begin anew."""
    return json_response(await request.state["ai"].usage(actor))


@door({201: Channel}, may_be_empty=True)
async def create_conversation(request: Request[State], actor: Actor, body: CreateConversation) -> Response:
    """Begin a conversation: a private channel of kind `ai`."""
    return json_response(await request.state["conversations"].create(actor, body), HTTPStatus.CREATED)


@door({200: Page[Channel]})
async def list_conversations(request: Request[State], actor: Actor, query: ConversationQuery) -> Response:
    """One's conversations, newest first."""
    return json_response(await request.state["conversations"].list(actor, query))


@door({200: AiChannel})
async def get_settings(request: Request[State], actor: Actor) -> Response:
    """The model and the system prompt that every ask in the channel begins with."""
    return json_response(await request.state["conversations"].settings(actor, channel_id(request)))


@door({200: AiChannel})
async def put_settings(request: Request[State], actor: Actor, body: SetAiChannel) -> Response:
    """Pin a model or a system prompt. Owners and moderators only."""
    return json_response(await request.state["conversations"].set_up(actor, channel_id(request), body))


@door({200: Answered}, may_stream=True)
async def chat(request: Request[State], actor: Actor, body: AskAi) -> Response:
    """Ask a model in a channel. The answer comes whole, or with `stream` as `text/event-stream`."""
    asked = await request.state["ai"].ask(actor, body)
    return await answer(request, actor, asked.run, is_stream=body.stream)


@door({200: Answered})
async def get_run(request: Request[State], actor: Actor) -> Response:
    """A run and its message, as it stands: while it runs, with what was said so far."""
    return json_response(await request.state["ai_views"].now(actor, run_id(request)))


@door({200: Answered}, may_stream=True)
async def stream_run(request: Request[State], actor: Actor) -> Response:
    """Watch a run as `text/event-stream`, from the beginning or from behind the `Last-Event-ID`."""
    return stream(request, actor, await request.state["ai"].get(actor, run_id(request)))


@door({202: None})
async def stop_run(request: Request[State], actor: Actor) -> Response:
    """Stop a run, wherever it is at work. Who asked, and the channel's owners and moderators."""
    await request.state["ai"].stop(actor, run_id(request))
    return Response(status_code=HTTPStatus.ACCEPTED)


@door({200: Answered}, may_be_empty=True, may_stream=True)
async def continue_run(request: Request[State], actor: Actor, body: GoOn) -> Response:
    """Let an answer that was stopped, interrupted or failed go on in its own message."""
    asked = await request.state["ai"].go_on(actor, run_id(request))
    return await answer(request, actor, asked.run, is_stream=body.stream)


@door({200: Answered}, may_be_empty=True, may_stream=True)
async def regenerate_run(request: Request[State], actor: Actor, body: AnswerAgain) -> Response:
    """Answer the same question once more, in another message, maybe by another model."""
    asked = await request.state["ai"].again(actor, run_id(request), body)
    return await answer(request, actor, asked.run, is_stream=body.stream)


@door({200: Answered})
async def undo_run(request: Request[State], actor: Actor) -> Response:
    """Take back all that an answer drew; what others drew stays. Who asked, and the channel's owners and moderators."""
    return json_response(await request.state["ai_undo"].undo(actor, run_id(request)))


def run_id(request: Request[State]) -> RunId:
    return RunId(path_id(request, "run_id"))
