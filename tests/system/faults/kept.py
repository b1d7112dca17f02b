"""What runs leave behind: a directory each, with the history and the verdict.

The newest few stay, and so does whatever wasn't met or broke off with an error, until somebody has looked at it.
"""

import shutil
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system.faults.scenarios import Verdict

KEPT = 3
ABANDONED_SECONDS = 24 * 3600
"""After so long a run without a verdict was cut short; before, it may be at work."""

PASSED, FAILED = "passed", "failed"


@contextmanager
def run(place: Path, seed: int) -> Iterator[Path]:
    """A directory that is yet to be made; one whose run raises stays. Those that nobody needs are removed."""
    directory = place / f"{time.strftime('%Y%m%d-%H%M%S')}-{seed}"
    try:
        yield directory
    except Exception:
        _write(directory / FAILED, traceback.format_exc())
        raise
    finally:
        prune(place)


def judge(directory: Path, verdict: Verdict) -> None:
    _write(directory / (PASSED if verdict.is_met else FAILED), f"{verdict}\n")


def prune(place: Path) -> None:
    runs = sorted((one for one in place.glob("*") if one.is_dir()), key=lambda one: one.name)
    for directory in runs[:-KEPT]:
        if _is_done_with(directory):
            shutil.rmtree(directory, ignore_errors=True)


def _is_done_with(directory: Path) -> bool:
    if (directory / FAILED).exists():
        return False
    is_abandoned = time.time() - directory.stat().st_mtime > ABANDONED_SECONDS
    return (directory / PASSED).exists() or is_abandoned


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
