"""`chalkline serve` with the stub app, so that the start-up is tested without the rest of the house."""

import os
import sys

from server.cannot_start import CannotStart
from server.instance import Program
from server.serve import serve
from server.settings import load_settings


def main() -> int:
    program = Program("tests.server.stub_app:create_app", "websockets-sansio")
    try:
        return serve(load_settings({}), program, float(os.environ.get("PATIENCE", "30")))
    except CannotStart as error:
        print(f"chalkline: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
