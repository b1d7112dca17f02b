"""Bytes by name in a bucket of anything that speaks S3, by way of obstore (Rust's object_store).

It signs, retries, and sends what is large in parts; a range that is asked for is read as that range.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from models.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from obstore.store import S3Config

PART_BYTES = 8 * 2**20
PARTS_AT_ONCE = 2
RANGE_BYTES = 2 * 2**20

log = structlog.get_logger()


class S3Blobs:
    """Fits `services.file_ports.Blobs`."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    async def put(self, name: str, path: str) -> None:
        """An object appears whole or not at all: so says S3 of each way to write one."""
        source = Path(path)
        with _one_error():
            try:
                found = await obstore.head_async(self._store, name)
            except (NotFoundError, FileNotFoundError):
                found = None
            if found is not None and found["size"] == source.stat().st_size:  # noqa: ASYNC240 - no wait
                return
            await obstore.put_async(
                self._store, name, source, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE
            )

    async def read(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """A request for each few MiB: a reader who is slow holds none open until it times out."""
        end = start + length
        first = await self._range(name, start, min(end, start + RANGE_BYTES)) if length else b""

        async def pieces() -> AsyncIterator[bytes]:
            yield first
            for at in range(start + RANGE_BYTES, end, RANGE_BYTES):
                yield await self._range(name, at, min(end, at + RANGE_BYTES))

        return pieces()

    async def _range(self, name: str, start: int, end: int) -> bytes:
        with _one_error():
            try:
                return bytes(await obstore.get_range_async(self._store, name, start=start, end=end))
            except (NotFoundError, FileNotFoundError):
                raise NotFound("The bytes of this file are not there.") from None

    async def delete(self, names: Sequence[str]) -> None:
        if names:
            with _one_error():
                await obstore.delete_async(self._store, names)

    async def names(self) -> AsyncIterator[tuple[str, int]]:
        with _one_error():
            async for page in obstore.list(self._store):
                for found in page:
                    yield found["path"].rpartition("/")[2], found["size"]


@contextmanager
def _one_error() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        log.error("files_failed", error=type(error).__name__)  # noqa: TRY400 - its text may hold a signed URL
        raise Unavailable("The store of files can't be reached right now.", retry_after=10) from error


def open_bucket(url: str) -> S3Store:
    """The bucket of a URL that was checked: server/setting_kinds.py says of what form it is."""
    parts = urlsplit(url)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    query = dict(parse_qsl(parts.query))
    is_plain = query.get("tls") == "off"
    host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    keys: S3Config = {}
    if parts.username and parts.password:
        keys = {"access_key_id": unquote(parts.username), "secret_access_key": unquote(parts.password)}
    return S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=f"{'http' if is_plain else 'https'}://{host}",
        region=query.get("region", "us-east-1"),
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": is_plain,
            "timeout": timedelta(seconds=60),
            "connect_timeout": timedelta(seconds=5),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        config=keys,
    )
