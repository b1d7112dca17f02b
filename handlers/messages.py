"""The doors of what happens to a message after it was posted."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response, nothing, path_id
from handlers.state import State
from models.accounts import Actor
from models.chat import EditMessage, Message, Version
from models.ids import ChannelId, Seq
from models.values import Page


@door({200: Message})
async def edit_message(request: Request[State], actor: Actor, body: EditMessage) -> Response:
    """Change the text of one's own message. What it was before is kept for moderators."""
    message, _ = await request.state["messages"].edit(actor, *place(request), body)
    return json_response(message)


@door({204: None})
async def delete_message(request: Request[State], actor: Actor) -> Response:
    """Delete a message: its author may, and moderators. A tombstone stays."""
    await request.state["messages"].delete(actor, *place(request))
    return nothing()


@door({200: Page[Version]})
async def list_versions(request: Request[State], actor: Actor) -> Response:
    """What a message was before it was edited or deleted. Moderators only."""
    return json_response(await request.state["messages"].versions(actor, *place(request)))


@door({204: None})
async def add_reaction(request: Request[State], actor: Actor) -> Response:
    """React with an emoji: once a user and emoji."""
    await request.state["messages"].react(actor, *place(request), _emoji(request))
    return nothing()


@door({204: None})
async def remove_reaction(request: Request[State], actor: Actor) -> Response:
    """Take one's reaction back."""
    await request.state["messages"].unreact(actor, *place(request), _emoji(request))
    return nothing()


@door({204: None})
async def pin_message(request: Request[State], actor: Actor) -> Response:
    """Pin a message to its channel. Any member may."""
    await request.state["messages"].pin(actor, *place(request))
    return nothing()


@door({204: None})
async def unpin_message(request: Request[State], actor: Actor) -> Response:
    """Unpin a message."""
    await request.state["messages"].unpin(actor, *place(request))
    return nothing()


@door({200: Page[Message]})
async def list_pinned(request: Request[State], actor: Actor) -> Response:
    """A channel's pinned messages, the newest pin first."""
    return json_response(await request.state["messages"].pinned(actor, channel_id(request)))


def place(request: Request[Any]) -> tuple[ChannelId, Seq]:
    """Of a message: its channel and its seq."""
    return channel_id(request), Seq(path_id(request, "seq"))


def _emoji(request: Request[Any]) -> str:
    return str(request.path_params["emoji"])
