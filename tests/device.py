"""A browser's half of Web Push, and the push service between it and us: what arrives is decrypted as a browser does."""

import asyncio
import base64
import json
import secrets
from typing import Any, Self

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.house import Person
from tests.target import Target


class Device:
    """One browser: its keys, and the address at which the push service takes what is for it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = secrets.token_bytes(16)

    @property
    def subscription(self) -> dict[str, Any]:
        keys = {"p256dh": encoded(self._point), "auth": encoded(self._auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    @property
    def _point(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def read(self, body: bytes) -> dict[str, Any]:
        """RFC 8188 and 8291 from the reader's side."""
        salt, size, sender, sealed = body[:16], body[20], body[21 : 21 + body[20]], body[21 + body[20] :]
        assert size == 65
        shared = self._key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        secret = HKDF(SHA256(), 32, self._auth, b"WebPush: info\0" + self._point + sender).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        text, _, padding = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\2")
        assert padding.strip(b"\0") == b""
        read: dict[str, Any] = json.loads(text)
        return read


class Push(Target):
    """The push service: a context manager. Devices are at its paths, and `answer` is what it says to a notice."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []
        self.answer = created

    def device(self, name: str) -> Device:
        return Device(f"{self.url}/{name}")

    async def _hear(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        return await super()._hear(request)

    def notices(self, device: Device) -> list[dict[str, Any]]:
        """What this device was sent."""
        path = device.endpoint.removeprefix(self.url)
        return [
            device.read(body) for at, (_, body) in zip(self.paths, self.heard, strict=False) if at == path
        ]

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self


async def created(_: web.Request) -> web.StreamResponse:
    return web.Response(status=201)


def answers(status: int, **headers: str) -> Any:
    async def answer(_: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, headers=named)

    return answer


async def subscribe(person: Person, device: Device, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await person.post("/push/subscriptions", {**device.subscription, **more})
    return made


async def until(seconds: float, holds: Any) -> None:
    """Waits until it holds; `holds` is asked again and again, and may be a coroutine function."""
    async with asyncio.timeout(seconds):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.05)


def signed_by(header: str, key: str) -> dict[str, Any]:
    """The claims of a VAPID header (RFC 8292), whose signature is that of the key."""
    scheme, _, rest = header.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", key)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    claims: dict[str, Any] = jwt.decode(
        parts["t"], point, algorithms=["ES256"], options={"verify_aud": False}
    )
    return claims


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
