"""`chalkline sketches`: sketches as files, in and out, and their logs made short, by whoever holds the machine."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models import wire
from models.errors import Fault
from models.ids import MAX_ID, ChannelId, SketchId
from models.sketches import ExcalidrawFile, ImportSketch, Sketch
from server.cannot_start import CannotStart
from server.commanding import with_parts
from server.parts import Parts
from server.settings import Settings
from services.excalidraw_out import file_of
from services.sketch_json import json_of
from services.sketch_svg import png, svg

FORMATS: dict[str, Callable[[Any, str], bytes]] = {
    "excalidraw": lambda scene, _: file_of(scene),
    "json": json_of,
    "svg": svg,
    "png": lambda scene, title: png(scene, title, 2048),
}


def add_sketches(parser: argparse.ArgumentParser, every: argparse.ArgumentParser) -> None:
    """The three commands."""
    commands = parser.add_subparsers(metavar="command", required=True)
    out = commands.add_parser("export", parents=[every], help="one sketch as a file")
    out.add_argument("sketch", metavar="ID", type=int)
    out.add_argument("--format", choices=sorted(FORMATS), default="excalidraw")
    out.add_argument("--output", metavar="FILE", type=Path, help="instead of standard output")
    out.set_defaults(run=_export)
    into = commands.add_parser("import", parents=[every], help="a sketch from an .excalidraw file")
    into.add_argument("file", metavar="FILE", type=Path)
    into.add_argument("--channel", metavar="ID", type=int, required=True)
    into.add_argument("--user", metavar="NAME", required=True, help="who draws it; a member of the channel")
    into.add_argument("--title", metavar="TITLE", help="the file's name, if left out")
    into.set_defaults(run=_import)
    short = commands.add_parser("compact", parents=[every], help="make each sketch's log one snapshot")
    short.set_defaults(run=_compact)


def _export(given: argparse.Namespace, settings: Settings) -> int:
    sketch = SketchId(min(max(given.sketch, 0), MAX_ID))
    found, scene = with_parts(settings, lambda parts: parts.sketches.service.taken_out(sketch))
    data = FORMATS[given.format](scene, found.title)
    if given.output is None:
        sys.stdout.buffer.write(data)
    else:
        try:
            given.output.write_bytes(data)
        except OSError as error:
            raise CannotStart(f"{given.output} can't be written: {error.strerror}.") from None
    return 0


def _import(given: argparse.Namespace, settings: Settings) -> int:
    try:
        file = wire.decode(given.file.read_bytes(), ExcalidrawFile)
    except OSError as error:
        raise CannotStart(f"{given.file} can't be read: {error.strerror}.") from None
    except Fault as fault:
        raise CannotStart(f"{given.file} is not an .excalidraw file: {fault.detail}") from None
    title = (given.title or given.file.stem).strip()[:80] or "Imported sketch"
    channel = ChannelId(min(max(given.channel, 0), MAX_ID))

    async def bring_in(parts: Parts) -> Sketch:
        actor = await parts.accounts.stand_in(given.user)
        return await parts.sketches.service.bring_in(actor, channel, ImportSketch(file, title))

    made = with_parts(settings, bring_in)
    print(f"{title} is sketch {made.id}.")
    return 0


def _compact(_given: argparse.Namespace, settings: Settings) -> int:
    done, failed = with_parts(settings, lambda parts: parts.sketches.service.compact_all())
    print(f"{done} compacted" + (f", {failed} could not be read" if failed else ""))
    return 1 if failed else 0
