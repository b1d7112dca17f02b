"""Files: uploaded, attached to messages, given out, and gone with their messages."""

from pathlib import Path
from typing import Any

import pytest

from tests.handlers.pictures import picture
from tests.handlers.town import code
from tests.handlers.uploading import upload, uploaded
from tests.house import House, Person


async def test_an_image_is_measured_and_told_with_its_message(alice: Person, bob: Person) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    file = await uploaded(alice, channel, picture(40, 30), "a cat.png")
    url = f"/api/v1/files/{file['id']}"
    assert file == {
        "id": file["id"], "name": "a cat.png", "size": len(picture(40, 30)), "type": "image/png", "width": 40,
        "height": 30, "url": url, "thumbnail_url": f"{url}/thumbnail",
    }  # fmt: skip

    async with bob.listen(f"/ws/channels/{channel}") as ear:
        message = await alice.say(channel, "", attachments=[file["id"]])
        fact = await ear.next("message.posted")

    assert message["kind"] == "file"
    assert message["attachments"] == [file]
    assert fact["message"] == message
    assert await bob.get(f"/channels/{channel}/messages/{message['seq']}") == message
    assert (await bob.get(f"/channels/{channel}/events"))["events"][-1] == fact
    assert (await bob.call("GET", f"/files/{file['id']}")).content == picture(40, 30)


async def test_a_socket_posts_files_in_the_order_in_which_it_names_them(alice: Person) -> None:
    channel = await alice.channel()
    files = [await uploaded(alice, channel, f"{n}".encode(), f"{n}.txt") for n in range(3)]
    ids = [file["id"] for file in reversed(files)]

    async with alice.listen() as ear:
        posted = await ear.ask(
            "message.post", channel_id=channel, client_id="a1", text="look", attachments=ids
        )
        again = await ear.ask(
            "message.post", channel_id=channel, client_id="a1", text="look", attachments=ids
        )
        other = await ear.ask("message.post", channel_id=channel, client_id="a1", text="look", attachments=[])

    assert posted["type"] == "ok"
    assert again["seq"] == posted["seq"]
    assert other["code"] == "conflict"
    message = await alice.get(f"/channels/{channel}/messages/{posted['seq']}")
    assert [file["name"] for file in message["attachments"]] == ["2.txt", "1.txt", "0.txt"]


async def test_a_file_goes_into_one_message_of_its_uploader_and_channel(alice: Person, bob: Person) -> None:
    channel, other = await alice.channel(), await alice.channel("other")
    await bob.post(f"/channels/{channel}/join")
    file = await uploaded(alice, channel)

    async def tried(who: Person, where: int, *ids: str) -> tuple[int, str]:
        body = {"client_id": "c1", "text": "x", "attachments": ids}
        return code(await who.call("POST", f"/channels/{where}/messages", body))

    assert await tried(bob, channel, file["id"]) == (404, "not_found")
    assert await tried(alice, other, file["id"]) == (404, "not_found")
    assert await tried(alice, channel, file["id"], "nothing") == (404, "not_found")
    assert await tried(alice, channel, file["id"], file["id"]) == (422, "invalid")
    await alice.say(channel, "x", attachments=[file["id"]])
    assert await tried(alice, channel, file["id"]) == (404, "not_found")
    async with alice.listen(f"/ws/channels/{channel}") as ear:
        fresh = (await uploaded(alice, channel))["id"]
        for n in range(2):
            await ear.send("message.post", ref=f"{n}", client_id=f"same{n}", text="x", attachments=[fresh])
        answers: dict[str, Any] = {}
        while not {"0", "1"} <= answers.keys():
            frame = await ear.frame()
            answers[frame.get("ref")] = frame
    assert answers["0"]["type"] == "ok"
    assert answers["1"]["code"] == "not_found"


async def test_a_message_without_text_or_file_says_nothing(alice: Person) -> None:
    channel = await alice.channel()

    answer = await alice.call("POST", f"/channels/{channel}/messages", {"client_id": "c", "text": ""})

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["fields"]) == ["text"]


