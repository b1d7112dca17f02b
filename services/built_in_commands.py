"""The commands that come with Chalkline: each is a shorter way to what the doors do, with the same rights."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from models import wire
from models.accounts import Actor, Preferences, UpdateMe
from models.channels import Channel, ChannelQuery, JoinChannel, OpenDirect, UpdateChannel
from models.chat import Message, PostMessage
from models.commands import Ran, RunCommand
from models.errors import Invalid, NotFound
from models.ids import ChannelId, UserId
from models.text import name_key
from services.channels import ChannelService
from services.chat import ChatService
from services.members import MemberService
from services.users import UserService

INVITED = 20
"""People in one /invite."""


class Names(Protocol):
    """Who is meant."""

    async def user_named(self, actor: Actor, name: str) -> UserId:
        """By `@name` or `name`. Raises NotFound."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The services that commands are shortcuts to."""

    chat: ChatService
    channels: ChannelService
    members: MemberService
    users: UserService


@dataclass(frozen=True, slots=True)
class Scene:
    """One command being run; `rest` is what came after its name."""

    tools: Tools
    names: Names
    actor: Actor
    channel: ChannelId
    ask: RunCommand
    rest: str

    async def post(self, text: str, channel: ChannelId | None = None) -> Message:
        """In the channel, under the client_id of the ask. Raises Invalid for what is no message."""
        thread = self.ask.thread if channel is None else None
        body = {"client_id": self.ask.client_id, "text": text, "thread": thread}
        content = wire.decode(wire.encode(body), PostMessage)
        return (await self.tools.chat.post(self.actor, channel or self.channel, content)).message

    def need(self, what: str) -> str:
        """What came after the name. Raises Invalid where nothing did."""
        if not self.rest:
            raise Invalid(f"This command needs {what}.", {"text": f"Expected {what} after the command"})
        return self.rest


Deed = Callable[[Scene], Awaitable[Ran]]


class BuiltIn(NamedTuple):
    """`hint` tells what comes after the name."""

    hint: str
    description: str
    run: Deed


async def _me(scene: Scene) -> Ran:
    return Ran(message=await scene.post(f"_{scene.need('some words')}_"))


async def _shrug(scene: Scene) -> Ran:
    return Ran(message=await scene.post(f"{scene.rest} ¯\\\\\\_(ツ)\\_/¯".strip()))


async def _topic(scene: Scene) -> Ran:
    change = _update(description=scene.rest)
    await scene.tools.channels.update(scene.actor, scene.channel, change)
    return Ran(
        "The channel's description is changed." if scene.rest else "The channel has no description now."
    )


async def _rename(scene: Scene) -> Ran:
    changed = await scene.tools.channels.update(
        scene.actor, scene.channel, _update(name=scene.need("a name"))
    )
    return Ran(f"The channel is called {changed.name} now.")


async def _invite(scene: Scene) -> Ran:
    names = scene.need("a name").split()[:INVITED]
    users = [await scene.names.user_named(scene.actor, name) for name in names]
    for user in users:
        await scene.tools.members.put(scene.actor, scene.channel, user)
    return Ran(f"In the channel now: {', '.join(names)}.")


async def _remove(scene: Scene) -> Ran:
    name = scene.need("a name")
    user = await scene.names.user_named(scene.actor, name)
    await scene.tools.members.remove(scene.actor, scene.channel, user)
    return Ran(f"No longer in the channel: {name}.")


async def _join(scene: Scene) -> Ran:
    found = await _channel_named(scene, scene.need("a channel's name").removeprefix("#"))
    await scene.tools.members.join(scene.actor, found.id, JoinChannel())
    return Ran(f"You are in {found.name} now.", channel_id=found.id)


async def _leave(scene: Scene) -> Ran:
    await scene.tools.members.leave(scene.actor, scene.channel)
    return Ran("You left the channel.")


async def _mute(scene: Scene) -> Ran:
    await scene.tools.members.set_notifications(scene.actor, scene.channel, "none")
    return Ran("Nothing in this channel calls for your attention any more.")


async def _unmute(scene: Scene) -> Ran:
    await scene.tools.members.set_notifications(scene.actor, scene.channel, None)
    return Ran("This channel calls for your attention as usual.")


async def _dnd(scene: Scene) -> Ran:
    said = scene.need("hours such as 22:00-07:00 and a time zone, or off")
    if said.lower() == "off":
        await scene.tools.users.set_preferences(scene.actor, Preferences())
        return Ran("You have no quiet hours now.")
    hours, _, zone = said.partition(" ")
    start, _, end = hours.partition("-")
    wanted = {"start": start, "end": end} | ({"timezone": zone.strip()} if zone.strip() else {})
    preferences = wire.decode(wire.encode({"do_not_disturb": wanted}), Preferences)
    await scene.tools.users.set_preferences(scene.actor, preferences)
    return Ran(f"Your quiet hours are {start} to {end}.")


async def _status(scene: Scene) -> Ran:
    change = wire.decode(wire.encode({"status": scene.rest}), UpdateMe)
    await scene.tools.users.update_me(scene.actor, change)
    return Ran(f"Your status is: {scene.rest}" if scene.rest else "You have no status now.")


async def _msg(scene: Scene) -> Ran:
    name, _, text = scene.need("a name and a message").partition(" ")
    user = await scene.names.user_named(scene.actor, name)
    if not text.strip():
        raise Invalid("This command needs a message.", {"text": "Expected a message after the name"})
    channel = await scene.tools.channels.open_direct(scene.actor, OpenDirect([user]))
    return Ran(message=await scene.post(text.strip(), channel.id), channel_id=channel.id)


def _update(**fields: str) -> UpdateChannel:
    """Raises Invalid, as the door does."""
    return wire.decode(wire.encode(fields), UpdateChannel)


async def _channel_named(scene: Scene, name: str) -> Channel:
    """Among those that the caller can see. Raises NotFound."""
    query = wire.decode(wire.encode({"scope": "all", "q": name, "limit": 200}), ChannelQuery)
    page = await scene.tools.channels.list(scene.actor, query)
    for channel in page.items:
        if channel.kind == "channel" and name_key(channel.name) == name_key(name):
            return channel
    raise NotFound("There is no such channel.")


BUILT_INS: Mapping[str, BuiltIn] = {
    "me": BuiltIn("words", "Say what you do", _me),
    "shrug": BuiltIn("[words]", "Say something with a shrug", _shrug),
    "topic": BuiltIn("[text]", "Change the channel's description", _topic),
    "rename": BuiltIn("name", "Give the channel another name", _rename),
    "invite": BuiltIn("@name …", "Bring people into the channel", _invite),
    "remove": BuiltIn("@name", "Put somebody out of the channel", _remove),
    "join": BuiltIn("#channel", "Come into a public channel", _join),
    "leave": BuiltIn("", "Leave the channel", _leave),
    "mute": BuiltIn("", "Let nothing here call for your attention", _mute),
    "unmute": BuiltIn("", "Take that back", _unmute),
    "dnd": BuiltIn("22:00-07:00 [zone] | off", "Set the hours in which nothing disturbs you", _dnd),
    "status": BuiltIn("[words]", "Set your status", _status),
    "msg": BuiltIn("@name words", "Write to somebody alone", _msg),
}
