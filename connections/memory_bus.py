"""The bus of a single instance: there is nobody else to tell."""

from collections.abc import Sequence

from connections.bus import Fence, Heard
from models.facts import Entry


class MemoryBus:
    """Fits connections.bus.Bus, and does nothing."""

    def open(self, heard: Heard, fence: Fence) -> None:
        pass

    async def listen(self, topic: str) -> None:
        pass

    def forget(self, topic: str) -> None:
        pass

    def publish(self, topic: str, entries: Sequence[Entry]) -> None:
        pass
