"""What push services answer, what notices hold, and what is counted of them."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.databases import NewDatabase
from tests.device import Push, answers, subscribe, until
from tests.handlers.pushing import OPEN, rest, told
from tests.handlers.town import Town, open_town

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One whose push services may be on this machine."""
    async with (
        new_database() as dsn,
        open_town(dsn, tmp_path_factory.mktemp("town"), **OPEN) as opened,
    ):
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def push() -> AsyncIterator[Push]:
    async with Push() as opened:
        yield opened


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_is_gone_is_forgotten(town: Town, push: Push, status: int) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    await subscribe(carol, device)
    push.answer = answers(status)
    await bob.say(direct, "one")

    async def is_forgotten() -> bool:
        return not (await carol.get("/push/subscriptions"))["items"]

    await until(10, is_forgotten)
    await bob.say(direct, "two")
    await rest(town.dsn)

    assert len(push.heard) == 1


@pytest.mark.parametrize(("status", "tries"), [(500, 8), (400, 1), (301, 1)])
async def test_a_push_service_that_fails_is_tried_again_and_given_up(
    town: Town, push: Push, status: int, tries: int
) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    await subscribe(carol, device)
    push.answer = answers(status, Location="http://127.0.0.1:9/")
    await bob.say(direct, "one")
    await push.count(tries, 20)
    await rest(town.dsn)
    push.answer = answers(201)
    await bob.say(direct, "two")
    await told(push, device, tries + 1)

    assert len(push.heard) == tries + 1


async def test_a_device_that_wants_no_text_is_sent_none(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    await subscribe(carol, device, shows_text=False)

    await bob.say(direct, "a sekrit")

    (notice,) = await told(push, device)
    assert (notice["title"], notice["body"]) == (bob.name, "New message")


async def test_what_programs_post_is_told_and_answers_of_models_are_not(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    channel = await town.room(bob, carol)
    await subscribe(carol, device)
    hook = await bob.post(f"/channels/{channel}/hooks/incoming", {"name": "builds"})
    path = hook["url"].removeprefix(town.house.url)
    answer = await town.nobody.post(f"{town.house.url}{path}", json={"text": f"red again @{carol.name}"})

    (notice,) = await told(push, device)
    assert answer.text == "ok"
    assert notice["title"].startswith("builds in #")


async def test_metrics_say_what_became_of_them(town: Town, push: Push) -> None:
    bob, carol, device = await town.newcomer(), await town.newcomer("carol"), push.device("carol")
    direct = (await bob.post("/direct", {"user_ids": [carol.id]}))["id"]
    await subscribe(carol, device)

    async def sent() -> float:
        shown = (await town.nobody.get(f"{town.house.url}/metrics")).text
        (line,) = [
            one for one in shown.splitlines() if one.startswith('chalkline_pushes_total{outcome="sent"}')
        ]
        return float(line.rpartition(" ")[2])

    before = await sent()
    await bob.say(direct, "one")
    await told(push, device)
    await rest(town.dsn)

    assert await sent() == before + 1
