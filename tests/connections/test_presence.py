"""Presence, tick by tick, with the time in the test's hand."""

from collections.abc import Sequence

from connections.memory_bus import MemoryBus
from connections.presence import GRACE_SECONDS, LEASE_SECONDS, Presence
from models.facts import Entry


class Wire(MemoryBus):
    """A bus that leads to one other instance, as long as it isn't cut."""

    def __init__(self) -> None:
        super().__init__()
        self.other: Presence | None = None

    def publish(self, topic: str, entries: Sequence[Entry]) -> None:
        if self.other is not None:
            self.other.heard(entries)


class Diary:
    def __init__(self, presence: Presence) -> None:
        self.told: list[tuple[list[str], list[str]]] = []
        presence.changed = lambda came, gone: self.told.append((came, gone))


def two() -> tuple[Presence, Presence, Wire]:
    here, there = Wire(), Wire()
    one, other = Presence(here), Presence(there)
    here.other, there.other = other, one
    return one, other, here


def test_someone_with_two_sockets_is_online_until_both_are_gone() -> None:
    presence = Presence(MemoryBus())
    diary = Diary(presence)
    presence.arrive("alice")
    presence.arrive("alice")
    presence.tick(1.0)
    presence.leave("alice")
    presence.tick(100.0)
    assert diary.told == [(["alice"], [])]

    presence.leave("alice")
    presence.tick(float("inf"))

    assert diary.told == [(["alice"], []), ([], ["alice"])]


def test_who_reloads_a_page_has_not_been_away() -> None:
    presence = Presence(MemoryBus())
    diary = Diary(presence)
    presence.arrive("alice")
    presence.tick(1.0)
    presence.leave("alice")
    presence.arrive("alice")
    presence.tick(1.0 + 2 * GRACE_SECONDS)

    assert diary.told == [(["alice"], [])]


def test_other_instances_hear_who_comes_and_goes() -> None:
    one, other, _ = two()
    diary = Diary(other)
    one.arrive("alice")
    one.tick(1.0)
    other.tick(1.0)
    assert diary.told == [(["alice"], [])]

    one.leave("alice")
    one.tick(float("inf"))
    other.tick(2.0)

    assert diary.told[1:] == [([], ["alice"])]


def test_an_instance_that_falls_silent_holds_nobody() -> None:
    one, other, wire = two()
    diary = Diary(other)
    one.arrive("alice")
    one.tick(1.0)
    other.tick(1.0)
    wire.other = None

    other.tick(float("inf"))

    assert diary.told == [(["alice"], []), ([], ["alice"])]
    assert LEASE_SECONDS <= 10


def test_a_new_instance_soon_knows_whom_the_others_hold() -> None:
    one, other, _ = two()
    one.arrive("alice")
    one.tick(1.0)
    late = Presence(MemoryBus())
    wire = Wire()
    wire.other = late
    one._bus = wire

    late.tick(1.0)
    one.heard([Entry(0, b'{"instance":"late","here":[],"is_whole":true}')])
    one.tick(1.1)
    late.tick(1.2)

    assert late.online == {"alice"}
    assert other.online == {"alice"}
