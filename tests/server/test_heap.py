"""What was freed leaves the process."""

import os
import platform

import pytest

from bench.processes import memory_of
from server.heap import trim_heap

BLOCK, BLOCKS = 65_536, 1_000


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives back what lies in between")
def test_what_lies_between_blocks_that_are_kept_goes_back_to_the_system() -> None:
    blocks = [b"x" * BLOCK for _ in range(BLOCKS)]
    kept = blocks[::100]
    del blocks
    before = memory_of(os.getpid()).resident

    trim_heap()

    assert before - memory_of(os.getpid()).resident > BLOCK * BLOCKS // 2
    assert len(kept) == BLOCKS // 100
