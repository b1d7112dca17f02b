"""The door that tells a client what to offer before anybody has signed in."""

from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response
from handlers.state import State
from models.instance import Instance


@door({200: Instance})
async def get_instance(request: Request[State]) -> Response:
    """What this server is called, who may register, and whether it waits for its first user."""
    state = request.state
    accounts = state["accounts"]
    said = (accounts.registration, await accounts.is_new(), state["files"].bounds.of_file)
    push_key = state["push"].public_key or UNSET
    return json_response(Instance(state["name"], state["version"], *said, push_key))
