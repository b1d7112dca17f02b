"""The numbers that the parts count themselves, read when somebody asks for them."""

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from models.timings import BOUNDS, Timings
from server.parts import Parts


class EngineMetrics(Collector):
    """One instance's connections, posts and bus."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        manager = self._parts.manager
        yield _gauge("connections", "Open sockets", manager.connections)
        yield _gauge("topics", "Topics with listeners here", len(manager.topics()))
        yield _gauge("online", "Users with a socket on any instance", len(manager.online()))
        yield from self._posts()
        yield from self._deliveries()
        yield from self._sketches()
        yield from self._bus()
        yield _histogram(
            "database_wait_seconds", "Until a statement had a connection", self._parts.database.waits
        )

    def _posts(self) -> Iterator[Metric]:
        counts = self._parts.chat.counts
        yield _counter("posts", "Messages committed", counts.posted)
        yield _counter("posts_replayed", "Posts that repeated a client_id", counts.replayed)
        yield _counter("posts_refused", "Posts that were refused", counts.refused)
        yield _counter("commits", "Group commits of posts", counts.commits)
        yield _histogram(
            "ack_seconds", "From a post's frame to its acknowledgement", self._parts.manager.counts.acks
        )

    def _deliveries(self) -> Iterator[Metric]:
        counts = self._parts.manager.counts
        yield _counter("deliveries", "Frames given to listeners", counts.deliveries)
        yield _counter("writes", "Writes that carried them", counts.writes)
        yield _counter("fell_behind", "Times that a socket's buffer was full", counts.behind)
        yield _counter("holes", "Times that missing facts were fetched from the log", counts.holes)
        yield _counter("log_reads", "Pages of logs that were read for sockets", counts.log_reads)
        yield _counter("resumed", "Subscriptions with `after`", counts.resumed)
        yield _counter("resume_refused", "Subscriptions beyond the head of the log", counts.refused)
        yield _counter("too_slow", "Sockets closed with 4000", counts.too_slow)

    def _sketches(self) -> Iterator[Metric]:
        rooms = self._parts.sketches.rooms
        yield _gauge("sketches_open", "Sketches in memory", len(rooms))
        yield _gauge("sketch_bytes", "Memory that they are taken to need", rooms.memory)
        yield _counter("sketch_saves", "Frames of edits saved", rooms.counts.saves)
        yield _counter("sketch_commits", "Group commits of them", rooms.counts.commits)
        yield _counter("sketches_compacted", "Snapshots written", rooms.counts.compacted)
        yield _counter("sketch_quarantined", "Updates that broke the document", rooms.counts.quarantined)

    def _bus(self) -> Iterator[Metric]:
        bus = self._parts.bus
        yield _gauge("bus_up", "Whether facts reach other instances at once", int(bus.is_up))
        yield _counter("bus_losses", "Times that the bus was lost", bus.losses)
        yield _histogram("bus_seconds", "From one instance's publishing to another's hearing", bus.delays)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"chalkline_{name}", words, value)


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(f"chalkline_{name}", words, value)


def _histogram(name: str, words: str, timings: Timings) -> Metric:
    bounds = [*map(str, BOUNDS), "+Inf"]
    buckets = list(zip(bounds, accumulate(timings.counts), strict=True))
    return HistogramMetricFamily(f"chalkline_{name}", words, buckets=buckets, sum_value=timings.total)
