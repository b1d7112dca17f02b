"""`chalkline files`: whether what was uploaded is all there, and nothing else."""

import argparse

from server.commanding import with_parts
from server.parts import Parts
from server.settings import Settings
from services.file_check import Finding


def add_files(parser: argparse.ArgumentParser, every: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="command", required=True)
    check = commands.add_parser(
        "check", parents=[every], help="compare the files in the database with the bytes in the store"
    )
    check.add_argument(
        "--repair", action="store_true", help="delete bytes without a file, and put wrong counts right"
    )
    check.set_defaults(run=_check)


def _check(given: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where something is missing, or was found and not put right."""
    found = with_parts(settings, lambda parts: _findings(parts, repair=given.repair))
    for finding in found:
        print(f"{finding.text}: put right" if finding.is_mended else finding.text)
    print(f"{len(found)} found" if found else "Every file has its bytes, and all bytes have their file.")
    return 0 if all(finding.is_mended for finding in found) else 1


async def _findings(parts: Parts, *, repair: bool) -> list[Finding]:
    """Sweeps first: what nobody can reach is no finding."""
    await parts.files.sweeper.sweep()
    return [finding async for finding in parts.files.check.findings(repair=repair)]
