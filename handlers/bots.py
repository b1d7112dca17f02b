"""The doors of bots and their tokens."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import door, json_response, nothing
from handlers.state import State
from handlers.users import user_id
from models.accounts import Actor
from models.bots import Bot, BotQuery, BotToken, CreateBot, CreateBotToken
from models.values import Page


@door({201: Bot})
async def create_bot(request: Request[State], actor: Actor, body: CreateBot) -> Response:
    """Make a bot: a user who signs in with tokens alone. Admins only."""
    return json_response(await request.state["bots"].create(actor, body), HTTPStatus.CREATED)


@door({200: Page[Bot]})
async def list_bots(request: Request[State], actor: Actor, query: BotQuery) -> Response:
    """All bots. Admins only."""
    return json_response(await request.state["bots"].list(actor, query))


@door({201: BotToken})
async def create_bot_token(request: Request[State], actor: Actor, body: CreateBotToken) -> Response:
    """Make a token of a bot; only this answer shows it. Admins only."""
    made = await request.state["bots"].create_token(actor, user_id(request), body)
    return json_response(made, HTTPStatus.CREATED)


@door({200: Page[BotToken]})
async def list_bot_tokens(request: Request[State], actor: Actor) -> Response:
    """A bot's tokens that are good, without the tokens themselves. Admins only."""
    return json_response(await request.state["bots"].tokens(actor, user_id(request)))


@door({204: None})
async def revoke_bot_token(request: Request[State], actor: Actor) -> Response:
    """Revoke a token: its sockets close at once. Admins only."""
    token = str(request.path_params["token_id"])
    await request.state["bots"].revoke_token(actor, user_id(request), token)
    return nothing()
