"""`chalkline` with access tokens that run out after six seconds instead of fifteen minutes."""

import sys

from services import tokens

tokens.ACCESS_SECONDS = 6

if __name__ == "__main__":
    from server.cli import main

    sys.exit(main())
