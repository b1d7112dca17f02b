"""An answer that is at work on one instance, watched and stopped on another; and one whose instance is gone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from models import wire
from models.sketches import Altered
from server.embedded_valkey import EmbeddedValkey
from tests.fakes.provider import FakeProvider, Step, begin, close, done, raw, reset, say, stall, until, usage
from tests.handlers.ai.ai_house import Reader, ask, events, open_ai_house, said
from tests.house import Ear, House, Person, visit


@pytest.fixture
async def houses(
    database: str, tmp_path: Path, valkey: EmbeddedValkey, fake: FakeProvider
) -> AsyncIterator[tuple[House, House]]:
    async with (
        open_ai_house(database, tmp_path, fake, redis_url=valkey.url) as here,
        open_ai_house(database, tmp_path, fake, redis_url=valkey.url) as there,
    ):
        yield here, there


async def test_a_stop_at_one_closes_the_provider_of_the_other_within_a_second(
    houses: tuple[House, House], fake: FakeProvider
) -> None:
    here, there = houses
    fake.default = (begin, say("half", finish=None), stall)
    alice = await here.register("alice")
    channel = await alice.channel()
    alice_there = await visit(alice, there)
    async with alice_there.listen(f"/ws/channels/{channel}") as ear:
        asked = await alice_ask(alice, channel)
        await ear.next("ai.delta")

        began = time.monotonic()
        answer = await alice_there.call("POST", f"/ai/runs/{asked}/stop")
        await fake.all_closed(1.0)

        finished = await ear.next("ai.finished")

    assert answer.status_code == 202
    assert time.monotonic() - began < 2.0
    assert finished["message"]["ai"]["status"] == "stopped"
    assert finished["message"]["text"] == "half"


async def test_whoever_comes_late_at_the_other_has_the_same_text_byte_for_byte(
    houses: tuple[House, House], fake: FakeProvider
) -> None:
    here, there = houses
    go_on = asyncio.Event()
    fake.default = (
        begin,
        say("early ", "words ", "ä🖍️ ", finish=None),
        until(go_on),
        say("late"),
        usage(),
        done,
    )
    alice = await here.register("alice")
    channel = await alice.channel()
    alice_there = await visit(alice, there)
    asked = await alice_ask(alice, channel)
    async with alice_there.listen(f"/ws/channels/{channel}?after=0") as ear:
        late = Reader()
        async with asyncio.timeout(5):
            while late.text != "early words ä🖍️ ":
                frame = await ear.next()
                if frame["type"] != "ai.delta" or frame["offset"] <= len(late.text):
                    late.hear(frame)
        watching = asyncio.create_task(events(alice_there, "GET", f"/ai/runs/{asked}/stream"))
        go_on.set()
        final = await late.read(ear)
        watched = said(await watching)

    assert final == late.text == watched == "early words ä🖍️ late"


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (stall, "silent"),
        (reset, "lost"),
        (close, "broke off"),
        (raw(b"\x00\xff garbage\n"), "no answer"),
        (raw(b'data: {"choices":[{"delta":{"content":42}}]}\n\n'), "no answer"),
    ],
)
async def test_a_provider_that_breaks_off_leaves_one_text_to_everybody_and_no_open_line(
    houses: tuple[House, House], fake: FakeProvider, end: Step, why: str
) -> None:
    here, there = houses
    may_break = asyncio.Event()
    fake.default = (begin, say("half of ", "it 🖍️", finish=None), until(may_break), end)
    alice = await here.register("alice")
    channel = await alice.channel()
    people = [alice, await visit(alice, there)]
    readers = [Reader(), Reader()]
    async with (
        people[0].listen(f"/ws/channels/{channel}") as ear,
        people[1].listen(f"/ws/channels/{channel}") as other,
    ):
        run = await alice_ask(alice, channel)
        watching = asyncio.create_task(events(people[1], "GET", f"/ai/runs/{run}/stream"))
        for reader, one in zip(readers, (ear, other), strict=True):
            while reader.text != "half of it 🖍️":
                reader.hear(await one.next())
        may_break.set()
        finals = [await reader.read(one) for reader, one in zip(readers, (ear, other), strict=True)]
        *_, (name, ended, _) = await watching
        if end is not close:  # as HTTP has it, that response was whole: its line serves the next ask
            await fake.all_closed(1.0)

    message = readers[1].finished["message"]
    assert {*finals, message["text"], ended["message"]["text"]} == {"half of it 🖍️"}
    assert (message["ai"]["status"], name) == ("failed", "error")
    assert why in message["ai"]["detail"]
    assert ended["message"] == await people[0].get(f"/channels/{channel}/messages/{message['seq']}")
    assert len(fake.asked) == 1


async def test_viewers_who_come_and_go_at_both_have_no_hole_and_one_text(
    houses: tuple[House, House], fake: FakeProvider
) -> None:
    words = [f"word{number} " for number in range(60)]
    fake.default = (begin, say(*words, pause=0.03), usage(), done)
    alice = await houses[0].register("alice")
    channel = await alice.channel()
    people = [alice, await visit(alice, houses[1])]
    finals: list[str] = []

    async def flap(number: int) -> None:
        seen = Flapper()
        while seen.final is None:
            async with people[number % 2].listen(f"/ws/channels/{channel}?after=0") as ear:
                await seen.read_for(ear, 0.1 + 0.13 * (number % 4))
        finals.append(seen.final)

    async with AsyncExitStack() as stack:
        steady = await stack.enter_async_context(people[0].listen(f"/ws/channels/{channel}"))
        await alice_ask(alice, channel)
        async with asyncio.TaskGroup() as tasks:
            for number in range(8):
                tasks.create_task(flap(number))
            reader = Reader()
            finals.append(await reader.read(steady))

    assert set(finals) == {"".join(words)} == {reader.text}


async def test_a_run_whose_instance_is_gone_is_marked_with_what_it_said(
    houses: tuple[House, House], fake: FakeProvider, database: str
) -> None:
    """As if killed: its lease ran out, and nobody else writes."""
    here, there = houses
    alice = await here.register("alice")
    channel = await alice.channel()
    first = await alice.post("/ai/chat", ask(channel))
    sketch = await alice.post(f"/channels/{channel}/sketches", {"title": "Plan"})
    async with (await visit(alice, there)).listen(f"/ws/channels/{channel}") as ear:
        connection = await asyncpg.connect(database)
        await connection.execute(
            "update ai_runs set status = 'running', lease_until = now() - interval '1 s', attempt = attempt + 1"
        )
        await connection.execute(
            "insert into ai_pieces values ($1, 0, 'Hel'), ($1, 3, 'lo')", first["run_id"]
        )
        await connection.execute(
            "insert into ai_drawings (channel_id, run_id, sketch_id, tool, altered) values ($1, $2, $3, 'draw', $4)",
            *(
                channel,
                first["run_id"],
                sketch["id"],
                wire.pack([Altered("el", "a", None, {"kind": "text"})]),
            ),
        )
        await connection.close()
        finished = await ear.next("ai.finished")

    assert finished["message"]["text"] == "Hello"
    assert finished["message"]["ai"]["status"] == "interrupted"
    assert [(one["name"], one["undo"]) for one in finished["message"]["ai"]["tools"]] == [
        ("draw", f"/ai/runs/{first['run_id']}/undo")
    ]
    assert (await alice.post(f"/ai/runs/{first['run_id']}/undo"))["message"]["ai"]["tools"][0]["undone"]


async def alice_ask(person: Person, channel: int) -> int:
    """The id of the run, without waiting for its end."""
    async with person.listen() as ear:
        answered = await ear.ask("ai.ask", **ask(channel))
    return int(answered["run_id"])


class Flapper:
    """Reads for a moment, forgets everything, and comes again: what it has must fit each time."""

    def __init__(self) -> None:
        self.final: str | None = None

    async def read_for(self, ear: Ear, seconds: float) -> None:
        reader = Pieces()
        try:
            async with asyncio.timeout(seconds):
                while reader.final is None:
                    reader.hear(await ear.next())
        except TimeoutError:
            return
        self.final = reader.final


class Pieces:
    """Deltas that may come with a hole, until the prefix fills it: no two may differ where they overlap."""

    def __init__(self) -> None:
        self._letters: dict[int, str] = {}
        self.final: str | None = None

    def hear(self, frame: dict[str, object]) -> None:
        if frame["type"] == "ai.delta":
            for place, letter in enumerate(str(frame["text"]), int(str(frame["offset"]))):
                assert self._letters.setdefault(place, letter) == letter
        elif frame["type"] == "ai.finished":
            message = frame["message"]
            assert isinstance(message, dict)
            self.final = str(message["text"])
            assert all(self.final[place] == letter for place, letter in self._letters.items())
