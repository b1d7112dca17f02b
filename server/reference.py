"""The API's reference: the OpenAPI document, and the same as a page that needs no script and no other host."""

import json
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from handlers.door import json_response
from server import routes
from server.openapi import Document, make_document

_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


async def document(_: Request[Any]) -> Response:
    """GET /openapi.json"""
    return json_response(make_document(routes.API, routes.DOORS))


async def page(_: Request[Any]) -> Response:
    """GET /doc"""
    return Response(
        _page(), media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _POLICY}
    )


async def style(_: Request[Any]) -> Response:
    """GET /doc/style.css"""
    text = files("server").joinpath("reference.css").read_text("utf-8")
    return Response(text, media_type="text/css; charset=utf-8")


@lru_cache(maxsize=1)
def _page() -> str:
    made = make_document(routes.API, routes.DOORS)
    groups: dict[str, list[str]] = {tag["name"]: [] for tag in made["tags"]}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_operation(method.upper(), path, operation))
    schemas = [_schema(name, schema) for name, schema in sorted(made["components"]["schemas"].items())]
    sections = [*groups.items(), ("values", schemas)]
    links = "".join(f'<li><a href="#{name}">{name}</a></li>' for name, _ in sections)
    content = "".join(f'<h2 id="{name}">{name}</h2>{"".join(parts)}' for name, parts in sections)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chalkline API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/doc/style.css"></head><body>'
        f"<nav><h1>Chalkline API</h1><ul>{links}</ul>"
        '<p><a href="/openapi.json">openapi.json</a></p></nav>'
        f"<main>{content}</main></body></html>"
    )


def _operation(method: str, path: str, operation: Document) -> str:
    takes = [_parameter(parameter) for parameter in operation["parameters"]]
    if "requestBody" in operation:
        takes.append(f"<li>body: {_kind(_content(operation['requestBody']))}</li>")
    gives = [
        f"<li>{status} {escape(answer['description'])}: {_kind(_content(answer))}</li>"
        for status, answer in operation["responses"].items()
    ]
    lock = "" if "security" in operation else '<span class="open">no sign-in</span>'
    return (
        f'<details id="{operation["operationId"]}"><summary><b class="{method.lower()}">{method}</b> '
        f"<code>{escape(path)}</code> {escape(operation['summary'])} {lock}</summary>"
        f"<p>{escape(operation['description'])}</p>"
        f"<h4>Takes</h4><ul>{''.join(takes) or '<li>nothing</li>'}</ul>"
        f"<h4>Gives</h4><ul>{''.join(gives)}</ul></details>"
    )


def _parameter(parameter: Document) -> str:
    return (
        f"<li><code>{escape(parameter['name'])}</code> ({parameter['in']}): {_kind(parameter['schema'])}</li>"
    )


def _content(holder: Document) -> Document:
    content = holder.get("content") or {}
    return next((medium["schema"] for medium in content.values()), {})


def _kind(schema: Document) -> str:
    """A schema in one line: a link where it has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    return f"<code>{escape(json.dumps(schema, ensure_ascii=False))}</code>" if schema else "nothing"


def _schema(name: str, schema: Document) -> str:
    text = escape(json.dumps(schema, indent=2, ensure_ascii=False))
    return f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary><pre>{text}</pre></details>'
