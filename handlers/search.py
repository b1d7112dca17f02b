"""The door of search."""

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response
from handlers.state import State
from models.accounts import Actor
from models.search import Hit, SearchQuery
from models.values import Page


@door({200: Page[Hit]})
async def search(request: Request[State], actor: Actor, query: SearchQuery) -> Response:
    """Messages in the channels one is in, the newest first."""
    return json_response(await request.state["search"].find(actor, query))
