"""A socket that reads slowly is brought up from the log in pieces, and holds little of it at a time."""

from connections.topic import PIECE_BYTES
from models.facts import Entry
from tests.connections.stage import TOPIC, Listener, Stage, open_stage
from tests.impatient import impatient


def fill(stage: Stage, count: int, size: int) -> None:
    stage.log.entries[TOPIC] = [Entry(seq, b"%0*d" % (size, seq), "") for seq in range(1, count + 1)]


class Crawler(Listener):
    """Its buffer is full as soon as anything is in it."""

    held = 0

    def write(self, frames: bytes) -> None:
        super().write(frames)
        self.held = len(frames)
        self.pause()


@impatient
async def test_a_slow_reader_is_given_one_piece_whenever_its_buffer_has_drained() -> None:
    async with open_stage() as stage:
        fill(stage, 200, 8_000)
        crawler = Crawler(stage, stage.listener().user)
        await crawler.subscribe(after=0, answers=False)

        most = 0
        while crawler.heard[-1:] != [200]:
            await stage.settle()
            most = max(most, crawler.held)
            crawler.resume()

    assert crawler.heard == list(range(1, 201))
    assert most < PIECE_BYTES + 10_000


@impatient
async def test_large_facts_are_read_in_small_pages_and_small_ones_in_large() -> None:
    async with open_stage() as stage:
        fill(stage, 1_000, 8_000)
        reader = stage.listener()
        await reader.subscribe(after=0, answers=False)
        await stage.settle()
        large = len(stage.log.reads)
        assert reader.heard == list(range(1, 1_001))

        fill(stage, 2_000, 100)
        other = stage.listener()
        await other.subscribe(after=1_000, answers=False)
        await stage.settle()

    assert large > 100
    assert len(stage.log.reads) - large < 20
