"""What people in the gallery say, and what they did to it."""

from tests.house import Person

CODE = """Found it. The pool was closed before the last batch was written:

```python
async with AsyncExitStack() as stack:
    pool = await stack.enter_async_context(open_pool(dsn))
    yield Parts(chat=ChatService(pool))  # closed in reverse
```

Fixed in `parts.py`, with a test that kills the server in the middle."""

TALK = (
    ("bob", "Morning! The new kiln arrives on **Thursday**. Who can be there at nine?"),
    ("carol", "I can. Do we have the key to the yard by then?"),
    ("alice", "Yes, at the front desk. Still to do:\n\n- clear the corner\n- call the electrician\n- safety sheet"),
    ("bob", "> clear the corner\n\nDone yesterday :)"),
    ("dana", "صباح الخير، سأحضر الأوراق معي يوم الخميس."),
    ("carol", "The electrician comes at *half past eight*: https://example.org/visit/2231"),
    ("alice", CODE),
    ("bob", "That explains Tuesday. @alice thank you, I would have looked for a week."),
)  # fmt: skip


async def make_rules(alice: Person, bob: Person) -> dict[str, int]:
    """A channel that is archived, and one in slow mode."""
    attic = await alice.channel("attic", description="What was here before")
    await alice.say(attic, "The old price list is in the drawer.")
    await alice.call("PATCH", f"/channels/{attic}", {"archived": True})
    queue = await alice.channel("queue", description="One question at a time")
    await alice.call("PUT", f"/channels/{queue}/members/{bob.id}", {})
    await alice.call("PATCH", f"/channels/{queue}", {"slow_seconds": 3600})
    await bob.say(queue, "Who has the van on Friday?")
    return {"attic": attic, "queue": queue}


async def make_more_of(people: dict[str, Person], channel: int, seqs: list[int]) -> None:
    """Reactions, a pin, an edit and a thread."""
    alice, bob, carol, dana = (people[name] for name in ("alice", "bob", "carol", "dana"))
    there = f"/channels/{channel}/messages"
    for who, index, emoji in (
        (alice, 0, "👍"), (carol, 0, "👍"), (dana, 0, "👍"), (carol, 0, "🔥"), (bob, 6, "🎉"), (alice, 6, "🎉"),
        (carol, 6, "👀"), (bob, 4, "🙏🏽"),
    ):  # fmt: skip
        await who.call("PUT", f"{there}/{seqs[index]}/reactions/{emoji}")
    await bob.call("PUT", f"{there}/{seqs[5]}/pin")
    await alice.call("PATCH", f"{there}/{seqs[2]}", {"text": TALK[2][1] + "\n- a broom"})
    for who, text in (
        (carol, "Nine works. Is the ramp wide enough for it?"),
        (bob, "1.20 m, I measured. The kiln is 0.95 on its pallet."),
        (alice, "Then we need four people, not two. I'll ask in #trips."),
        (dana, "أنا متاحة من التاسعة"),
        (carol, "@alice bring gloves, please :)"),
    ):  # fmt: skip
        await who.say(channel, text, thread=seqs[0])
