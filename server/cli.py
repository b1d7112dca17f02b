"""The command line: words in, one call, an exit code out. Law: what an operator can cause ends without a traceback."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version

from models.accounts import Role
from server.backends import has_database, open_database
from server.cannot_start import CannotStart
from server.doctor import examine
from server.file_commands import add_files
from server.logs import set_up_logs
from server.migrate import open_migrator, read_migrations
from server.serve import serve
from server.settings import Settings, load_settings
from server.sketch_commands import add_sketches
from server.users import create_user, read_password


def main(arguments: Sequence[str] | None = None) -> int:
    """The `chalkline` command. Exit codes: 0 done, 1 could not, 2 not asked properly."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.run(given, load_settings(_flags(given)))
    except CannotStart as error:
        for line in str(error).splitlines():
            print(f"chalkline: {line}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chalkline",
        description="A self-hosted real-time chat and sketch server.",
        epilog="Every flag has a CHALKLINE_* variable; CHALKLINE_CONFIG may name a .env or .toml file.",
    )
    parser.add_argument("--version", action="version", version=f"chalkline {version('chalkline')}")
    commands = parser.add_subparsers(metavar="command", title="commands")
    parser.set_defaults(run=partial(_show_help, parser))
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument(
        "--data-dir", metavar="DIR", help="where the embedded databases, files and the secret are"
    )
    every.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning or error")
    _add_serve(commands.add_parser("serve", parents=[every], help="run the server"))
    _add_migrate(commands.add_parser("migrate", parents=[every], help="change the version of the database"))
    add_sketches(commands.add_parser("sketches", help="take sketches out, bring them in"), every)
    add_files(commands.add_parser("files", help="what was uploaded"), every)
    _add_users(commands.add_parser("users", help="accounts"), every)
    doctor = commands.add_parser(
        "doctor", parents=[every], help="check what the server needs, and say what to do"
    )
    doctor.set_defaults(run=_doctor)
    return parser


def _show_help(parser: argparse.ArgumentParser, _given: argparse.Namespace, _settings: Settings) -> int:
    parser.print_help()
    return 2


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="HOST", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", metavar="PORT", help="port to listen on; 0 picks a free one (8000)")
    parser.add_argument("--workers", metavar="N", help="number of processes (1)")
    parser.add_argument("--tls-cert", metavar="FILE", help="PEM file of the certificate chain")
    parser.add_argument("--tls-key", metavar="FILE", help="PEM file of its key")
    parser.set_defaults(run=lambda _given, settings: serve(settings))


def _add_migrate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "way",
        nargs="?",
        default="up",
        choices=["up", "down", "status"],
        help="up to the newest version (the default), one step down, or show what is applied",
    )
    parser.add_argument(
        "--to", type=int, metavar="N", help="with down: the version to go down to, 0 for nothing"
    )
    parser.set_defaults(run=_migrate)


def _add_users(parser: argparse.ArgumentParser, every: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="command")
    create = commands.add_parser(
        "create", parents=[every], help="make an account, also where registration is closed"
    )
    create.add_argument("name", metavar="NAME")
    create.add_argument("--admin", action="store_true", help="one that may manage the others")
    create.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from standard input; without this it is asked for, or made up and printed",
    )
    create.set_defaults(run=_create_user)


def _flags(given: argparse.Namespace) -> dict[str, object]:
    return {name: value for name, value in vars(given).items() if name in Settings.model_fields}


def _migrate(given: argparse.Namespace, settings: Settings) -> int:
    set_up_logs("warning")
    if given.way != "up" and not has_database(settings):
        print(f"There is no database in {settings.data_dir} yet: `chalkline migrate` or `serve` makes one.")
        return 0
    with open_database(settings) as dsn:
        asyncio.run(_migrate_database(dsn, given.way, given.to))
    return 0


async def _migrate_database(dsn: str, way: str, to: int | None) -> None:
    async with open_migrator(dsn) as migrator:
        if way == "status":
            applied = {step.version: step for step in await migrator.applied()}
            for step in read_migrations():
                found = applied.pop(step.version, None)
                print(f"{step}  {f'applied {found.applied_at:%Y-%m-%d %H:%M}' if found else 'pending'}")
            for stranger in applied.values():
                print(f"{stranger}  applied by a newer Chalkline")
            return
        done = await (migrator.up() if way == "up" else migrator.down(to))
    for step in done:
        print(f"{step}  {'applied' if way == 'up' else 'taken back'}")
    if not done:
        print("nothing to do")


def _create_user(given: argparse.Namespace, settings: Settings) -> int:
    set_up_logs("warning")
    password, was_made_up = read_password(from_stdin=given.password_stdin)
    role: Role = "admin" if given.admin else "member"
    with open_database(settings) as dsn:
        asyncio.run(create_user(settings, dsn, given.name, password, role))
    place = settings.data_dir if settings.database_url is None else "the database of CHALKLINE_DATABASE_URL"
    print(f"{given.name} is now {'an admin' if given.admin else 'a member'} in {place}.")
    if was_made_up:
        print(f"Password: {password}")
    return 0


def _doctor(_given: argparse.Namespace, settings: Settings) -> int:
    set_up_logs("error")
    findings = examine(settings)
    for finding in findings:
        print(finding)
    return 1 if any(finding.verdict == "fail" for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
