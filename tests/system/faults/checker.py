"""The judge: what a history proves against a server. A pure function; each class of error has its doctored history.

A history is walked twice, and of what subscribers heard nothing is kept: millions of deliveries take no room.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.system.faults.history import JOINED, LEFT, Op, Read, Recv, Row, Send, Sub

CLASSES = (
    "dup-ack",
    "split-read",
    "gap-or-disorder-at-rest",
    "dup-at-rest",
    "LOST-ACKED",
    "seq-mutated",
    "FAILED-BUT-PRESENT",
    "phantom",
    "realtime-inversion",
    "dup-or-reorder-on-wire",
    "gap-on-wire",
    "not-converged",
    "content-mutated",
    "content-diverged",
    "leak-after-revocation",
)

Errors = dict[str, list[str]]
"""Of each class, what it was found at."""


def check(history: Iterable[Op]) -> Errors:
    """`history` is iterated twice. An innocent server gets an empty list for each class."""
    errors: Errors = {name: [] for name in CLASSES}
    posts = _Posts()
    logs = _Logs()
    for op in history:
        if isinstance(op, Send):
            posts.take(op)
        elif isinstance(op, Read):
            logs.take(op)
    logs.judge(errors)
    posts.judge(logs, errors)
    listeners = _Listeners(logs, errors)
    for op in history:
        if isinstance(op, Sub):
            listeners.begin(op)
        elif isinstance(op, Recv):
            listeners.hear(op)
    listeners.judge()
    return errors


class _Posts:
    """What became of each post, as those who sent it were told."""

    def __init__(self) -> None:
        self._invoked: dict[str, int] = {}
        self._acked: dict[str, tuple[int, int]] = {}
        self._failed: set[str] = set()
        self._floor: dict[str, int] = {}
        self._newest: dict[int, int] = defaultdict(int)
        self._acked_twice: list[str] = []

    def take(self, op: Send) -> None:
        if op.type == "invoke" and op.key not in self._invoked:
            self._invoked[op.key] = op.hashed
            self._floor[op.key] = self._newest[op.chan]
        elif op.type == "ok":
            self._newest[op.chan] = max(self._newest[op.chan], op.seq)
            if self._acked.setdefault(op.key, (op.chan, op.seq)) != (op.chan, op.seq):
                self._acked_twice.append(f"{op.key} in {op.chan}: {self._acked[op.key]} and {op.seq}")
        elif op.type == "fail":
            self._failed.add(op.key)

    def judge(self, logs: "_Logs", errors: Errors) -> None:
        errors["dup-ack"] += self._acked_twice
        for key, (chan, seq) in self._acked.items():
            at = logs.place(chan).get(key)
            if at is None:
                errors["LOST-ACKED"].append(f"{key}: {seq} of {chan}")
            elif at != seq:
                errors["seq-mutated"].append(f"{key}: {seq} of {chan} is at {at}")
            if seq <= self._floor.get(key, 0):
                errors["realtime-inversion"].append(f"{key}: {seq} of {chan}, sent after {self._floor[key]}")
        for chan in logs.chans:
            for at, key, hashed in logs.rows(chan):
                name = self._flaw(key, hashed)
                if name:
                    errors[name].append(f"{key}: {at} of {chan}")

    def _flaw(self, key: str, hashed: int) -> str:
        if key in self._failed:
            return "FAILED-BUT-PRESENT"
        if ":" not in key and key not in self._invoked:
            return "phantom"
        return "content-mutated" if self._invoked.get(key, hashed) != hashed else ""


class _Logs:
    """The channels as they are at rest."""

    def __init__(self) -> None:
        self._reads: dict[int, list[Read]] = defaultdict(list)
        self._places: dict[int, dict[str, int]] = {}
        self.hashes: dict[int, list[int]] = {}

    def take(self, op: Read) -> None:
        if op.chan in self._reads and self._reads[op.chan][0].rows == op.rows:
            op.rows = self._reads[op.chan][0].rows  # the same list: it is kept once
        self._reads[op.chan].append(op)

    @property
    def chans(self) -> list[int]:
        return list(self._reads)

    def rows(self, chan: int) -> list[Row]:
        return self._reads[chan][0].rows if chan in self._reads else []

    def place(self, chan: int) -> dict[str, int]:
        """Where each key stands first."""
        if chan not in self._places:
            self._places[chan] = {key: seq for seq, key, _ in reversed(self.rows(chan))}
        return self._places[chan]

    def told(self, chan: int, kind: str) -> dict[int, list[int]]:
        """The seqs at which each user joined or left."""
        seqs: dict[int, list[int]] = defaultdict(list)
        for seq, key, _ in self.rows(chan):
            if key.startswith(kind):
                seqs[int(key.removeprefix(kind))].append(seq)
        return seqs

    def judge(self, errors: Errors) -> None:
        for chan, reads in self._reads.items():
            rows = reads[0].rows
            self.hashes[chan] = [hashed for _, _, hashed in rows]
            errors["split-read"] += [
                f"{chan} at {read.instance}" for read in reads if read.rows is not rows and read.rows != rows
            ]
            if [seq for seq, _, _ in rows] != list(range(1, len(rows) + 1)):
                errors["gap-or-disorder-at-rest"].append(str(chan))
            posted = [key for _, key, _ in rows if ":" not in key]
            if len(set(posted)) != len(posted):
                errors["dup-at-rest"].append(f"{chan}: {len(posted) - len(set(posted))} times")


@dataclass(slots=True)
class _Ear:
    """One client at one channel, over all its subscriptions."""

    user: int
    cursor: int
    heads: dict[int, int] = field(default_factory=dict)


class _Listeners:
    """What each client was told, against what stands in the logs."""

    def __init__(self, logs: _Logs, errors: Errors) -> None:
        self._logs = logs
        self._errors = errors
        self._ears: dict[tuple[str, int], _Ear] = {}
        self._left = {chan: logs.told(chan, LEFT) for chan in logs.chans}
        self._joined = {chan: logs.told(chan, JOINED) for chan in logs.chans}

    def begin(self, op: Sub) -> None:
        start = op.head if op.after is None else op.after
        ear = self._ears.setdefault((op.client, op.chan), _Ear(op.user, start))
        ear.heads[op.sub] = op.head

    def hear(self, op: Recv) -> None:
        ear = self._ears[op.client, op.chan]
        end = self._end(ear, op)
        hashes = self._logs.hashes.get(op.chan, [])
        for seq, hashed in op.rows:
            if seq <= ear.cursor:
                self._blame("dup-or-reorder-on-wire", op, f"{seq} after {ear.cursor}")
            elif seq != ear.cursor + 1:
                self._blame("gap-on-wire", op, f"{seq} after {ear.cursor}")
            if not 0 < seq <= len(hashes) or hashes[seq - 1] != hashed:
                self._blame("content-diverged", op, str(seq))
            if end is not None and seq > end:
                self._blame("leak-after-revocation", op, f"{seq} after {end}")
            ear.cursor = max(ear.cursor, seq)

    def _end(self, ear: _Ear, op: Recv) -> int | None:
        """The first removal since the subscription was granted: nothing later may come over it."""
        head = ear.heads[op.sub]
        return next((seq for seq in self._left.get(op.chan, {}).get(ear.user, ()) if seq > head), None)

    def judge(self) -> None:
        for (client, chan), ear in self._ears.items():
            final = len(self._logs.hashes.get(chan, ()))
            if ear.cursor != final and self._is_in(ear.user, chan):
                self._errors["not-converged"].append(f"{client} at {ear.cursor} of {final} in {chan}")

    def _is_in(self, user: int, chan: int) -> bool:
        left = self._left.get(chan, {}).get(user, [0])
        return left[-1] < max(self._joined.get(chan, {}).get(user, [0])[-1], 1)

    def _blame(self, name: str, op: Recv, what: str) -> None:
        self._errors[name].append(f"{op.client} in {op.chan}: {what}")
