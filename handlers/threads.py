"""The doors of threads."""

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response, nothing, path_id
from handlers.state import State
from models.accounts import Actor
from models.chat import Message
from models.ids import Seq
from models.threads import Thread, ThreadQuery, ThreadsQuery
from models.values import Page


@door({200: Page[Thread]})
async def list_threads(request: Request[State], actor: Actor, query: ThreadsQuery) -> Response:
    """The threads one follows, with what is unread in each: the last reply first."""
    return json_response(await request.state["threads"].list(actor, query))


@door({200: Page[Message]})
async def get_thread(request: Request[State], actor: Actor, query: ThreadQuery) -> Response:
    """A thread: its first message, then the replies."""
    seq = Seq(path_id(request, "seq"))
    return json_response(await request.state["threads"].messages(actor, channel_id(request), seq, query))


@door({204: None})
async def follow_thread(request: Request[State], actor: Actor) -> Response:
    """Follow a thread. Whoever begins one, replies in it or is mentioned there does by themselves."""
    seq = Seq(path_id(request, "seq"))
    await request.state["threads"].follow(actor, channel_id(request), seq, follows=True)
    return nothing()


@door({204: None})
async def unfollow_thread(request: Request[State], actor: Actor) -> Response:
    """No longer follow a thread, until one replies or is mentioned there."""
    seq = Seq(path_id(request, "seq"))
    await request.state["threads"].follow(actor, channel_id(request), seq, follows=False)
    return nothing()