async def test_before_it_is_posted_a_file_is_its_uploaders_alone(alice: Person, bob: Person) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    file = await uploaded(alice, channel, picture())
    paths = [f"/files/{file['id']}", f"/files/{file['id']}/thumbnail"]

    for path in paths:
        assert (await alice.call("GET", path)).status_code == 200
        assert code(await bob.call("GET", path)) == (404, "not_found")
    assert code(await bob.call("DELETE", paths[0])) == (404, "not_found")
    await alice.say(channel, "here", attachments=[file["id"]])

    for path in paths:
        assert (await bob.call("GET", path)).status_code == 200
    assert code(await alice.call("DELETE", paths[0])) == (409, "conflict")


async def test_who_is_removed_reads_no_file_any_more(alice: Person, bob: Person) -> None:
    channel = await alice.channel()
    await bob.post(f"/channels/{channel}/join")
    hers, his = await uploaded(alice, channel), await uploaded(bob, channel)
    await alice.say(channel, "hers", attachments=[hers["id"]])
    await bob.say(channel, "his", attachments=[his["id"]])
    waiting = await uploaded(bob, channel)
    assert (await bob.call("GET", f"/files/{hers['id']}")).status_code == 200

    await alice.call("DELETE", f"/channels/{channel}/members/{bob.id}")

    for file in (hers, his, waiting):
        assert code(await bob.call("GET", f"/files/{file['id']}")) == (404, "not_found")
    assert code(await upload(bob, channel)) == (403, "forbidden")


async def test_a_deleted_message_takes_its_files_along(alice: Person) -> None:
    channel = await alice.channel()
    file = await uploaded(alice, channel)
    message = await alice.say(channel, "see", attachments=[file["id"]])
    assert (await alice.get("/search", q="has:file"))["items"]

    await alice.call("DELETE", f"/channels/{channel}/messages/{message['seq']}")

    assert code(await alice.call("GET", f"/files/{file['id']}")) == (404, "not_found")
    assert (await alice.get(f"/channels/{channel}/messages/{message['seq']}"))["attachments"] == []
    assert not (await alice.get("/search", q="has:file"))["items"]


async def test_an_edit_may_leave_files_out_and_add_none(alice: Person) -> None:
    channel = await alice.channel()
    first, second = await uploaded(alice, channel, b"1"), await uploaded(alice, channel, b"2")
    message = await alice.say(channel, "", attachments=[first["id"], second["id"]])
    path = f"/channels/{channel}/messages/{message['seq']}"

    async def edit(**body: Any) -> Any:
        return await alice.call("PATCH", path, body)

    assert (await edit(text="both")).json()["attachments"] == [first, second]
    third = await uploaded(alice, channel)
    assert code(await edit(text="x", attachments=[third["id"]])) == (404, "not_found")
    edited = (await edit(text="both", attachments=[second["id"]])).json()
    assert edited["attachments"] == [second]
    assert code(await alice.call("GET", f"/files/{first['id']}")) == (404, "not_found")
    assert code(await edit(text="", attachments=[])) == (422, "invalid")
    assert (await edit(text="", attachments=[second["id"]])).json()["text"] == ""
    bare = (await edit(text="words", attachments=[])).json()
    assert (bare["kind"], bare["attachments"]) == ("text", [])
    assert not (await alice.get("/search", q="has:file"))["items"]


async def test_the_same_bytes_are_kept_once(house: House, alice: Person, tmp_path: Path) -> None:
    channel = await alice.channel()

    for name in ("one.txt", "two.txt"):
        await uploaded(alice, channel, b"the same", name)

    kept = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [b"the same"]


async def test_an_upload_is_taken_back(alice: Person) -> None:
    channel = await alice.channel()
    file = await uploaded(alice, channel)

    assert (await alice.call("DELETE", f"/files/{file['id']}")).status_code == 204

    assert code(await alice.call("DELETE", f"/files/{file['id']}")) == (404, "not_found")
    posting = {"client_id": "c", "text": "x", "attachments": [file["id"]]}
    assert code(await alice.call("POST", f"/channels/{channel}/messages", posting)) == (404, "not_found")


