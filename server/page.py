"""The web client as it is served: what `make page` has built, read once, with the page's policy on every answer.

Files below /assets have their content's hash in their name and are kept for ever; all others are asked for anew each
time, so no browser runs code that is older than its server.
"""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from models.errors import NotFound

BUILT = Path(__file__).with_name("page")

POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; frame-src 'none'; "
    "object-src 'none'; require-trusted-types-for 'script'; trusted-types chalkline"
)
"""A worker keeps to the policy that its own script came with, so every file has it."""

VIEWS = (
    "/", "/browse", "/sign-in", "/sign-up", "/c/{channel_id:id}", "/c/{channel_id:id}/{seq:id}",
    "/c/{channel_id:id}/threads/{thread:id}", "/c/{channel_id:id}/threads/{thread:id}/{seq:id}",
    "/c/{channel_id:id}/sketches/{sketch_id:id}", "/c/{channel_id:id}/webhooks", "/shared/{sketch_id:id}",
    "/threads", "/search", "/account", "/account/{tab:word}", "/admin", "/admin/{tab:word}",
)  # fmt: skip
"""Addresses within the page; web/src/app/router.ts reads them."""

FILES = ("/manifest.webmanifest", "/service-worker.js", "/icon.svg", "/icon-{name:word}.png")

_NOT_BUILT = "The page has not been built yet. In a clone `make page` does so, and `make run` by itself.\n"
_PACKED = {"br": ".br", "gzip": ".gz"}
_KINDS = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


@dataclass(frozen=True)
class File:
    """`bodies` by encoding; the empty one is the file itself."""

    kind: str
    mark: str
    bodies: Mapping[str, bytes]


class Page:
    """Serves the files of one folder, from memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def routes(self) -> list[BaseRoute]:
        return [
            *(Route(path, self.view) for path in VIEWS),
            *(Route(path, self.file) for path in FILES),
            Route("/assets/{name:path}", self.asset),
        ]

    @cached_property
    def _files(self) -> Mapping[str, File]:
        packed = tuple(_PACKED.values())
        found = sorted(path for path in self._folder.rglob("*") if path.is_file())
        return {
            "/" + path.relative_to(self._folder).as_posix(): _read(path)
            for path in found
            if not path.name.endswith(packed)
        }

    async def view(self, request: Request[Any]) -> Response:
        """All views are one page, which reads its own address."""
        if "/index.html" not in self._files:
            return PlainTextResponse(_NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE)
        return self._answer(request, "/index.html", "no-cache")

    async def file(self, request: Request[Any]) -> Response:
        return self._answer(request, request.url.path, "no-cache")

    async def asset(self, request: Request[Any]) -> Response:
        return self._answer(request, request.url.path, "public, max-age=31536000, immutable")

    def _answer(self, request: Request[Any], path: str, caching: str) -> Response:
        file = self._files.get(path)
        if file is None:
            raise NotFound
        accepted = {word.partition(";")[0].strip() for word in _accepted(request)}
        encoding = next((name for name in _PACKED if name in accepted and name in file.bodies), "")
        headers = {
            "Cache-Control": caching,
            "Content-Security-Policy": POLICY,
            "ETag": f'"{file.mark}{encoding and f"-{encoding}"}"',
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(file.bodies[encoding], headers=headers, media_type=file.kind)


def _accepted(request: Request[Any]) -> list[str]:
    return request.headers.get("Accept-Encoding", "").lower().split(",")


def _read(path: Path) -> File:
    kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    bodies = {"": path.read_bytes()}
    for encoding, suffix in _PACKED.items():
        beside = path.with_name(path.name + suffix)
        if beside.is_file():
            bodies[encoding] = beside.read_bytes()
    is_text = kind.startswith("text/")
    return File(
        f"{kind}; charset=utf-8" if is_text else kind, hashlib.sha256(bodies[""]).hexdigest()[:16], bodies
    )
