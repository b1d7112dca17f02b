"""What programs say: as bounded as what people say, and told the same way, after the commit."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from models.chat import Message, Via
from models.errors import Conflict, NotFound, RateLimited
from models.facts import channel_topic
from models.hooks import ProgramPost
from models.ids import ChannelId, Seq, UserId
from models.mentions import mentions_in
from services.integration_ports import Programs
from services.ports import Publisher

TEXT_LENGTH = 8000


class ProgramService:
    """`here` tells whom an @here reaches."""

    def __init__(
        self, programs: Programs, publisher: Publisher, here: Callable[[], Sequence[UserId]]
    ) -> None:
        self._programs = programs
        self._publisher = publisher
        self._here = here

    async def say(
        self,
        channel: ChannelId,
        client_id: str,
        text: str,
        via: Via,
        *,
        reply_to: Seq | None = None,
        may_broadcast: bool = False,
        heeds_slow_mode: bool = False,
    ) -> Message:
        """A repeated `client_id` gives the first message. Names are mentions; @channel is one only where it may be.

        Raises NotFound, Conflict in an archived channel, RateLimited in slow mode.
        """
        named = mentions_in(text)
        broadcast = named.broadcast if named and may_broadcast else None
        here = [*self._here()] if broadcast == "here" else []
        names = named.keys if named else []
        posted = await self._programs.post(
            ProgramPost(*(channel, client_id, text, via, names, broadcast, here, reply_to, heeds_slow_mode))
        )
        if posted == "not_found":
            raise NotFound("There is no such channel.")
        if posted == "archived":
            raise Conflict("This channel is archived.")
        if isinstance(posted, datetime):
            seconds = max(1, math.ceil((posted - datetime.now(UTC)).total_seconds()))
            raise RateLimited("This channel is in slow mode.", retry_after=seconds)
        message, entry = posted
        if entry is not None:
            self._publisher.tell(channel_topic(channel), [entry])
        return message
