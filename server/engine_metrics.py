"""The numbers that the parts count themselves, read when somebody asks for them."""

from collections.abc import Iterator

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from server.ai_metrics import ai_metrics
from server.metric_families import counter, counters, gauge, histogram
from server.parts import Parts
from services.push_deliveries import OUTCOMES


class EngineMetrics(Collector):
    """One instance's connections, posts and bus."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        manager = self._parts.manager
        yield gauge("connections", "Open sockets", manager.connections)
        yield gauge("topics", "Topics with listeners here", len(manager.topics()))
        yield gauge("online", "Users with a socket on any instance", len(manager.online()))
        yield from self._posts()
        yield from self._deliveries()
        yield from self._sketches()
        yield from ai_metrics(self._parts.ai)
        yield from self._files()
        yield from self._push()
        yield from self._bus()
        yield histogram(
            "database_wait_seconds", "Until a statement had a connection", self._parts.database.waits
        )

    def _posts(self) -> Iterator[Metric]:
        counts = self._parts.chat.counts
        yield counter("posts", "Messages committed", counts.posted)
        yield counter("posts_replayed", "Posts that repeated a client_id", counts.replayed)
        yield counter("posts_refused", "Posts that were refused", counts.refused)
        yield counter("commits", "Group commits of posts", counts.commits)
        yield histogram(
            "ack_seconds", "From a post's frame to its acknowledgement", self._parts.manager.counts.acks
        )

    def _deliveries(self) -> Iterator[Metric]:
        counts = self._parts.manager.counts
        yield counter("deliveries", "Frames given to listeners", counts.deliveries)
        yield counter("writes", "Writes that carried them", counts.writes)
        yield counter("fell_behind", "Times that a socket's buffer was full", counts.behind)
        yield counter("holes", "Times that missing facts were fetched from the log", counts.holes)
        yield counter("log_reads", "Pages of logs that were read for sockets", counts.log_reads)
        yield counter("resumed", "Subscriptions with `after`", counts.resumed)
        yield counter("resume_refused", "Subscriptions beyond the head of the log", counts.refused)
        yield counter("too_slow", "Sockets closed with 4000", counts.too_slow)

    def _sketches(self) -> Iterator[Metric]:
        rooms = self._parts.sketches.rooms
        yield gauge("sketches_open", "Sketches in memory", len(rooms))
        yield gauge("sketch_bytes", "Memory that they are taken to need", rooms.memory)
        yield counter("sketch_saves", "Frames of edits saved", rooms.counts.saves)
        yield counter("sketch_commits", "Group commits of them", rooms.counts.commits)
        yield counter("sketches_compacted", "Snapshots written", rooms.counts.compacted)
        yield counter("sketch_quarantined", "Updates that broke the document", rooms.counts.quarantined)

    def _files(self) -> Iterator[Metric]:
        counts = self._parts.files.service.counts
        yield counter("files_uploaded", "Files taken in", counts.uploaded)
        yield counter("file_bytes_uploaded", "Bytes of them", counts.uploaded_bytes)
        yield counter("uploads_refused", "Uploads that were refused or broken off", counts.refused)
        yield counter("files_swept", "Files and bytes that nobody could reach, deleted", counts.swept)

    def _push(self) -> Iterator[Metric]:
        counts = self._parts.push.counts
        outcomes = {outcome: counts.outcomes[outcome] for outcome in OUTCOMES}
        yield counters("pushes", "Notices to devices, by what became of them", "outcome", outcomes)
        yield histogram("push_seconds", "From a message to its notice's being taken", counts.delays)

    def _bus(self) -> Iterator[Metric]:
        bus = self._parts.bus
        yield gauge("bus_up", "Whether facts reach other instances at once", int(bus.is_up))
        yield counter("bus_losses", "Times that the bus was lost", bus.losses)
        yield histogram("bus_seconds", "From one instance's publishing to another's hearing", bus.delays)
