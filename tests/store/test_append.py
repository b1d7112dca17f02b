"""What the log says to a post, one by one: posted, replayed or refused, and nothing in between."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.chat import Appended, Draft
from models.ids import ChannelId, Seq, UserId
from tests.store.shelf import Shelf, draft, outcomes


async def test_posts_take_the_next_seqs_in_the_order_of_the_batch(shelf: Shelf, alice: UserId) -> None:
    general = await shelf.channel(alice)

    rows = await shelf.chat.append([draft(general, alice, f"c{n}", f"text {n}") for n in range(5)])

    assert outcomes(rows) == ["posted"] * 5
    assert [row.seq for row in rows] == [2, 3, 4, 5, 6]
    stored = await shelf.chat.after(general, 0, None, 10)
    assert [(one.seq, one.text) for one in stored] == [(n + 2, f"text {n}") for n in range(5)]
    assert [one.created_at for one in stored] == [row.created_at for row in rows]


async def test_a_batch_numbers_each_channel_by_itself(shelf: Shelf, alice: UserId) -> None:
    one, two = await shelf.channel(alice), await shelf.channel(alice)
    channels = [two, one, two, two, one]

    rows = await shelf.chat.append([draft(channel, alice, f"c{n}") for n, channel in enumerate(channels)])

    assert [row.seq for row in rows] == [2, 2, 3, 4, 3]
    assert await shelf.channels.heads([one, two]) == {one: 3, two: 4}


async def test_the_same_post_again_gives_the_first_one(shelf: Shelf, alice: UserId) -> None:
    general = await shelf.channel(alice)
    first = await shelf.chat.append([draft(general, alice, "c1")])
    await shelf.say(general, alice)

    again = await shelf.chat.append([draft(general, alice, "c1"), draft(general, alice, "c2")])

    assert outcomes(again) == ["replayed", "posted"]
    assert (again[0].seq, again[0].created_at) == (first[0].seq, first[0].created_at)
    assert again[1].seq == 4


async def test_a_replay_is_one_even_after_its_message_was_edited(shelf: Shelf, alice: UserId) -> None:
    general = await shelf.channel(alice)
    await shelf.chat.append([draft(general, alice, "c1", "hello")])
    await shelf.do("update messages set text = 'edited' where channel_id = $1", general)

    rows = await shelf.chat.append([draft(general, alice, "c1", "hello")])

    assert outcomes(rows) == ["replayed"]


async def test_other_content_under_a_known_client_id_is_a_conflict(shelf: Shelf, alice: UserId) -> None:
    general = await shelf.channel(alice)
    root = await shelf.say(general, alice)
    await shelf.chat.append([draft(general, alice, "c1", "hello", reply_to=root)])

    for content in ({}, {"text": "hallo", "reply_to": root}, {"reply_to": root, "thread": root}):
        assert outcomes(await shelf.chat.append([draft(general, alice, "c1", **content)])) == ["conflict"]
    assert await shelf.channels.heads([general]) == {general: 3}


async def test_a_reply_and_a_thread_at_the_numbers_that_the_hash_once_mixed_up_differ(
    shelf: Shelf, alice: UserId
) -> None:
    general = await shelf.channel(alice)
    for _ in range(30):
        await shelf.say(general, alice)
    await shelf.chat.append([draft(general, alice, "c1", "hello", reply_to=2)])

    rows = await shelf.chat.append([draft(general, alice, "c1", "hello", reply_to=1, thread=31)])

    assert outcomes(rows) == ["conflict"]


async def test_a_client_id_belongs_to_its_author_and_channel(
    shelf: Shelf, alice: UserId, bob: UserId
) -> None:
    general, other = await shelf.channel(alice, bob), await shelf.channel(alice)
    await shelf.chat.append([draft(general, alice, "c1")])

    rows = await shelf.chat.append([draft(general, bob, "c1", "else"), draft(other, alice, "c1", "else")])

    assert outcomes(rows) == ["posted", "posted"]


async def test_who_is_not_a_member_is_refused_and_private_channels_do_not_show(
    shelf: Shelf, alice: UserId, mallory: UserId
) -> None:
    public, private = await shelf.channel(alice), await shelf.channel(alice, visibility="private")
    gone = await shelf.channel(alice)
    await shelf.channels.delete(gone, alice)
    absent = ChannelId(2**53 - 1)

    places = (public, private, gone, absent)
    rows = await shelf.chat.append([draft(place, mallory, "c1") for place in places])
    owners = await shelf.chat.append([draft(gone, alice, "c1"), draft(absent, alice, "c1")])

    assert outcomes(rows) == ["not_member", "not_found", "not_found", "not_found"]
    assert outcomes(owners) == ["not_found", "not_found"]
    assert await shelf.channels.heads([public, private, gone]) == {public: 1, private: 1, gone: 2}


async def test_who_was_removed_cannot_post_nor_replay(shelf: Shelf, alice: UserId, bob: UserId) -> None:
    general = await shelf.channel(alice, bob)
    await shelf.say(general, bob, client_id="b1")
    await shelf.members.remove(general, bob, alice)

    rows = await shelf.chat.append([draft(general, bob, "b1"), draft(general, bob, "b2")])

    assert outcomes(rows) == ["not_member", "not_member"]


async def test_a_reply_answers_a_message_of_its_channel_that_is_there(shelf: Shelf, alice: UserId) -> None:
    general, other = await shelf.channel(alice), await shelf.channel(alice)
    root = await shelf.say(general, alice)
    deleted = await shelf.say(general, alice)
    await shelf.do(
        "update messages set deleted_at = now() where channel_id = $1 and seq = $2", general, deleted
    )
    joined, ahead, elsewhere = Seq(1), Seq(deleted + 1), Seq(deleted + 5)
    for _ in range(elsewhere):
        await shelf.say(other, alice)

    targets = (root, deleted, joined, ahead, elsewhere)
    rows = await shelf.chat.append(
        [draft(general, alice, f"r{n}", reply_to=target) for n, target in enumerate(targets)]
    )

    assert outcomes(rows) == ["posted", "no_reply_to", "no_reply_to", "no_reply_to", "no_reply_to"]


async def test_a_thread_begins_at_a_message_that_is_in_none(shelf: Shelf, alice: UserId) -> None:
    general = await shelf.channel(alice)
    root = await shelf.say(general, alice)
    within = await shelf.say(general, alice, thread=root)

    rows = await shelf.chat.append(
        [draft(general, alice, f"t{n}", thread=at) for n, at in enumerate((root, within, Seq(1), Seq(99)))]
    )

    assert outcomes(rows) == ["posted", "no_thread", "no_thread", "no_thread"]


async def test_a_refusal_takes_no_seq_and_leaves_its_neighbours_alone(
    shelf: Shelf, alice: UserId, mallory: UserId
) -> None:
    general = await shelf.channel(alice)

    rows = await shelf.chat.append(
        [
            draft(general, alice, "c1"),
            draft(general, mallory, "c1"),
            draft(general, alice, "c2", reply_to=77),
            draft(general, alice, "c3"),
        ]
    )

    assert [(row.outcome, row.seq) for row in rows] == [
        ("posted", 2),
        ("not_member", None),
        ("no_reply_to", None),
        ("posted", 3),
    ]


class Model:
    """What the log of some channels must say, told in Python."""

    def __init__(self, head: dict[ChannelId, int], members: set[UserId]) -> None:
        self.head = head
        self.members = members
        self.posts: dict[ChannelId, dict[int, Draft]] = {channel: {} for channel in head}

    def append(self, batch: list[Draft]) -> list[tuple[str, int | None]]:
        verdicts = [self.judge(one) for one in batch]
        return [self.number(one, *verdict) for one, verdict in zip(batch, verdicts, strict=True)]

    def judge(self, one: Draft) -> tuple[str, int | None]:
        posts = self.posts[one.channel_id]
        if one.author_id not in self.members:
            return "not_member", None
        for seq, other in posts.items():
            if (other.author_id, other.content.client_id) == (one.author_id, one.content.client_id):
                return ("replayed" if other.content == one.content else "conflict"), seq
        if one.content.reply_to is not None and one.content.reply_to not in posts:
            return "no_reply_to", None
        root = posts.get(one.content.thread or 0)
        if one.content.thread is not None and (root is None or root.content.thread is not None):
            return "no_thread", None
        return "posted", None

    def number(self, one: Draft, outcome: str, seq: int | None) -> tuple[str, int | None]:
        if outcome == "posted":
            seq = self.head[one.channel_id] = self.head[one.channel_id] + 1
            self.posts[one.channel_id][seq] = one
        return outcome, seq


posts = st.fixed_dictionaries(
    {
        "channel": st.integers(0, 1),
        "author": st.integers(0, 2),
        "client_id": st.sampled_from(["c1", "c2", "c3", "c4", "c5"]),
        "text": st.sampled_from(["hello", "hallo"]),
        "reply_to": st.none() | st.none() | st.integers(1, 9),
        "thread": st.none() | st.none() | st.integers(1, 9),
    }
)
batches = st.lists(
    st.lists(posts, max_size=8, unique_by=lambda one: (one["channel"], one["author"], one["client_id"])),
    max_size=6,
)


@given(batches)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_batches_are_judged_and_numbered_as_the_model_says(
    shelf: Shelf, alice: UserId, bob: UserId, mallory: UserId, batches: list[list[dict[str, int | str]]]
) -> None:
    channels = [await shelf.channel(alice, bob), await shelf.channel(alice, bob)]
    model = Model(dict.fromkeys(channels, 2), {alice, bob})
    people = (alice, bob, mallory)

    for batch in batches:
        drafts = [
            draft(channels[int(one["channel"])], people[int(one["author"])], **_content(one)) for one in batch
        ]
        rows: list[Appended] = await shelf.chat.append(drafts)

        assert [(row.outcome, row.seq) for row in rows] == model.append(drafts)


def _content(one: dict[str, int | str]) -> dict[str, str]:
    return {name: value for name, value in one.items() if name not in ("channel", "author")}  # type: ignore[misc]
