"""The doors of devices that are told of calls while no page is open."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response, nothing
from handlers.state import State
from models.accounts import Actor
from models.push import PushSubscription, Subscribe
from models.values import Page


@door({201: PushSubscription, 200: PushSubscription})
async def create_push_subscription(request: Request[State], actor: Actor, body: Subscribe) -> Response:
    """Have this device told, for as long as the session lasts. Named again, it is the same one, as it is named now."""
    put, is_new = await request.state["push"].subscribe(actor, body)
    return json_response(put, HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@door({200: Page[PushSubscription]})
async def list_push_subscriptions(request: Request[State], actor: Actor) -> Response:
    """One's own devices that are told."""
    return json_response(await request.state["push"].list(actor))


@door({204: None})
async def delete_push_subscription(request: Request[State], actor: Actor) -> Response:
    """Tell one of one's devices nothing more."""
    await request.state["push"].unsubscribe(actor, request.path_params["subscription_id"])
    return nothing()
