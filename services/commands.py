"""Slash commands: built in, or a workspace's own, which call a URL as webhooks do and answer the caller alone."""

import secrets

import structlog

from models import wire
from models.accounts import Actor
from models.chat import Via
from models.commands import Command, CreateCommand, OwnCommand, Ran, RunCommand, UpdateCommand
from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.ids import ChannelId, Seq, UserId
from models.values import Page, given
from services import policy
from services.built_in_commands import BUILT_INS, Scene, Tools
from services.courier import deliver
from services.integration_ports import Commands, Outside
from services.ports import Limits
from services.programs import ProgramService

CALLS = 60
"""Of URLs by one user, a minute."""

log = structlog.get_logger()


class CommandService:
    """What changes the workspace's own raises Forbidden for all but admins."""

    def __init__(
        self, commands: Commands, tools: Tools, programs: ProgramService, outside: Outside, limits: Limits
    ) -> None:
        self._commands = commands
        self._tools = tools
        self._programs = programs
        self._outside = outside
        self._limits = limits

    async def list(self, actor: Actor) -> Page[Command]:
        """The built-in ones, then the workspace's own."""
        built_in = [Command(name, one.hint, one.description) for name, one in BUILT_INS.items()]
        built_in.append(Command("help", "", "Tell what commands there are"))
        own = await self._commands.of(actor.workspace_id)
        return Page([*built_in, *(_shown(one, to_admin=policy.may_administer(actor)) for one in own)])

    async def create(self, actor: Actor, ask: CreateCommand) -> Command:
        """With its secret. Raises Invalid for a URL inside, Conflict for a name that is taken or one too many."""
        policy.demand_admin(actor)
        self._outside.demand(ask.url)
        if ask.name in BUILT_INS or ask.name == "help":
            raise Conflict("A command of this name is built in.")
        secret = secrets.token_urlsafe(32)
        made = await self._commands.create(actor.workspace_id, ask, secret, actor.user_id)
        if made == "taken":
            raise Conflict("A command of this name exists.")
        if made == "too_many":
            raise Conflict("There are as many commands as there can be.")
        log.info("command_created", command_id=made.id, by=actor.user_id)
        return wire.replace(_shown(made, to_admin=True), secret=made.secret)

    async def update(self, actor: Actor, command: int, change: UpdateCommand) -> Command:
        policy.demand_admin(actor)
        url = given(change.url)
        if url is not None:
            self._outside.demand(url)
        changed = await self._commands.update(actor.workspace_id, command, change, actor.user_id)
        if changed is None:
            raise NotFound("There is no such command.")
        return _shown(changed, to_admin=True)

    async def delete(self, actor: Actor, command: int) -> None:
        policy.demand_admin(actor)
        if not await self._commands.delete(actor.workspace_id, command, actor.user_id):
            raise NotFound("There is no such command.")

    async def run(self, actor: Actor, channel: ChannelId, ask: RunCommand) -> Ran:
        """Raises what the command's own doing raises; Invalid for what is no command, NotFound for one that isn't
        there, TargetFailed, NotFound or Forbidden for who may not read the channel.
        """
        standing = await self._tools.members.reader(actor, channel)
        name, rest = _parsed(ask.text)
        if name == "help":
            return Ran(await self._help(actor))
        if name in BUILT_INS:
            scene = Scene(self._tools, self, actor, channel, ask, rest)
            return await BUILT_INS[name].run(scene)
        command = await self._commands.named(actor.workspace_id, name)
        if command is None:
            raise NotFound(f"There is no command /{name}. /help tells which there are.")
        if not standing.may_post:
            raise Forbidden("You may read this channel, but not post in it.")
        await self._limits.take(CALLS, "commands", str(actor.user_id))
        return await self._call(actor, channel, command, ask, rest)

    async def user_named(self, actor: Actor, name: str) -> UserId:
        found = await self._commands.user_named(actor.workspace_id, name.removeprefix("@"))
        if found is None:
            raise NotFound(f"There is nobody called {name[:40]}.")
        return found

    async def _call(
        self, actor: Actor, channel: ChannelId, command: OwnCommand, ask: RunCommand, rest: str
    ) -> Ran:
        user = await self._tools.users.get(actor, actor.user_id)
        body = wire.encode(
            {
                "type": "command",
                "command": f"/{command.name}",
                "text": rest,
                "channel_id": channel,
                "user_id": actor.user_id,
                "username": user.username,
                "thread": ask.thread,
            }
        )
        delivery = f"command-{command.id}-{actor.user_id}-{ask.client_id}"
        reply = await deliver(self._outside, command.url, command.secret, delivery, body)
        if reply.text is None or reply.response_type == "ephemeral":
            return Ran(reply.text)
        via = Via("command", command.id, f"/{command.name}")
        client_id = f"{command.id}-{actor.user_id}-{ask.client_id}"
        reply_to = None if ask.thread is None else Seq(ask.thread)
        return Ran(message=await self._programs.say(channel, client_id, reply.text, via, reply_to=reply_to))

    async def _help(self, actor: Actor) -> str:
        lines = [
            f"`/{one.name} {one.hint}`".replace(" `", "`") + f" {one.description}"
            for one in (await self.list(actor)).items
        ]
        return "\n".join(lines)


def _parsed(text: str) -> tuple[str, str]:
    """The name, in small letters, and what comes after it. Raises Invalid."""
    first, *rest = text.split(maxsplit=1)
    if not first.startswith("/") or len(first) == 1 or text[0] != "/":
        raise Invalid("A command begins with a slash.", {"text": "Expected /command"})
    return first[1:].lower()[:64], rest[0].strip() if rest else ""


def _shown(command: OwnCommand, *, to_admin: bool) -> Command:
    shown = Command(command.name, command.hint, command.description, command.id)
    if not to_admin:
        return shown
    return wire.replace(shown, url=command.url, created_by=command.created_by, created_at=command.created_at)
