"""The OpenAPI 3.1 document, made from the doors: what they take and give, as their own types say."""

import re
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import msgspec

from handlers.door import Door
from handlers.errors import Problem
from models.ids import MAX_ID

_REF = "#/components/schemas/{name}"
_PATH_PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
_PATH_SCHEMAS: dict[str, dict[str, Any]] = {
    "id": {"type": "integer", "minimum": 1, "maximum": MAX_ID},
    "emoji": {"type": "string", "minLength": 1, "maxLength": 32},
    "word": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
}

Document = dict[str, Any]

_BYTES = {"type": "string", "format": "binary"}
_UPLOAD: Document = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "channel_id": {"type": "integer", "minimum": 1, "maximum": MAX_ID},
                "file": _BYTES,
            },
            "required": ["file"],
            "additionalProperties": False,
        }
    },
    "application/octet-stream": {"schema": _BYTES},
}
"""The first says in its fields what the second says in its query."""


@lru_cache(maxsize=1)
def make_document(prefix: str, doors: tuple[tuple[str, str, Door], ...]) -> Document:
    """Cached: the doors are the same for as long as the process lives."""
    kinds = list(_kinds(door for _, _, door in doors))
    schemas, components = msgspec.json.schema_components([kind for _, kind in kinds], ref_template=_REF)
    found = {key: schema for (key, _), schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for method, path, door in doors:
        plain = _PATH_PARAMETER.sub(r"{\1}", prefix + path)
        paths.setdefault(plain, {})[method.lower()] = _operation(path, door, found, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Chalkline",
            "version": "1",
            "description": "Real-time chat and sketches. The sockets are described in docs/protocol.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(door.module for _, _, door in doors)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _kinds(doors: Iterable[Door]) -> Iterable[tuple[str, Any]]:
    """Each type that stands in the document, under the name by which it is found again."""
    yield "problem", Problem
    for door in doors:
        yield from ((f"{door.name} {part}", kind) for part, kind in _parts(door) if kind is not None)


def _parts(door: Door) -> Iterable[tuple[str, Any]]:
    yield "body", door.body
    yield "query", door.query or door.uploads
    yield from ((str(status), kind) for status, kind in door.gives.items() if kind is not bytes)


def _operation(path: str, door: Door, found: Document, components: Document) -> Document:
    operation: Document = {
        "operationId": door.name,
        "tags": [door.module],
        "summary": door.summary.partition("\n")[0].partition(". ")[0].rstrip("."),
        "description": door.summary,
        "parameters": [*_path_parameters(path), *_query_parameters(door, found, components)],
        "responses": _responses(path, door, found),
    }
    if door.body is not None:
        content = {"application/json": {"schema": found[f"{door.name} body"]}}
        operation["requestBody"] = {"required": not door.may_be_empty, "content": content}
    if door.uploads is not None:
        operation["requestBody"] = {"required": False, "content": _UPLOAD}  # a file may be empty
    if door.takes_sign_in:
        operation["security"] = [{"token": []}]
    return operation


def _path_parameters(path: str) -> Iterable[Document]:
    for name, kind in _PATH_PARAMETER.findall(path):
        yield {"name": name, "in": "path", "required": True, "schema": _PATH_SCHEMAS[kind]}


def _query_parameters(door: Door, found: Document, components: Document) -> Iterable[Document]:
    """A parameter of the query can't be null: it is left out instead."""
    if f"{door.name} query" not in found:
        return
    name = found[f"{door.name} query"]["$ref"].rpartition("/")[2]
    for field, schema in components[name]["properties"].items():
        plain = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
        options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
        plain |= options[0] if options else {}
        yield {"name": field, "in": "query", "required": False, "schema": plain}


def _responses(path: str, door: Door, found: Document) -> Document:
    responses: Document = {}
    for status, kind in door.gives.items():
        responses[str(status)] = {"description": HTTPStatus(status).phrase}
        if kind is bytes:
            responses[str(status)]["content"] = {"*/*": {"schema": _BYTES}}
        elif kind is not None:
            content: Document = {"application/json": {"schema": found[f"{door.name} {status}"]}}
            if door.may_stream:
                content["text/event-stream"] = {}  # docs/protocol.md says what its events hold
            responses[str(status)]["content"] = content
    for problem in _problems(path, door):
        responses[str(int(problem))] = _problem(problem.phrase, found)
    responses["default"] = _problem("Any other error", found)
    return responses


def _problems(path: str, door: Door) -> Iterable[HTTPStatus]:
    if door.takes_sign_in or door.module == "accounts":
        yield HTTPStatus.UNAUTHORIZED
    yield HTTPStatus.FORBIDDEN
    if "{" in path or door.body is not None or door.uploads is not None:
        yield HTTPStatus.NOT_FOUND
    if door.body is not None or door.uploads is not None:
        yield from (
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    if bytes in door.gives.values():
        yield HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    if door.body is not None or door.query is not None or door.uploads is not None:
        yield HTTPStatus.UNPROCESSABLE_ENTITY
    yield HTTPStatus.SERVICE_UNAVAILABLE


def _problem(description: str, found: Document) -> Document:
    return {"description": description, "content": {"application/problem+json": {"schema": found["problem"]}}}
