"""Drawing together: what one draws the others see and the disk has, and only who may."""

import asyncio
import contextlib

import httpx
import pytest
from pycrdt import Text

from models import yjs
from tests.corpus import MESSAGES
from tests.handlers.town import Town
from tests.house import Person
from tests.sketcher import Sketcher, sketching
from tests.yjs import NULL, Pen, block, struct, update_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def sketch_of(owner: Person, channel: int, **more: object) -> int:
    made = await owner.post(f"/channels/{channel}/sketches", {"title": "plan", **more})
    return int(made["id"])


async def studio(town: Town) -> tuple[Person, Person, int, int]:
    """Two people in a channel, and a sketch in it."""
    alice, bob = await town.newcomer("alice"), await town.newcomer("bob")
    channel = await town.room(alice, bob)
    return alice, bob, channel, await sketch_of(alice, channel)


async def test_what_one_draws_the_other_sees_and_the_next_one_finds(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    async with sketching(alice, sketch) as hers, sketching(bob, sketch) as his:
        await hers.draw("a")
        await his.sees("a")
        await his.draw("b")
        await hers.sees("b")
        await hers.all_saved()
        await his.all_saved()

    async with sketching(bob, sketch) as later:
        assert later.pen.scene() == hers.pen.scene() == his.pen.scene()


async def test_saved_is_said_when_it_is_on_disk(town: Town) -> None:
    alice, _, _, sketch = await studio(town)
    async with sketching(alice, sketch) as hers:
        for stroke in range(20):
            await hers.draw(f"s{stroke}")
        await hers.all_saved()

        rows = await town.rows()

    assert hers.saved == hers.sent
    assert rows["sketch_updates"] >= 1


async def test_edits_made_offline_are_merged(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    pen = Pen()
    async with sketching(alice, sketch, pen) as hers:
        await hers.draw("before")
        await hers.all_saved()
    pen.draw("offline")
    async with sketching(bob, sketch) as his:
        await his.draw("meanwhile")
        async with sketching(alice, sketch, pen) as hers:
            await his.sees("before", "meanwhile", "offline")

            assert hers.pen.scene() == his.pen.scene()


async def test_a_mistake_is_taken_back_and_told(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    async with sketching(alice, sketch) as hers, sketching(bob, sketch) as his:
        await hers.draw("good")
        await hers.give(hers.pen.draw("bad", {"kind": "stroke", "onclick": "x"}))
        await hers.until(lambda: "bad" not in hers.pen.el)
        await his.sees("good")

        assert hers.notices[0]["code"] == "taken_back"
        assert hers.notices[0]["key"] == "bad"
        assert "bad" not in his.pen.el


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
async def test_a_broken_message_ends_its_sender_alone(town: Town, message: bytes) -> None:
    alice, bob, _, sketch = await studio(town)
    async with sketching(alice, sketch) as hers, sketching(bob, sketch) as his:
        before = await town.rows()
        await his.send(message)

        assert await his.closed() == 4501
        assert await town.rows() == before
        await hers.draw("after")
        await hers.all_saved()


async def test_64_megabytes_end_their_sender_before_they_are_read(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    async with sketching(alice, sketch) as hers:
        with contextlib.suppress(
            AttributeError
        ):  # asyncio's, where a transport is aborted that is gone already
            async with sketching(bob, sketch) as his:
                sending = asyncio.create_task(his.send(yjs.sync_update(bytes(64 * 2**20))))

                assert await his.closed() in (1009, 1006)
                await asyncio.gather(sending, return_exceptions=True)
        await hers.draw("after")
        await hers.all_saved()


async def test_an_update_with_a_gap_is_not_drawn_but_asked_for(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    async with sketching(alice, sketch) as hers, sketching(bob, sketch) as his:
        hers.pen.draw("lost on the way")
        await hers.give(hers.pen.draw("b"))
        await his.sees("lost on the way", "b")

        assert his.pen.scene() == hers.pen.scene()


async def test_who_keeps_sending_gaps_is_sent_away(town: Town) -> None:
    alice, _, _, sketch = await studio(town)
    async with sketching(alice, sketch) as hers:
        for clock in range(5, 12):
            await hers.send(yjs.sync_update(update_of(block(77, clock, struct(NULL, key=f"k{clock}")))))

        assert await hers.closed() == 4501


async def test_the_document_of_another_epoch_is_refused(town: Town) -> None:
    alice, _, _, sketch = await studio(town)
    epoch = (await alice.get(f"/sketches/{sketch}"))["epoch"]

    async with sketching(alice, sketch, query=f"?epoch={epoch}") as right:
        await right.draw("a")
        await right.sees("a")
    async with sketching(alice, sketch, query="?epoch=another.1") as wrong:
        assert await wrong.closed() == 4503


async def test_states_pass_and_end_with_their_socket(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    async with sketching(bob, sketch) as his:
        async with sketching(alice, sketch) as hers:
            client = hers.pen.doc.client_id
            await hers.say({"cursor": [1, 2], "user": {"name": "Mallory"}}, 1)
            await his.until(lambda: client in his.states)

            assert his.states[client]["cursor"] == [1, 2]
            assert his.states[client]["user"]["id"] == alice.id
        await his.until(lambda: his.states[client] is None)


async def test_nobody_speaks_for_somebody_else(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    async with sketching(alice, sketch) as hers, sketching(bob, sketch) as his:
        client = hers.pen.doc.client_id
        await hers.say({"n": 1}, 1)
        await his.until(lambda: client in his.states)
        await his.say({"n": "forged"}, 99, client)
        await his.say("null", 100, client)
        await hers.say({"n": 2}, 2)
        await his.until(lambda: his.states[client]["n"] == 2)

        await his.send(b"\x03")
        await his.say({"n": "x" * 5000}, 1)
        await his.until(lambda: bool(his.notices))
        assert his.notices[-1]["code"] == "invalid"


async def test_who_is_removed_is_sent_away_and_draws_no_more(town: Town) -> None:
    alice, bob, channel, sketch = await studio(town)
    async with sketching(bob, sketch) as his:
        await alice.call("DELETE", f"/channels/{channel}/members/{bob.id}")

        assert await his.closed() == 4502
    assert (await bob.call("GET", f"/sketches/{sketch}")).status_code in (403, 404)


async def test_a_session_that_ends_takes_its_sketches_along(town: Town) -> None:
    alice, _, _, sketch = await studio(town)
    visitor = await town.again(alice)
    async with sketching(visitor, sketch) as hers:
        await alice.post("/auth/revoke", {"session_id": visitor.session["session_id"]})

        assert await hers.closed() == 4500


async def test_a_deleted_sketch_sends_everyone_away(town: Town) -> None:
    alice, bob, channel, sketch = await studio(town)
    other = await sketch_of(bob, channel)
    async with sketching(bob, sketch) as his, sketching(bob, other) as elsewhere:
        await alice.call("DELETE", f"/sketches/{sketch}")

        assert await his.closed() == 4502
        await elsewhere.draw("still here")
        await elsewhere.all_saved()


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a member of another channel"])
async def test_a_socket_is_refused_before_it_is_one(town: Town, who: str) -> None:
    alice, _, _, sketch = await studio(town)
    private = await sketch_of(alice, await town.room(alice, visibility="private"))
    mallory = await town.newcomer("mallory")
    headers = {} if who == "nobody" else {"Authorization": f"Bearer {mallory.token}"}
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip

    async with httpx.AsyncClient(base_url=alice.url) as http:
        shown = await http.get(f"/ws/sketches/{sketch}", headers={**headers, **upgrade})
        hidden = await http.get(f"/ws/sketches/{private}", headers={**headers, **upgrade})
        nothing = await http.get("/ws/sketches/999999", headers={**headers, **upgrade})

    wanted = (401, 401, 401) if who == "nobody" else (403, 404, 404)
    assert (shown.status_code, hidden.status_code, nothing.status_code) == wanted


async def test_who_follows_a_link_sees_and_does_not_draw_until_it_is_revoked(town: Town) -> None:
    alice, _, _, sketch = await studio(town)
    link = await alice.post(f"/sketches/{sketch}/links")
    listed = (await alice.get(f"/sketches/{sketch}/links"))["items"]
    assert [(one["id"], one["token"]) for one in listed] == [(link["id"], None)]
    async with sketching(alice, sketch) as hers, sketching(link["token"], sketch, url=alice.url) as guest:
        await hers.draw("a")
        await guest.sees("a")
        await guest.say({"draft": "graffiti"}, 1)
        await guest.draw("graffiti")
        await guest.until(lambda: bool(guest.notices))
        await hers.draw("b")
        await guest.sees("b")

        assert guest.notices[0]["code"] == "forbidden"
        assert "graffiti" not in hers.pen.el
        assert guest.pen.doc.client_id not in hers.states
        await alice.call("DELETE", f"/sketches/{sketch}/links/{link['id']}")
        assert await guest.closed() == 4502
        await hers.draw("c")
        await hers.all_saved()
    async with httpx.AsyncClient(base_url=alice.url) as http:
        answer = await http.get(f"/ws/sketches/{sketch}", headers={"X-Sketch-Link": link["token"]})
    assert answer.status_code in (404, 426)


async def test_a_generic_document_takes_any_yjs_document_where_the_owner_lets_it_in(town: Town) -> None:
    alice, bob, channel, _ = await studio(town)
    refused = await alice.call("POST", f"/channels/{channel}/sketches", {"title": "x", "profile": "generic"})
    settings = f"/channels/{channel}/sketches/settings"
    assert refused.status_code == 409
    assert (await bob.call("PUT", settings, {"allows_generic": True})).status_code == 403
    assert (await alice.call("PUT", settings, {"allows_generic": True})).status_code == 200
    sketch = await sketch_of(alice, channel, profile="generic")
    async with sketching(alice, sketch) as hers, sketching(bob, sketch) as his:
        await hers.give(update_of(block(5, 0, b"\x04\x01\x01t\x05hello")))
        await his.until(lambda: his.updates > 0)

        assert str(his.pen.doc.get("t", type=Text)) == "hello"


async def test_a_crowd_converges(town: Town) -> None:
    alice, bob, _, sketch = await studio(town)
    everyone: list[Sketcher] = []

    async def scribble(who: Person, name: str) -> None:
        async with sketching(who, sketch) as mine:
            everyone.append(mine)
            for stroke in range(25):
                await mine.draw(f"{name}{stroke}")
                await mine.draw(f"shared{stroke}", color=f"#{stroke:02}{len(name):02}00")
            await mine.all_saved()
            await mine.until(lambda: all(f"{n}{24}" in mine.pen.el for n in "abcd"))
            await mine.until(lambda: len(mine.pen.el) == 125)

    await asyncio.gather(
        *(scribble(who, name) for who, name in zip((alice, bob, alice, bob), "abcd", strict=True))
    )
    async with sketching(alice, sketch) as later:
        for one in everyone:
            one.pen.hear(later.pen.doc.get_update(one.pen.doc.get_state()))

    assert len(later.pen.el) == 125
    assert all(one.pen.scene() == later.pen.scene() for one in everyone)
