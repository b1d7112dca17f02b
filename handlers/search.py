"""The door of search."""

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response
from handlers.state import State
from models.accounts import Actor
from models.search import Found, SearchQuery


@door({200: Found})
async def search(request: Request[State], actor: Actor, query: SearchQuery) -> Response:
    """Messages in the channels one is in, the newest first."""
    return json_response(await request.state["search"].find(actor, query))
