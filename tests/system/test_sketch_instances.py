"""Sketches at two instances, with Redis and with Redis frozen: drawn in order, and closed to who is removed."""

import time

from tests.house import PASSWORD, House, Person
from tests.sketcher import sketching
from tests.system.test_yjs_clients import new_sketch


async def test_what_is_drawn_at_one_is_seen_at_the_other(
    twins: tuple[Person, Person], patience: float
) -> None:
    here, there = twins
    sketch = await new_sketch(here)
    async with sketching(here, sketch) as hers, sketching(there, sketch) as his:
        began = time.monotonic()
        for stroke in range(20):
            await hers.draw(f"h{stroke}")
            await his.draw(f"t{stroke}")
        everything = [f"{side}{stroke}" for side in "ht" for stroke in range(20)]
        await hers.sees(*everything)
        await his.sees(*everything)

        assert time.monotonic() - began < patience
        assert hers.pen.scene() == his.pen.scene()


async def test_who_is_removed_at_one_is_sent_away_at_the_other(
    houses: tuple[House, House], twins: tuple[Person, Person], patience: float
) -> None:
    here, _ = twins
    bob = await houses[1].register("bob")
    sketch = await new_sketch(here)
    channel = (await here.get(f"/sketches/{sketch}"))["channel_id"]
    await bob.post(f"/channels/{channel}/join")
    async with sketching(bob, sketch) as his:
        began = time.monotonic()
        await here.call("DELETE", f"/channels/{channel}/members/{bob.id}")

        assert await his.closed() == 4502
    assert time.monotonic() - began < patience


async def test_a_session_that_ends_at_one_is_closed_at_the_other(
    houses: tuple[House, House], twins: tuple[Person, Person], patience: float
) -> None:
    here, _ = twins
    visitor = houses[1].person(await here.post("/auth/login", {"username": "alice", "password": PASSWORD}))
    sketch = await new_sketch(here)
    async with sketching(visitor, sketch) as hers:
        began = time.monotonic()
        await here.post("/auth/revoke", {"session_id": visitor.session["session_id"]})

        assert await hers.closed() == 4500
    assert time.monotonic() - began < patience


async def test_states_are_seen_at_the_other_while_there_is_a_bus(twins: tuple[Person, Person]) -> None:
    here, there = twins
    sketch = await new_sketch(here)
    async with sketching(there, sketch) as his:
        async with sketching(here, sketch) as hers:
            client = hers.pen.doc.client_id
            await hers.say({"cursor": [1, 2]}, 1)
            await his.until(lambda: client in his.states)
            async with sketching(there, sketch) as later:
                await later.until(lambda: client in later.states)
        await his.until(lambda: his.states[client] is None)


async def test_a_slow_reader_gets_everything_and_holds_up_nobody(twins: tuple[Person, Person]) -> None:
    here, there = twins
    sketch = await new_sketch(here)
    large = {"kind": "stroke", "points": bytes(30_001)}
    async with sketching(here, sketch) as hers, sketching(there, sketch) as his:
        his.websocket.transport.pause_reading()
        for stroke in range(300):
            await hers.give(hers.pen.draw(f"s{stroke}", large))
            if stroke % 10 == 9:
                await hers.all_saved()
        assert len(his.pen.el) < 300
        his.websocket.transport.resume_reading()
        await his.sees(*(f"s{stroke}" for stroke in range(300)))
        await hers.draw("live again")
        await his.sees("live again")

        assert his.pen.scene() == hers.pen.scene()