@pytest.mark.parametrize(
    "asked", ["bytes=0-3", "bytes=4-", "bytes=-2", "bytes=2-2", "bytes=0-999", "Bytes = 0-3"]
)
async def test_a_range_is_those_bytes(alice: Person, asked: str) -> None:
    channel = await alice.channel()
    file = await uploaded(alice, channel, b"0123456789")
    begin, end = {"0-3": (0, 4), "4-": (4, 10), "-2": (8, 10), "2-2": (2, 3), "0-999": (0, 10)}[
        asked.partition("=")[2].strip()
    ]

    answer = await alice.call("GET", f"/files/{file['id']}", headers={"Range": asked})

    assert answer.status_code == 206
    assert answer.content == b"0123456789"[begin:end]
    assert answer.headers["Content-Range"] == f"bytes {begin}-{end - 1}/10"


async def test_ranges_that_make_no_sense_get_the_whole_and_those_beyond_it_nothing(alice: Person) -> None:
    file = await uploaded(alice, await alice.channel(), b"0123456789")
    path = f"/files/{file['id']}"
    whole = await alice.call("GET", path)

    async def asked(value: str, **more: str) -> tuple[int, bytes]:
        answer = await alice.call("GET", path, headers={"Range": value, **more})
        return answer.status_code, answer.content

    for value in ("bytes=-", "bytes=3-1", "bytes=0-1,3-4", "lines=1-2", "bytes=x-", "bytes"):
        assert await asked(value) == (200, b"0123456789"), value
    assert await asked("bytes=0-1", **{"If-Range": '"other"'}) == (200, b"0123456789")
    assert await asked("bytes=0-1", **{"If-Range": whole.headers["ETag"]}) == (206, b"01")
    for value in ("bytes=10-", "bytes=-0", "bytes=" + ",".join(["0-1"] * 9), "bytes=" + "0-1," * 3000):
        beyond = await alice.call("GET", path, headers={"Range": value})
        assert code(beyond) == (416, "bad_range"), value
        assert beyond.headers["Content-Range"] == "bytes */10"


async def test_what_did_not_change_is_not_sent_again(alice: Person) -> None:
    file = await uploaded(alice, await alice.channel(), picture())
    for path in (f"/files/{file['id']}", f"/files/{file['id']}/thumbnail"):
        first = await alice.call("GET", path)

        again = await alice.call("GET", path, headers={"If-None-Match": f'"x", {first.headers["ETag"]}'})

        assert (again.status_code, again.content) == (304, b"")
        assert first.headers["Cache-Control"] == "private, no-cache"


async def test_a_head_has_the_length_and_no_bytes(alice: Person) -> None:
    file = await uploaded(alice, await alice.channel(), b"0123456789")

    answer = await alice.call("HEAD", f"/files/{file['id']}")

    assert (answer.status_code, answer.headers["Content-Length"], answer.content) == (200, "10", b"")


async def test_a_file_that_others_must_not_see_is_as_one_that_is_not_there(
    alice: Person, mallory: Person
) -> None:
    channel = await alice.channel(visibility="private")
    file = await uploaded(alice, channel, picture())
    await alice.say(channel, "secret", attachments=[file["id"]])

    for path in ("/files/{}", "/files/{}/thumbnail"):
        for method in ("GET", "HEAD"):
            theirs = await mallory.call(method, path.format(file["id"]))
            never = await mallory.call(method, path.format("nothing"))
            assert theirs.status_code == never.status_code == 404
            own = [answer.text.replace(answer.headers["X-Request-ID"], "") for answer in (theirs, never)]
            assert own[0] == own[1]
    assert code(await mallory.call("DELETE", f"/files/{file['id']}")) == (404, "not_found")
    assert code(await upload(mallory, channel)) == (404, "not_found")
