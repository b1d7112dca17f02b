"""A whole instance whose files are in a bucket; and what it says while the bucket is away."""

from pathlib import Path

from tests.buckets import open_buckets
from tests.handlers.pictures import picture
from tests.handlers.town import code
from tests.handlers.uploading import upload, uploaded
from tests.house import open_house


async def test_files_are_kept_in_a_bucket_and_given_out_in_ranges(database: str, tmp_path: Path) -> None:
    with open_buckets() as url:
        async with open_house(database, tmp_path, files_url=url % "chalkline") as house:
            alice = await house.register("alice")
            channel = await alice.channel()
            file = await uploaded(alice, channel, picture(900, 600), "cat.png")
            await alice.say(channel, "look", attachments=[file["id"]])

            whole = await alice.call("GET", f"/files/{file['id']}")
            piece = await alice.call("GET", f"/files/{file['id']}", headers={"Range": "bytes=10-19"})
            small = await alice.call("GET", f"/files/{file['id']}/thumbnail")

            assert whole.content == picture(900, 600)
            assert (piece.status_code, piece.content) == (206, whole.content[10:20])
            assert small.content.startswith(b"RIFF")
            assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


async def test_while_the_bucket_is_away_files_say_so_and_talk_goes_on(database: str, tmp_path: Path) -> None:
    async with open_house(database, tmp_path, files_url="s3://key:secret@127.0.0.1:9/files?tls=off") as house:
        alice = await house.register("alice")
        channel = await alice.channel()

        answer = await upload(alice, channel)

        assert code(answer) == (503, "unavailable")
        assert "secret" not in answer.text
        assert answer.headers["Retry-After"]
        assert (await alice.say(channel, "still here"))["text"] == "still here"
