"""The doors of slash commands."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from handlers.channels import channel_id
from handlers.door import door, json_response, nothing, path_id
from handlers.state import State
from models.accounts import Actor
from models.commands import Command, CreateCommand, Ran, RunCommand, UpdateCommand
from models.values import Page


@door({200: Page[Command]})
async def list_commands(request: Request[State], actor: Actor) -> Response:
    """What can be typed after a `/`: built in, then the workspace's own."""
    return json_response(await request.state["commands"].list(actor))


@door({201: Command})
async def create_command(request: Request[State], actor: Actor, body: CreateCommand) -> Response:
    """Make a command that calls a URL; only this answer shows the secret that signs it. Admins only."""
    return json_response(await request.state["commands"].create(actor, body), HTTPStatus.CREATED)


@door({200: Command})
async def update_command(request: Request[State], actor: Actor, body: UpdateCommand) -> Response:
    """Change a command of the workspace's own. Admins only."""
    command = path_id(request, "command_id")
    return json_response(await request.state["commands"].update(actor, command, body))


@door({204: None})
async def delete_command(request: Request[State], actor: Actor) -> Response:
    """Delete a command of the workspace's own. Admins only."""
    await request.state["commands"].delete(actor, path_id(request, "command_id"))
    return nothing()


@door({200: Ran})
async def run_command(request: Request[State], actor: Actor, body: RunCommand) -> Response:
    """Run a command in a channel. What it answers is for the caller alone."""
    return json_response(await request.state["commands"].run(actor, channel_id(request), body))
