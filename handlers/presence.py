"""The door to who is there."""

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response
from handlers.state import State
from models.accounts import Actor
from models.channels import Present
from models.values import Page


@door({200: Page[Present]})
async def list_present(request: Request[State], actor: Actor) -> Response:
    """The channel's members who are online. Members only."""
    return json_response(await request.state["presence"].of(actor, channel_id(request)))
