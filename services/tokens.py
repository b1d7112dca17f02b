"""Tokens: signed with one key and one algorithm, each for one purpose.

An access token opens doors for 15 minutes while its session lives. A refresh token names a generation of its
session: signed, so that none can be made up, and spent when the generation moves on.
"""

import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

import jwt
import msgspec

from models.errors import Unauthenticated
from models.ids import SessionId, UserId
from models.text import SessionName

ACCESS_SECONDS = 15 * 60
REFRESH_SECONDS = 30 * 24 * 3600
LEEWAY_SECONDS = 5
"""For clocks of instances that differ a little."""

REMEMBERED = 4096
"""Tokens whose signature isn't checked again at the next request: it takes as long as a query."""

_ISSUER = "chalkline"
_ALGORITHM = "HS256"
_CLAIMS = ["exp", "iat", "nbf", "iss", "aud", "sub", "sid", "jti", "typ"]

Purpose = Literal["access", "refresh"]


class _Signed(msgspec.Struct):
    """What a token of ours says; the library has checked its signature, and the time, issuer and audience."""

    typ: str
    sub: Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,15}$(?!\n)")]
    sid: SessionName
    exp: Annotated[int, msgspec.Meta(ge=0, lt=2**40)]
    gen: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] = 0


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says; `expires_at` is Unix time."""

    user_id: UserId
    session_id: SessionId
    expires_at: float
    generation: int


class Tokens:
    """Signs and checks. The key has at least 32 bytes, or the server would not have started."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("A key for tokens has at least 32 bytes.")
        self._key = key
        self._verified = lru_cache(REMEMBERED)(self._verify)

    def access(self, user: UserId, session: SessionId) -> str:
        return self._sign("access", user, session, ACCESS_SECONDS, {})

    def refresh(self, user: UserId, session: SessionId, generation: int) -> str:
        return self._sign("refresh", user, session, REFRESH_SECONDS, {"gen": generation})

    def _sign(
        self, purpose: Purpose, user: UserId, session: SessionId, seconds: int, more: dict[str, int]
    ) -> str:
        now = int(time.time())
        claims = {
            "iss": _ISSUER,
            "aud": f"{_ISSUER}:{purpose}",
            "typ": purpose,
            "sub": str(user),
            "sid": session,
            "jti": secrets.token_urlsafe(12),
            "iat": now,
            "nbf": now,
            "exp": now + seconds,
            **more,
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def check(self, token: str, purpose: Purpose) -> Claims:
        """Raises Unauthenticated, always in the same words: why a token fails is nobody's business."""
        claims = self._verified(token, purpose)
        if claims.expires_at <= time.time() - LEEWAY_SECONDS:  # since it was first seen
            raise Unauthenticated(SIGN_IN)
        return claims

    def _verify(self, token: str, purpose: Purpose) -> Claims:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=f"{_ISSUER}:{purpose}",
                issuer=_ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": _CLAIMS},
            )
            said = msgspec.convert(claims, _Signed)
        except (
            jwt.PyJWTError,
            msgspec.ValidationError,
            ValueError,
            TypeError,
            RecursionError,
            OverflowError,
        ):
            raise Unauthenticated(SIGN_IN) from None
        if said.typ != purpose:
            raise Unauthenticated(SIGN_IN)
        return Claims(UserId(int(said.sub)), SessionId(said.sid), said.exp, said.gen)


SIGN_IN = "Sign in: there is no valid access token with this request."
