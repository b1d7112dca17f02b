"""The doors of messages."""

import asyncio
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response, path_id
from handlers.state import State
from models import wire
from models.accounts import Actor
from models.chat import Events, EventsQuery, HistoryQuery, Message, MessageQuery, PostMessage
from models.ids import Seq
from models.values import Page
from services.markdown import to_html

RENDERS = 60
"""A minute, of one user: a text made for it takes a tenth of a second."""


@door({201: Message, 200: Message})
async def post_message(request: Request[State], actor: Actor, body: PostMessage) -> Response:
    """Post a message: 201 when it is committed, 200 with the first one when its client_id was posted before."""
    posted = await request.state["chat"].post(actor, channel_id(request), body)
    return json_response(posted.message, HTTPStatus.CREATED if posted.is_new else HTTPStatus.OK)


@door({200: Page[Message]})
async def list_messages(request: Request[State], actor: Actor, query: HistoryQuery) -> Response:
    """A channel's messages, ascending: the newest, or those before, after or around a seq."""
    return json_response(await request.state["chat"].history(actor, channel_id(request), query))


@door({200: Message})
async def get_message(request: Request[State], actor: Actor, query: MessageQuery) -> Response:
    """One message; with `render=html` also as HTML that is safe to show."""
    seq = Seq(path_id(request, "seq"))
    message = await request.state["chat"].get(actor, channel_id(request), seq)
    if query.render:
        await request.state["limits"].take(RENDERS, "renders", str(actor.user_id))
        message = wire.replace(message, html=await asyncio.to_thread(to_html, message.text))
    return json_response(message)


@door({200: Events})
async def list_events(request: Request[State], actor: Actor, query: EventsQuery) -> Response:
    """Every fact of the channel after a seq, ascending, without a gap, however old."""
    return json_response(await request.state["chat"].events(actor, channel_id(request), query))
