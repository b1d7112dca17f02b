"""Holds an embedded server until it is told to end: a parent that a test may kill."""

import signal
import sys
from pathlib import Path

from server.cannot_start import CannotStart
from server.embedded_postgres import EmbeddedPostgres
from server.embedded_valkey import EmbeddedValkey


def main() -> int:
    # What a system without a parent-death signal would do.
    sys.platform = sys.argv[3] if len(sys.argv) > 3 else sys.platform
    kind = {"postgres": EmbeddedPostgres, "valkey": EmbeddedValkey}[sys.argv[1]]
    # An ordinary end, not one by the signal: the server is stopped first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with kind(Path(sys.argv[2])) as running:
            print(running.pid, flush=True)
            signal.pause()
    except CannotStart as error:
        print(error, flush=True)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
