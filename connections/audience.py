"""Who listens to a topic, and how a block of frames reaches each: the same bytes for all, deflated once where asked."""

from collections.abc import Iterable

import structlog

from connections.connection import Connection
from connections.framing import deflated, payloads
from connections.outlet import Way

log = structlog.get_logger()


class Audience:
    """Made anew whenever somebody comes or goes, or the way to somebody has closed."""

    __slots__ = ("_groups", "size")

    def __init__(self, connections: Iterable[Connection]) -> None:
        groups: dict[int, tuple[list[Connection], list[Way]]] = {}
        for connection in connections:
            listeners, ways = groups.setdefault(connection.window_bits, ([], []))
            listeners.append(connection)
            ways.append(connection.way)
        self._groups = groups
        self.size = sum(len(ways) for _, ways in groups.values())

    def write(self, data: bytes) -> bool:
        """Whether every way is still the shortest."""
        is_whole = True
        for bits, (listeners, ways) in self._groups.items():
            block = (
                data
                if not bits
                else b"".join(deflated(payload, bits, opcode) for opcode, payload in payloads(data))
            )
            is_whole = _write(block, listeners, ways) and is_whole
        return is_whole


def _write(data: bytes, listeners: list[Connection], ways: list[Way]) -> bool:
    size, is_whole = len(data), True
    for way in ways:  # each object that is touched here is a cache miss for each listener
        try:
            taken = way(data)
        except OSError:  # full or closed
            taken = 0
        except Exception:
            log.exception("write_failed")
            continue
        if taken != size:
            is_whole = False
            _write_rest(listeners[ways.index(way)], data[taken:])
    return is_whole


def _write_rest(connection: Connection, data: bytes) -> None:
    """The kernel didn't take all of it: what waits finds its own way, and what comes later goes the same."""
    try:
        connection.write(data)
    except Exception:
        log.exception("write_failed", connection_id=connection.id)
