"""Reads the file that CHALKLINE_CONFIG names, .env or TOML. Law: a name that means nothing here is an error.

In a .env file the names are those of the variables; in TOML they may also be short (`port = 9000`).
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values


class BadFile(Exception):
    """The file cannot be read or has a name that Chalkline does not know."""


def read_settings_file(path: Path, prefix: str, known: set[str]) -> dict[str, object]:
    """Field names and values. Raises `BadFile`."""
    found: dict[str, object] = {}
    for written, value in _read(path, prefix).items():
        name = written.removeprefix(prefix).lower()
        if name not in known:
            raise BadFile(_unknown(path, f"{prefix}{name.upper()}", prefix, known))
        if value is not None and value != "":
            found[name] = value
    return found


def _read(path: Path, prefix: str) -> Mapping[str, object]:
    if path.suffix != ".toml" and not path.name.endswith(".env"):
        raise BadFile(f"{prefix}CONFIG accepts the path of a .env or .toml file, not {path}.")
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".toml":
            return tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise BadFile(f"{prefix}CONFIG names {path}, which cannot be read: {error}") from error
    # Other programs may keep their variables in the same .env file.
    return {
        name: value
        for name, value in dotenv_values(path, interpolate=False).items()
        if name.startswith(prefix)
    }


def _unknown(path: Path, variable: str, prefix: str, known: set[str]) -> str:
    names = sorted(f"{prefix}{name.upper()}" for name in known)
    near = get_close_matches(variable, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"it accepts {', '.join(names)}."
    return f"{path} sets {variable}, which Chalkline does not know: {hint}"
