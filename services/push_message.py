"""A notice on its way to a browser: encrypted so that only the browser reads it (RFC 8291, RFC 8188), and signed so
that the push service knows who sends it (RFC 8292). Pure functions, but for the randomness of each message's keys.
"""

import base64
import hashlib
import hmac
import secrets
import time
from urllib.parse import urlsplit

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from models.errors import Invalid

RECORD = 4096
"""A message is one record of the content coding."""

STEP = 256
"""Notices are filled up to a multiple of this many bytes, so that their length says little."""

SIGNED_SECONDS = 12 * 3600
"""How long a signature is good for; push services take none of more than a day."""

_CURVE = ec.SECP256R1()
_END = b"\x02"  # of the last record: padding follows


def new_private_key() -> bytes:
    key = ec.generate_private_key(_CURVE)
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def browser_key(text: str) -> bytes:
    """A point of the curve, uncompressed. Raises Invalid."""
    key = _decoded(text, 65, "keys.p256dh")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, key)
    except (ValueError, UnsupportedAlgorithm):
        raise _not_a_key("keys.p256dh") from None
    return key


def browser_secret(text: str) -> bytes:
    """Raises Invalid."""
    return _decoded(text, 16, "keys.auth")


def encrypt(
    text: bytes,
    p256dh: bytes,
    auth: bytes,
    *,
    private_key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    step: int = STEP,
) -> bytes:
    """As `aes128gcm`. The message's key and salt are new each time; they are given to make a published one again."""
    ours = private_key or ec.generate_private_key(_CURVE)
    salt = salt or secrets.token_bytes(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, p256dh)
    point = public_point(ours)
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = _derive(shared, auth, b"WebPush: info\0" + p256dh + point, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    padding = bytes(-len(text) % step) if step else b""
    sealed = AESGCM(key).encrypt(nonce, text + _END + padding, None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(point)]) + point + sealed


class Signer:
    """Our pair of keys, for all push services. `contact` tells them whom to ask when something is wrong with us."""

    def __init__(self, private_key: bytes, contact: str | None) -> None:
        key = load_der_private_key(private_key, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = key
        self._contact = contact
        self._signed: dict[str, tuple[float, str]] = {}
        self.public_key = _encoded(public_point(key))
        """What browsers subscribe with, in base64url."""

    def authorization(self, endpoint: str) -> str:
        """The header for one push service, of which half the time that it is good for is left at least."""
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        until, header = self._signed.get(origin, (0.0, ""))
        if until - time.time() < SIGNED_SECONDS / 2:
            until = time.time() + SIGNED_SECONDS
            header = self._sign(origin, int(until))
            if len(self._signed) > 1000:  # named by users
                self._signed.clear()
            self._signed[origin] = (until, header)
        return header

    def _sign(self, origin: str, until: int) -> str:
        claims: dict[str, object] = {"aud": origin, "exp": until}
        if self._contact:
            claims["sub"] = self._contact
        token = jwt.encode(claims, self._key, algorithm="ES256")
        return f"vapid t={token}, k={self.public_key}"


def topic(auth: bytes, channel: int) -> str:
    """One for each device and channel, so that a push service keeps the newest alone, and can't tell which it is."""
    return _encoded(hmac.digest(auth, b"channel:%d" % channel, hashlib.sha256)[:24])


def public_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _decoded(text: str, length: int, field: str) -> bytes:
    try:
        found = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except ValueError:
        found = b""
    if len(found) != length:
        raise _not_a_key(field)
    return found


def _not_a_key(field: str) -> Invalid:
    return Invalid("This is no key of a browser's.", {field: "Expected what PushSubscription.toJSON() gives"})


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
