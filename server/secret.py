"""The key that signs every token. Law: at least 32 random bytes, made once, readable by its owner alone."""

import os
import secrets
import tempfile
from pathlib import Path

from server.setting_kinds import secret as checked
from server.settings import Settings, SettingsRefused

_FILE = "secret"


def signing_key(settings: Settings) -> bytes:
    """CHALKLINE_SECRET, or what the data directory holds; made there when it holds none.

    Raises `SettingsRefused` when the kept one is too short.
    """
    if settings.secret is not None:
        return settings.secret.encode()
    path = secret_path(settings)
    if not path.exists():
        _create(path)
    try:
        return checked(path.read_text(encoding="utf-8").strip()).encode()
    except ValueError as error:
        message = f"{path} does not hold a usable secret: {error}."
        raise SettingsRefused(
            f"{message} Remove it (everyone signs in again) or set CHALKLINE_SECRET."
        ) from None


def secret_path(settings: Settings) -> Path:
    return settings.data_dir / _FILE


def _create(path: Path) -> None:
    """Complete or not at all, and the first of several processes wins: all of them read the same afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # made with mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        return
    finally:
        Path(unfinished).unlink()
