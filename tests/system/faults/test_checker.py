"""The judge is judged: each class of error is found in a history that was doctored for it, none in an honest one."""

from collections.abc import Callable

import pytest

from tests.system.faults.checker import CLASSES, check
from tests.system.faults.history import Op, Read, Recv, Removal, Row, Send, Sub

CHAN, OWNER, BOB = 7, 1, 2
LOG = [
    Row(1, "joined:1", 101),
    Row(2, "joined:2", 102),
    Row(3, "a", 103),
    Row(4, "b", 104),
    Row(5, "left:2", 105),
    Row(6, "c", 106),
    Row(7, "joined:2", 107),
    Row(8, "d", 108),
]
HEARD = [(seq, hashed) for seq, _, hashed in LOG]


def honest() -> list[Op]:
    """Two people; one is put out and let in again meanwhile; one post was refused, one was sent again."""
    return [
        Sub(0.0, "owner", OWNER, CHAN, 1, 2, 0),
        Sub(0.0, "bob", BOB, CHAN, 1, 2, 0),
        Recv(0.1, "owner", CHAN, 1, HEARD[:2]),
        Recv(0.1, "bob", CHAN, 1, HEARD[:2]),
        Send(1.0, "invoke", "owner", CHAN, "a", hashed=103),
        Send(1.1, "info", "owner", CHAN, "a", why="gone"),
        Send(1.2, "invoke", "owner", CHAN, "a", hashed=103),
        Send(1.3, "ok", "owner", CHAN, "a", 3),
        Send(1.4, "ok", "owner", CHAN, "a", 3),
        Send(1.5, "invoke", "bob", CHAN, "b", hashed=104),
        Send(1.6, "ok", "bob", CHAN, "b", 4),
        Recv(1.7, "bob", CHAN, 1, HEARD[2:5]),
        Removal(1.8, CHAN, BOB),
        Send(1.8, "invoke", "bob", CHAN, "refused"),
        Send(1.9, "fail", "bob", CHAN, "refused", why="forbidden"),
        Send(2.0, "invoke", "owner", CHAN, "c", hashed=106),
        Send(2.1, "ok", "owner", CHAN, "c", 6),
        Recv(2.2, "owner", CHAN, 1, HEARD[2:7]),
        Sub(2.3, "bob", BOB, CHAN, 2, 7, 5),
        Recv(2.4, "bob", CHAN, 2, HEARD[5:7]),
        Send(2.5, "invoke", "owner", CHAN, "d", hashed=108),
        Send(2.6, "info", "owner", CHAN, "d", why="gone"),
        Recv(2.7, "owner", CHAN, 1, HEARD[7:]),
        Recv(2.7, "bob", CHAN, 2, HEARD[7:]),
        Read(3.0, 0, CHAN, [*LOG]),
        Read(3.1, 1, CHAN, [*LOG]),
    ]


def with_log(change: Callable[[list[Row]], list[Row]], *instances: int) -> Callable[[list[Op]], list[Op]]:
    """Other rows in the reads of these instances."""

    def doctor(ops: list[Op]) -> list[Op]:
        return [
            Read(op.t, op.instance, op.chan, change(op.rows))
            if isinstance(op, Read) and op.instance in instances
            else op
            for op in ops
        ]

    return doctor


def with_last_heard(client: str, rows: list[tuple[int, int]]) -> Callable[[list[Op]], list[Op]]:
    """Other rows in what a client heard last."""

    def doctor(ops: list[Op]) -> list[Op]:
        last = max(i for i, op in enumerate(ops) if isinstance(op, Recv) and op.client == client)
        op = ops[last]
        assert isinstance(op, Recv)
        return [*ops[:last], Recv(op.t, op.client, op.chan, op.sub, rows), *ops[last + 1 :]]

    return doctor


def with_ops(*more: Op) -> Callable[[list[Op]], list[Op]]:
    return lambda ops: [*ops, *more]


DOCTORED: dict[str, Callable[[list[Op]], list[Op]]] = {
    "dup-ack": with_ops(Send(4, "ok", "owner", CHAN, "a", 4)),
    "split-read": with_log(lambda rows: rows[:-1], 1),
    "gap-or-disorder-at-rest": with_log(lambda rows: [*rows[:6], *rows[7:]], 0, 1),
    "dup-at-rest": with_log(lambda rows: [*rows[:7], Row(8, "a", 103)], 0, 1),
    "LOST-ACKED": with_log(lambda rows: [*rows[:5], Row(6, "d", 106), rows[6], Row(8, "e", 108)], 0, 1),
    "seq-mutated": with_ops(
        Send(4, "invoke", "owner", CHAN, "d", hashed=108), Send(4, "ok", "owner", CHAN, "d", 9)
    ),
    "FAILED-BUT-PRESENT": with_ops(Send(4, "fail", "owner", CHAN, "d")),
    "phantom": with_log(lambda rows: [*rows[:7], Row(8, "nobody's", 108)], 0, 1),
    "realtime-inversion": lambda ops: [
        Send(0.5, "invoke", "bob", CHAN, "b", hashed=104),
        Send(0.6, "ok", "bob", CHAN, "b", 4),
        *ops,
    ],
    "dup-or-reorder-on-wire": with_last_heard("owner", [HEARD[7], HEARD[7]]),
    "gap-on-wire": lambda ops: [
        Recv(op.t, op.client, op.chan, op.sub, op.rows[1:]) if isinstance(op, Recv) and op.t == 2.2 else op
        for op in ops
    ],
    "not-converged": with_last_heard("owner", []),
    "content-mutated": with_log(lambda rows: [*rows[:7], Row(8, "d", 999)], 0, 1),
    "content-diverged": with_last_heard("owner", [(8, 999)]),
    "leak-after-revocation": lambda ops: [
        Recv(op.t, op.client, op.chan, 1, op.rows) if isinstance(op, Recv) and op.t == 2.4 else op
        for op in ops
    ],
}


def found(ops: list[Op]) -> list[str]:
    return [name for name, where in check(ops).items() if where]


def test_an_honest_history_shows_nothing() -> None:
    assert found(honest()) == []


@pytest.mark.parametrize("name", CLASSES)
def test_a_doctored_history_fires_its_class(name: str) -> None:
    assert name in found(DOCTORED[name](honest()))


def test_whoever_stays_out_need_not_hear_the_end() -> None:
    ops = [op for op in honest() if op.t < 2.2 and not (isinstance(op, Recv | Sub) and op.client == "owner")]

    assert found([*ops, Read(3.0, 0, CHAN, LOG[:6])]) == []
