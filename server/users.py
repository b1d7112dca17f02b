"""`chalkline users`: an account made by whoever holds the machine. Law: a password is never an argument, nor logged."""

import getpass
import secrets
import sys

from models.accounts import Role
from models.errors import Fault
from server.cannot_start import CannotStart
from server.migrate import migrate_up
from server.parts import open_parts
from server.settings import Settings


def read_password(*, from_stdin: bool) -> tuple[str, bool]:
    """The password, and whether it was made up: asked for at a terminal, else made up."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if not sys.stdin.isatty():
        return secrets.token_urlsafe(15), True
    password = getpass.getpass("Password (empty: one is made up): ")
    if not password:
        return secrets.token_urlsafe(15), True
    if getpass.getpass("Once more: ") != password:
        raise CannotStart("The two passwords differ.")
    return password, False


async def create_user(settings: Settings, dsn: str, name: str, password: str, role: Role) -> None:
    """Bring the database up to date and make the account. Raises `CannotStart`."""
    await migrate_up(dsn)
    async with open_parts(settings, dsn) as parts:
        try:
            await parts.accounts.create_user(username=name, password=password, role=role)
        except Fault as error:
            raise CannotStart(error.detail) from None
