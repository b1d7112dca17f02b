"""What kinds of values a setting may have. Each function gives the value back in its one true form or raises."""

import ipaddress
import os
from pathlib import Path
from urllib.parse import urlsplit

SECRET_BYTES = 32
_SECRET_VARIETY = (
    8  # different bytes: 32 random ones have fewer once in 10^28, typed-in fillers nearly always
)

_DATABASE_SCHEMES = {"postgres", "postgresql"}
_REDIS_SCHEMES = {"redis", "rediss", "unix", "redis+cluster", "rediss+cluster", "redis+sentinel"}


def split_list(value: object) -> object:
    """`a, b` as two words; lists of a TOML file pass through."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


def on_or_off(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("on", "off"):
        raise ValueError("neither on nor off")
    return value == "on"


def absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def readable_file(path: Path) -> Path:
    path = absolute(path)
    if not path.is_file() or not os.access(path, os.R_OK):
        raise ValueError("there is no such file, or it cannot be read")
    return path


def database_url(value: str) -> str:
    return _with_scheme(value, _DATABASE_SCHEMES)


def redis_url(value: str) -> str:
    return _with_scheme(value, _REDIS_SCHEMES)


def http_url(value: str) -> str:
    if not urlsplit(_with_scheme(value, {"http", "https"})).hostname:
        raise ValueError("it has no host")
    return value.rstrip("/")


def secret(value: str) -> str:
    key = value.encode()
    if len(key) < SECRET_BYTES:
        raise ValueError(f"it has {len(key)} bytes")
    if len(set(key)) < _SECRET_VARIETY:
        raise ValueError("it does not look random")
    return value


def origins(values: tuple[str, ...]) -> tuple[str, ...]:
    """As browsers send them: lower case, nothing behind the port."""
    found = [value.rstrip("/").lower() for value in values]
    for origin in found:
        parts = urlsplit(_with_scheme(origin, {"http", "https"}))
        if not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}" or "@" in origin:
            raise ValueError(f"{origin} is not an origin")
    return tuple(found)


def networks(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(ipaddress.ip_network(value)) for value in values)


def to_text(value: object) -> str:
    """The value as its variable would have it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)


def _with_scheme(value: str, schemes: set[str]) -> str:
    if urlsplit(value).scheme not in schemes:
        raise ValueError("it begins with another scheme")
    return value
