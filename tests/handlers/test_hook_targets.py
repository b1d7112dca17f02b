"""Where an outgoing webhook may lead: nothing inside, by no spelling."""

from pathlib import Path

import pytest

from services.hook_deliveries import begins_with
from tests.databases import NewDatabase
from tests.handlers.hooking import new_hook, until
from tests.handlers.town import Town, code
from tests.house import open_house
from tests.target import Target

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://bob:x@e.org/"]
)
async def test_a_url_inside_is_refused_at_once(town: Town, url: str) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)

    answer = await bob.call(
        "POST", f"/channels/{channel}/hooks/outgoing", {"name": "x", "url": url, "events": ["message.posted"]}
    )

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["fields"]) == ["url"]


async def test_a_name_that_leads_inside_is_a_dead_letter_and_nobody_is_called(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    async with (
        Target() as target,
        new_database() as dsn,
        open_house(dsn, tmp_path, hook_retry_seconds=0.01) as house,
    ):
        alice = await house.register("alice")
        channel = await alice.channel()
        port = target.url.rpartition(":")[2]
        await new_hook(alice, channel, f"http://2130706433:{port}/")
        await alice.say(channel, "one")
        await until(alice, channel, failed=True)
        body = {"name": "x", "url": target.url, "events": ["message.posted"]}
        refused = await alice.call("POST", f"/channels/{channel}/hooks/outgoing", body)

    assert target.heard == []
    assert code(refused) == (422, "invalid")


async def test_a_trigger_is_a_whole_first_word_in_any_case() -> None:
    assert begins_with("  DEPLOY now", ["deploy"])
    assert not begins_with("deployed", ["deploy"])
    assert not begins_with(" ", ["deploy"])
