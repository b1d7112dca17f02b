"""`chalkline serve` whose database is killed when it has been migrated, a moment before the app opens it."""

import os
import signal
import sys
from contextlib import suppress
from typing import Any

from starlette.applications import Starlette

from server import app
from server.instance import Program
from server.serve import serve
from server.settings import Settings, load_settings


def create_app(settings: Settings, **urls: Any) -> Starlette:
    pid_file = settings.data_dir / "postgres" / "pgdata" / "postmaster.pid"
    with suppress(FileNotFoundError, ProcessLookupError):  # another worker was faster
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
    return app.create_app(settings, **urls)


if __name__ == "__main__":
    sys.exit(serve(load_settings({}), Program("tests.server.losing_serve:create_app")))
