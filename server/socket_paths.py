"""Where a local socket fits. Law: its directory is private, and its path no longer than a socket's address may be."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

_LONGEST = 103  # bytes: sun_path holds 104 on macOS and 108 on Linux, with the closing zero


def socket_directory(beside: Path, socket: str) -> Path:
    """`beside`, or a directory in the temporary one when `beside / socket` is no good address."""
    # Where PostgreSQL and its clients expect a directory they take a comma for the end of it.
    if len(os.fsencode(beside / socket)) <= _LONGEST and "," not in str(beside):
        return beside
    digest = hashlib.sha256(f"{os.geteuid()} {beside}".encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"chalkline-{digest}"


def leave_socket_directory(place: Path, home: Path) -> None:
    """Remove `place` when it is not below `home` and its server has left it empty."""
    if not place.is_relative_to(home):
        with suppress(OSError):
            place.rmdir()
