"""The parts that keep files, wired: their bytes are in the data directory, or in the bucket of CHALKLINE_FILES_URL."""

from dataclasses import dataclass
from pathlib import Path

from connections.manager import Manager
from server.settings import Settings
from services.file_check import FileCheck
from services.file_ports import Blobs
from services.file_sweeper import FileSweeper
from services.files import MIB, FileBounds, FileService
from services.members import MemberService
from services.workshop import Workshop
from store.disk_blobs import DiskBlobs
from store.files import FileStore
from store.pool import Database
from store.spool import Spool

NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class FileParts:
    """What the doors, the metrics and the commands need of it."""

    service: FileService
    sweeper: FileSweeper
    check: FileCheck
    blobs: Blobs


def wire_files(
    settings: Settings, database: Database, members: MemberService, manager: Manager, workshop: Workshop
) -> FileParts:
    """The sweep goes on for as long as the manager is open."""
    store, blobs, spool = FileStore(database), open_blobs(settings), Spool(directory(settings) / "incoming")
    service = FileService(store, blobs, spool, members, workshop, _bounds(settings))
    sweeper = FileSweeper(store, blobs, spool, service.counts)
    manager.spawn(sweeper.keep_swept())
    return FileParts(service, sweeper, FileCheck(store, blobs), blobs)


def directory(settings: Settings) -> Path:
    """Of what arrives, and of what is kept where there is no bucket."""
    return settings.data_dir / "files"


def open_blobs(settings: Settings) -> Blobs:
    if settings.files_url is not None:
        from store.s3_blobs import S3Blobs, open_bucket  # noqa: PLC0415 - 12 MiB that few need

        return S3Blobs(open_bucket(settings.files_url))
    return DiskBlobs(directory(settings) / "blobs")


def _bounds(settings: Settings) -> FileBounds:
    return FileBounds(
        settings.file_size * MIB,
        settings.files_per_user * MIB or NO_LIMIT,
        settings.files_in_all * MIB or NO_LIMIT,
    )
