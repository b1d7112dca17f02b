"""What processes have used, as Linux counts it. Law: a server is counted apart from the database that it started."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
KIB = 1024


class Cpu(NamedTuple):
    """CPU seconds, user and system together: of a server's own processes, of its database, and of this process."""

    server: float
    database: float
    load: float

    def since(self, earlier: "Cpu") -> "Cpu":
        return Cpu(*(now - then for now, then in zip(self, earlier, strict=True)))


@dataclass(frozen=True, slots=True)
class Memory:
    """In bytes. `resident` counts every page that the process has; `own` those that nobody shares with it."""

    resident: int
    own: int


def cpu_of(pid: int) -> Cpu:
    """Of the process tree under a server, and of this process."""
    server = database = 0.0
    for member in tree(pid):
        if _is_database(member):
            database += _seconds(member)
        else:
            server += _seconds(member)
    return Cpu(server, database, sum(os.times()[:2]))


def tree(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    for parent in found:
        for task in (_PROC / str(parent) / "task").iterdir():
            found.extend(int(child) for child in (task / "children").read_text().split())
    return found


def memory_of(pid: int) -> Memory:
    """Of one process."""
    rollup = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(size.split()[0]) * KIB for name, _, size in (line.partition(":") for line in rollup)}
    return Memory(sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"])


def seconds_of(pid: int) -> float:
    """CPU seconds of one process, and of the children that it has buried."""
    return _seconds(pid)


def _is_database(pid: int) -> bool:
    try:
        return (_PROC / str(pid) / "comm").read_text().startswith("postgres")
    except OSError:
        return False


def _seconds(pid: int) -> float:
    """With what the children used that it has buried: autovacuum comes and goes."""
    try:
        # The name in parentheses may itself hold spaces and parentheses.
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS
