"""Everyone is sent away before a stop: each told when, and closed then."""

import asyncio

from connections.manager import DRAIN_SECONDS, RESTARTING, STEP_SECONDS
from tests.connections.stage import TOPIC, Listener, Stage, open_stage
from tests.impatient import impatient


async def closings(stage: Stage, listeners: list[Listener]) -> tuple[list[float], float]:
    """After how many seconds each is closed, and when all was over."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    closed: dict[Listener, float] = {}
    for listener in listeners:
        listener.closed = lambda one=listener: closed.setdefault(one, loop.time() - began)  # type: ignore[misc]

    await stage.manager.drain(lambda seconds: b"%d" % round(seconds * 1000))

    return [closed[listener] for listener in listeners], loop.time() - began


@impatient
async def test_each_socket_is_closed_at_the_very_time_it_was_told() -> None:
    async with open_stage() as stage:
        listeners = [stage.listener() for _ in range(400)]

        seconds, _ = await closings(stage, listeners)

        assert [round(after * 1000) for after in seconds] == [listener.heard[0] for listener in listeners]
        assert {listener.code for listener in listeners} == {RESTARTING}


@impatient
async def test_the_times_are_spread_evenly_over_all_there_is() -> None:
    async with open_stage() as stage:
        listeners = [stage.listener() for _ in range(600)]

        seconds, over = await closings(stage, listeners)

        a_second = [sum(int(after) == second for after in seconds) for second in range(int(DRAIN_SECONDS))]
        assert a_second == [100] * int(DRAIN_SECONDS)
        assert over <= DRAIN_SECONDS


@impatient
async def test_a_few_sockets_hold_up_a_stop_for_a_moment_only() -> None:
    async with open_stage() as stage:
        _, over = await closings(stage, [stage.listener(), stage.listener()])

        assert over == 2 * STEP_SECONDS


@impatient
async def test_who_has_not_been_sent_away_yet_hears_on() -> None:
    async with open_stage() as stage:
        listeners = [stage.listener() for _ in range(10)]
        for listener in listeners:
            await listener.subscribe()
        draining = asyncio.create_task(closings(stage, listeners))
        await asyncio.sleep(2.25 * STEP_SECONDS)

        stage.say()
        await draining

        assert sum(1 in listener.heard[1:] for listener in listeners) == 10 - 3


@impatient
async def test_who_leaves_before_its_time_is_forgotten_at_once() -> None:
    async with open_stage() as stage:
        alice, bob = stage.listener(), stage.listener()
        draining = asyncio.create_task(stage.manager.drain(lambda _: b"0"))
        await asyncio.sleep(STEP_SECONDS / 2)
        leaver = alice if alice.code is None else bob

        leaver.vanish()
        await draining

        assert stage.manager.connections == 0
        assert TOPIC not in stage.manager.topics()
