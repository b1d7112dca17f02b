"""The doors of webhooks, for a channel's moderators."""

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response, nothing, path_id
from handlers.state import State
from models import wire
from models.accounts import Actor
from models.hooks import (
    CreateIncomingHook,
    CreateOutgoingHook,
    DeadLetter,
    DeadLetterQuery,
    IncomingHook,
    OutgoingHook,
    UpdateIncomingHook,
    UpdateOutgoingHook,
)
from models.ids import Seq
from models.values import Page


@door({201: IncomingHook})
async def create_incoming_hook(request: Request[State], actor: Actor, body: CreateIncomingHook) -> Response:
    """Make a URL by which programs post here; only this answer shows it. Moderators only."""
    made, secret = await request.state["hooks"].create(actor, channel_id(request), body)
    return json_response(wire.replace(made, url=_url(request, secret)), HTTPStatus.CREATED)


@door({200: Page[IncomingHook]})
async def list_incoming_hooks(request: Request[State], actor: Actor) -> Response:
    """The channel's incoming webhooks, without their URLs. Moderators only."""
    return json_response(await request.state["hooks"].list(actor, channel_id(request)))


@door({200: IncomingHook})
async def update_incoming_hook(request: Request[State], actor: Actor, body: UpdateIncomingHook) -> Response:
    """Change an incoming webhook. Moderators only."""
    return json_response(
        await request.state["hooks"].update(actor, channel_id(request), hook_id(request), body)
    )


@door({200: IncomingHook})
async def rotate_incoming_hook(request: Request[State], actor: Actor) -> Response:
    """Give an incoming webhook another URL; the one before is closed. Moderators only."""
    made, secret = await request.state["hooks"].rotate(actor, channel_id(request), hook_id(request))
    return json_response(wire.replace(made, url=_url(request, secret)))


@door({204: None})
async def delete_incoming_hook(request: Request[State], actor: Actor) -> Response:
    """Delete an incoming webhook: its URL is closed. Moderators only."""
    await request.state["hooks"].delete(actor, channel_id(request), hook_id(request))
    return nothing()


def hook_id(request: Request[Any]) -> int:
    return path_id(request, "hook_id")


def _url(request: Request[Any], secret: str) -> str:
    """At the address by which its maker reached us."""
    return f"{request.base_url}hooks/{secret}"


@door({201: OutgoingHook})
async def create_outgoing_hook(request: Request[State], actor: Actor, body: CreateOutgoingHook) -> Response:
    """Have a URL called with what happens here; only this answer shows the secret that signs it. Moderators only."""
    made = await request.state["outgoing_hooks"].create(actor, channel_id(request), body)
    return json_response(made, HTTPStatus.CREATED)


@door({200: Page[OutgoingHook]})
async def list_outgoing_hooks(request: Request[State], actor: Actor) -> Response:
    """The channel's outgoing webhooks, and how far each was told. Moderators only."""
    return json_response(await request.state["outgoing_hooks"].list(actor, channel_id(request)))


@door({200: OutgoingHook})
async def update_outgoing_hook(request: Request[State], actor: Actor, body: UpdateOutgoingHook) -> Response:
    """Change an outgoing webhook, disable it or start it again. Moderators only."""
    service, place = request.state["outgoing_hooks"], (channel_id(request), hook_id(request))
    return json_response(await service.update(actor, *place, body))


@door({204: None})
async def delete_outgoing_hook(request: Request[State], actor: Actor) -> Response:
    """Delete an outgoing webhook, and what it could not deliver. Moderators only."""
    await request.state["outgoing_hooks"].delete(actor, channel_id(request), hook_id(request))
    return nothing()


@door({200: Page[DeadLetter]})
async def list_dead_letters(request: Request[State], actor: Actor, query: DeadLetterQuery) -> Response:
    """What an outgoing webhook's target did not take. Moderators only."""
    service, place = request.state["outgoing_hooks"], (channel_id(request), hook_id(request))
    return json_response(await service.dead(actor, *place, query))


@door({204: None})
async def redeliver_dead_letter(request: Request[State], actor: Actor) -> Response:
    """Send a dead letter once more, now. Moderators only."""
    seq = Seq(path_id(request, "seq"))
    await request.state["outgoing_hooks"].redeliver(actor, channel_id(request), hook_id(request), seq)
    return nothing()


@door({204: None})
async def discard_dead_letter(request: Request[State], actor: Actor) -> Response:
    """Forget a dead letter: it is sent no more. Moderators only."""
    seq = Seq(path_id(request, "seq"))
    await request.state["outgoing_hooks"].discard(actor, channel_id(request), hook_id(request), seq)
    return nothing()
