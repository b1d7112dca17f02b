"""The logs behind the topics, for whoever delivers facts: a topic's name leads to the log that it is told from."""

from collections.abc import Sequence

from models.facts import Entry
from models.ids import ChannelId, Seq, SketchId, UserId
from services.ports import Channels, Chat, Users
from services.sketch_ports import Sketches


class Feed:
    """Topics named `channel:<id>`, `user:<id>` and `sketch:<id>`."""

    def __init__(self, chat: Chat, channels: Channels, users: Users, sketches: Sketches) -> None:
        self._chat = chat
        self._channels = channels
        self._users = users
        self._sketches = sketches

    def is_binary(self, topic: str) -> bool:
        """A sketch's log is of updates, the others are of JSON."""
        return topic.startswith("sketch:")

    async def heads(self, topics: Sequence[str]) -> dict[str, int]:
        """The seq of each topic's newest fact; raises Unavailable."""
        heads: dict[str, int] = {}
        for noun, read in (
            ("channel", self._channels.heads),
            ("user", self._users.heads),
            ("sketch", self._sketches.heads),
        ):
            ids = [number for topic in topics for kind, number in [_split(topic)] if kind == noun]
            if ids:
                heads |= {f"{noun}:{number}": seq for number, seq in (await read(ids)).items()}
        return heads

    async def read(self, topic: str, after: int, limit: int) -> list[Entry]:
        """The facts after a seq, ascending, without a gap; raises Unavailable."""
        kind, number = _split(topic)
        if kind == "channel":
            return await self._chat.facts(ChannelId(number), Seq(after), limit)
        if kind == "sketch":
            return await self._sketches.facts(SketchId(number), after, limit)
        return await self._users.facts(UserId(number), Seq(after), limit)


def _split(topic: str) -> tuple[str, int]:
    kind, _, number = topic.partition(":")
    return kind, int(number)
