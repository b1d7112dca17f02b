"""The doors of channels and their members."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response, nothing, path_id
from handlers.state import State
from handlers.users import user_id
from models.accounts import Actor
from models.channels import (
    Channel,
    ChannelQuery,
    CreateChannel,
    JoinChannel,
    MarkRead,
    Member,
    MemberQuery,
    OpenDirect,
    PutMember,
    UpdateChannel,
    UpdateMembership,
)
from models.ids import ChannelId, Seq
from models.values import Page, given


@door({201: Channel})
async def create_channel(request: Request[State], actor: Actor, body: CreateChannel) -> Response:
    """Make a channel; one joins it as owner."""
    return json_response(await request.state["channels"].create(actor, body), HTTPStatus.CREATED)


@door({200: Page[Channel]})
async def list_channels(request: Request[State], actor: Actor, query: ChannelQuery) -> Response:
    """The channels one is in, or all that one may see."""
    return json_response(await request.state["channels"].list(actor, query))


@door({200: Channel})
async def get_channel(request: Request[State], actor: Actor) -> Response:
    """One channel. A private one is there only for its members."""
    return json_response(await request.state["channels"].get(actor, channel_id(request)))


@door({200: Channel})
async def update_channel(request: Request[State], actor: Actor, body: UpdateChannel) -> Response:
    """Change a channel's name, description or password. Owners and admins only."""
    return json_response(await request.state["channels"].update(actor, channel_id(request), body))


@door({204: None})
async def delete_channel(request: Request[State], actor: Actor) -> Response:
    """Delete a channel. Owners and admins only."""
    await request.state["channels"].delete(actor, channel_id(request))
    return nothing()


@door({200: Channel}, may_be_empty=True)
async def join_channel(request: Request[State], actor: Actor, body: JoinChannel) -> Response:
    """Become a member of a public channel, with its password where it has one."""
    channel = channel_id(request)
    await request.state["members"].join(actor, channel, body)
    return json_response(await request.state["channels"].get(actor, channel))


@door({204: None})
async def leave_channel(request: Request[State], actor: Actor) -> Response:
    """Leave a channel. Its last owner hands it on to the longest-serving moderator, else member."""
    await request.state["members"].leave(actor, channel_id(request))
    return nothing()


@door({200: Page[Member]})
async def list_members(request: Request[State], actor: Actor, query: MemberQuery) -> Response:
    """Who is in a channel. Members only."""
    return json_response(await request.state["members"].list(actor, channel_id(request), query))


@door({204: None}, may_be_empty=True)
async def put_member(request: Request[State], actor: Actor, body: PutMember) -> Response:
    """Bring a user into the channel, or change a member's role."""
    await request.state["members"].put(actor, channel_id(request), user_id(request), given(body.role))
    return nothing()


@door({204: None})
async def remove_member(request: Request[State], actor: Actor) -> Response:
    """Put a member out of the channel."""
    await request.state["members"].remove(actor, channel_id(request), user_id(request))
    return nothing()


@door({204: None})
async def mark_read(request: Request[State], actor: Actor, body: MarkRead) -> Response:
    """Say up to where one has read, in the channel or a thread of it; unread counts follow from it."""
    thread = None if body.thread is None else Seq(body.thread)
    await request.state["members"].mark_read(actor, channel_id(request), Seq(body.seq), thread)
    return nothing()


@door({204: None})
async def update_membership(request: Request[State], actor: Actor, body: UpdateMembership) -> Response:
    """Choose what of a channel calls for one's attention."""
    await request.state["members"].set_notifications(actor, channel_id(request), body.notifications)
    return nothing()


@door({200: Channel})
async def open_direct(request: Request[State], actor: Actor, body: OpenDirect) -> Response:
    """The direct channel with these users: the same one every time."""
    return json_response(await request.state["channels"].open_direct(actor, body))


def channel_id(request: Request[State]) -> ChannelId:
    return ChannelId(path_id(request, "channel_id"))
