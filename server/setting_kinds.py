"""What kinds of values a setting may have. Each function gives the value back in its one true form or raises."""

import ipaddress
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

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


def contact(value: str) -> str:
    parts = urlsplit(_with_scheme(value, {"mailto", "https"}))
    if not (parts.hostname if parts.scheme == "https" else "@" in parts.path):
        raise ValueError("it names nobody")
    return value


def bucket_url(value: str) -> str:
    """`s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=…&tls=off]`; without a key, AWS' own ways to one count."""
    parts = urlsplit(_with_scheme(value, {"s3"}))
    if not parts.hostname or not parts.path.strip("/"):
        raise ValueError("it names no host, or no bucket")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("it has a key without a secret, or a secret without a key")
    query = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    if strangers := query.keys() - {"region", "tls"}:
        raise ValueError(f"there is no {min(strangers)}")
    if query.get("tls", ["on"])[-1] not in ("on", "off"):
        raise ValueError("tls is neither on nor off")
    return value


DEMO = "demo"


def endpoints(values: tuple[str, ...]) -> tuple[str, ...]:
    """Of AI; `demo` stands for one that comes with Chalkline."""
    return values if values == (DEMO,) else tuple(http_url(value) for value in values)


def budgets(value: object) -> object:
    """`user/day=1000, workspace/month=…` by name; `none` is no limit at all."""
    if not isinstance(value, str):
        return value
    found = _pairs(value)
    for name, limit in found.items():
        scope, _, period = name.partition("/")
        if scope not in ("user", "channel", "workspace") or period not in ("day", "month"):
            raise ValueError(f"there is no budget {name}")
        if not limit.isascii() or not limit.isdigit():
            raise ValueError(f"{name} is no number of tokens")
    return found


def prices(value: object) -> object:
    """`model=prompt/answer` by model."""
    if not isinstance(value, str):
        return value
    return {model: tuple(price.split("/")) for model, price in _pairs(value).items()}


def timeouts(value: object) -> object:
    if not isinstance(value, str):
        return value
    seconds = tuple(float(one) for one in value.split("/"))
    if not all(0 < one < 3600 for one in seconds):
        raise ValueError("each is more than 0 and less than 3600")
    return seconds


def _pairs(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in () if value == "none" else filter(None, (one.strip() for one in value.split(","))):
        name, equals, number = pair.rpartition("=")
        if not equals:
            raise ValueError(f"{pair} has no =")
        found[name.strip()] = number.strip()
    return found


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
    if isinstance(value, dict):
        return ",".join(f"{name}={_slashed(one)}" for name, one in value.items()) or "none"
    if isinstance(value, tuple):
        return ("/" if any(isinstance(one, float) for one in value) else ",").join(map(str, value))
    return str(value)


def _slashed(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _with_scheme(value: str, schemes: set[str]) -> str:
    if urlsplit(value).scheme not in schemes:
        raise ValueError("it begins with another scheme")
    return value
