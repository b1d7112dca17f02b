"""Random programs of everything that three people can do in a channel, on two instances, and what must hold after each.

`python -m tests.system.chat_programs --programs 2000` is the long run; a failure names the seed that repeats it.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from server.embedded_postgres import EmbeddedPostgres
from server.embedded_valkey import EmbeddedValkey
from server.migrate import migrate_up
from tests.house import PASSWORD, Ear, House, Person, open_house
from tests.system.mirror import Mirror, counted, threads_counted

STEPS = 24
AT_ONCE = 6
EMOJI = ("👍", "🎉", "❤️")
FINE = {200, 201, 204, 403, 404, 409}
"""What an action may be answered with: some are refused, since people leave, delete and archive meanwhile."""


class Stage:
    """Three people, each signed in on both instances: alice owns every channel, bob stays, carol comes and goes."""

    def __init__(self, houses: Sequence[House], people: dict[str, list[Person]], dsn: str) -> None:
        self.houses = houses
        self.people = people
        self.dsn = dsn


@asynccontextmanager
async def open_stage(dsn: str, redis_url: str, directory: Path) -> AsyncIterator[Stage]:
    flags: dict[str, Any] = {"redis_url": redis_url, "rate_limits": "off", "max_sockets_per_user": 1000}
    async with open_house(dsn, directory, **flags) as here, open_house(dsn, directory, **flags) as there:
        people = {}
        for name in ("alice", "bob", "carol"):
            person = await here.register(name)
            session = await person.post("/auth/login", {"username": name, "password": PASSWORD})
            people[name] = [person, there.person(session)]
        yield Stage((here, there), people, dsn)


class Program:
    """One channel and one seed. `run` raises AssertionError where something doesn't hold."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self._stage = stage
        self._chance = random.Random(seed)  # noqa: S311 - chances that repeat
        self._seed = seed
        self._done: list[str] = []

    async def run(self) -> None:
        self.channel = await self._who("alice").channel(f"program {self._seed}")
        self._path = f"/channels/{self.channel}"
        for name in ("bob", "carol"):
            await self._who("alice").call("PUT", f"{self._path}/members/{self._id(name)}")
        await self._act(STEPS // 3)
        bob = self._who("bob")
        mirror = Mirror(await self._snapshot(bob))
        head = (await bob.get(self._path))["head_seq"]
        async with self._who("bob").listen(f"/ws/channels/{self.channel}?after={head}") as ear:
            await self._act(STEPS - STEPS // 3)
            number = (await bob.get(self._path))["head_seq"] - head
            live = [await _next_fact(ear) for _ in range(number)]
        await self._check(mirror, head, live)

    async def _check(self, mirror: Mirror, head: int, live: list[dict[str, Any]]) -> None:
        try:
            for bob in self._stage.people["bob"]:
                fresh = Mirror(await self._snapshot(bob))
                missed = (await bob.get(f"{self._path}/events", after=head))["events"]
                everything = (await bob.get(f"{self._path}/events", after=0, limit=1000))["events"]
                assert [fact["seq"] for fact in everything] == list(range(1, len(everything) + 1))
                assert [fact["seq"] for fact in live] == [fact["seq"] for fact in missed]
                assert mirror.after(live).state == fresh.state, "what was heard live"
                assert mirror.after(missed).state == fresh.state, "what was missed"
                assert Mirror([]).after(everything).state == fresh.state, "the log from its beginning"
            await self._recount()
        except AssertionError as error:
            raise AssertionError(f"seed {self._seed}: {error}\n" + "\n".join(self._done)) from error

    async def _recount(self) -> None:
        connection = await asyncpg.connect(self._stage.dsn)
        try:
            for name, persons in self._stage.people.items():
                unread = await counted(connection, self.channel, self._id(name))
                threads = await threads_counted(connection, self.channel, self._id(name))
                for person in persons:
                    membership = (await person.get(self._path))["membership"]
                    told = membership and (membership["unread"], membership["mentions"])
                    assert told == unread, f"{name} has {told} unread, and the tables say {unread}"
                    listed = (await person.get("/threads", limit=200))["items"]
                    mine = {
                        one["thread"]: (one["unread"], one["mentions"])
                        for one in listed
                        if one["channel_id"] == self.channel
                    }
                    assert mine == threads, f"{name} has {mine} in threads, and the tables say {threads}"
        finally:
            await connection.close()

    async def _snapshot(self, person: Person) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await person.get(f"{self._path}/messages", limit=200))["items"]
        return items

    async def _act(self, number: int) -> None:
        for _ in range(number):
            name = self._chance.choice(("alice", "bob", "carol"))
            method, more, body = self._chance.choice(
                (self._post, self._post, self._change, self._change, self._own)
            )()
            answer = await self._who(name).call(
                method, more if more.startswith("/users") else self._path + more, body
            )
            self._done.append(f"{name}: {method} {more} {body} -> {answer.status_code}")
            assert answer.status_code in FINE, f"seed {self._seed}: {self._done[-1]} {answer.text}"

    def _post(self) -> tuple[str, str, Any]:
        text = self._chance.choice(
            ("hello", "@bob", "@carol and @alice", "@channel", "@here", "`@bob`", "🙂")
        )
        body: dict[str, Any] = {"client_id": f"c{self._chance.randrange(10**12)}", "text": text}
        if self._chance.random() < 0.5:
            body["thread"] = self._seq()
            body["to_channel"] = self._chance.random() < 0.3
        elif self._chance.random() < 0.3:
            body["reply_to"] = self._seq()
        return "POST", "/messages", body

    def _change(self) -> tuple[str, str, Any]:
        path, emoji = f"/messages/{self._seq()}", self._chance.choice(EMOJI)
        texts = ("edited", "@alice @bob", "@channel!", "@here", "nobody")
        return self._chance.choice((
            ("PATCH", path, {"text": self._chance.choice(texts)}),
            ("DELETE", path, None),
            ("PUT", f"{path}/reactions/{emoji}", None),
            ("PUT", f"{path}/reactions/{emoji}", None),
            ("DELETE", f"{path}/reactions/{emoji}", None),
            ("PUT", f"{path}/pin", None),
            ("DELETE", f"{path}/pin", None),
        ))  # fmt: skip

    def _own(self) -> tuple[str, str, Any]:
        seq, thread, carol = self._seq(), self._seq(), self._id("carol")
        return self._chance.choice((
            ("POST", "/read", {"seq": seq}),
            ("POST", "/read", {"seq": seq, "thread": thread}),
            ("PUT", f"/threads/{thread}/follow", None),
            ("DELETE", f"/threads/{thread}/follow", None),
            ("PUT", f"/members/{carol}", {"role": self._chance.choice(("member", "moderator"))}),
            ("DELETE", f"/members/{carol}", None),
            ("PUT", f"/members/{carol}", None),
            ("PATCH", "", {"archived": self._chance.random() < 0.3}),
            ("PATCH", "/membership", {"notifications": self._chance.choice(("all", None))}),
        ))  # fmt: skip

    def _seq(self) -> int:
        """Mostly of a message that is there, sometimes of another fact or of none."""
        return self._chance.randrange(3, 24)

    def _who(self, name: str) -> Person:
        return self._stage.people[name][self._chance.randrange(2)]

    def _id(self, name: str) -> int:
        return self._stage.people[name][0].id


async def _next_fact(ear: Ear) -> dict[str, Any]:
    """Of the log: others pass."""
    while True:
        frame: dict[str, Any] = await ear.frame()
        if "seq" in frame:
            return frame


async def run_programs(stage: Stage, seeds: Sequence[int]) -> None:
    """A few at a time, each in a channel of its own."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(seed: int) -> None:
        async with gate:
            await Program(stage, seed).run()

    async with asyncio.TaskGroup() as group:
        for seed in seeds:
            group.create_task(one(seed))


async def main(programs: int, first: int) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        EmbeddedPostgres(Path(name) / "postgres") as postgres,
        EmbeddedValkey(Path(name) / "valkey") as valkey,
    ):
        await migrate_up(postgres.dsn)
        async with open_stage(postgres.dsn, valkey.url, Path(name)) as stage:
            for begin in range(first, first + programs, 100):
                seeds = range(begin, min(begin + 100, first + programs))
                await run_programs(stage, seeds)
                sys.stdout.write(f"{seeds.stop - first} programs, 0 differences\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    sys.stdout.write(f"from seed {given.seed} on\n")
    asyncio.run(main(given.programs, given.seed))
