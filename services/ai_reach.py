"""How far a model's tools reach: into the channel that was asked in.

In a conversation that only its asker is in, they may also read in any other channel that the asker is in, since nobody
else reads the answer. Law: rights are those of the asker, at the moment of the call.
"""

from models.errors import NotFound
from models.ids import ChannelId, Seq
from services.ai_tools import Scene
from services.members import MemberService
from services.ports import Channels


class Reach:
    """Every method raises NotFound for what is out of reach, whether or not it exists."""

    def __init__(self, members: MemberService, channels: Channels) -> None:
        self._members = members
        self._channels = channels

    async def place(self, scene: Scene, wanted: int | None) -> tuple[ChannelId, Seq | None]:
        """The channel that may be read now, and before which seq."""
        await self._members.reader(scene.actor, scene.channel)
        if wanted in (None, scene.channel):
            return scene.channel, scene.before
        here = await self._channels.get(scene.actor.workspace_id, scene.channel, scene.actor.user_id)
        if here is None or here.kind != "ai" or here.member_count != 1:
            raise NotFound("Only this channel can be looked into from here.")
        channel = ChannelId(wanted or 0)
        await self._members.reader(scene.actor, channel)
        return channel, None
