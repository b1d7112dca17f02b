"""What a system says about a process that may not be ours: is it alive, is it still the same, what is it called."""

import subprocess
from pathlib import Path

_PROC = Path("/proc")


def birth_of(pid: int) -> str | None:
    """When the process began, as its system writes it: tells a process from a later one with its pid. None: dead."""
    if not _has_proc():
        return _ask_ps(pid, "lstart=")
    try:
        # The name in parentheses may itself hold spaces and parentheses.
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, born = fields[0], fields[19]
    return None if state in {"Z", "X"} else born


def name_of(pid: int) -> str | None:
    """The name of the program it runs. None: dead."""
    if not _has_proc():
        return _ask_ps(pid, "comm=")
    try:
        return (_PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return None


def _has_proc() -> bool:
    return (_PROC / "self" / "stat").exists()


def _ask_ps(pid: int, column: str) -> str | None:
    answer = subprocess.run(["/bin/ps", "-o", column, "-p", str(pid)], capture_output=True, check=False)  # noqa: S603
    return answer.stdout.decode().strip() or None
