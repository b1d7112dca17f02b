"""What was freed, back to the system: the C library keeps it for itself, and many open sketches at once leave much."""

import ctypes

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Only glibc has it."""


def trim_heap() -> None:
    """8 ms where 36 MiB go back, 0.3 ms where nothing does (by hand)."""
    if _trim is not None:
        _trim(0)
