"""One connection's place in one topic, and what ends it."""

from typing import TYPE_CHECKING

from connections.connection import Connection
from models.facts import Entry

if TYPE_CHECKING:
    from connections.topic import Topic


class Subscription:
    """One connection's place in one topic. `cursor` is the newest fact it was given, while it is behind.

    `admitted_at` is the head when its right to listen was checked: only a later fact can end it.
    """

    __slots__ = ("admitted_at", "connection", "cursor", "is_silent", "topic")

    def __init__(
        self, connection: Connection, topic: "Topic", cursor: int, admitted_at: int, is_silent: bool
    ) -> None:
        self.connection = connection
        self.topic = topic
        self.cursor = cursor
        self.admitted_at = admitted_at
        self.is_silent = is_silent


def ends(subscription: Subscription, entry: Entry) -> bool:
    """Facts from before it was admitted don't count: who was removed may have come back since."""
    return (
        bool(entry.drops)
        and entry.seq > subscription.admitted_at
        and subscription.connection.is_meant(entry.drops)
    )
