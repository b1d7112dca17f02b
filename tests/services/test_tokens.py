"""Tokens under attack: whatever is wrong with one, it opens nothing, and the answer is the same."""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Unauthenticated
from models.ids import MAX_ID, SessionId, UserId
from services.tokens import ACCESS_SECONDS, LEEWAY_SECONDS, SIGN_IN, Purpose, Tokens

KEY = b"0123456789abcdef0123456789abcdef"
OTHER_KEY = b"fedcba9876543210fedcba9876543210"
TOKENS = Tokens(KEY)
USER, SESSION = UserId(7), SessionId("session-1")


def claims(**changes: Any) -> dict[str, Any]:
    """Those of a good access token, with changes; None takes one away."""
    now = int(time.time())
    good = {
        "iss": "chalkline",
        "aud": "chalkline:access",
        "typ": "access",
        "sub": "7",
        "sid": "session-1",
        "jti": "x",
        "iat": now,
        "nbf": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(payload: dict[str, Any], key: bytes = KEY, **header: Any) -> str:
    """By hand, since no library signs what is wrong."""
    head = {"alg": "HS256", "typ": "JWT", **header}
    parts = [_base64(json.dumps(part).encode()) for part in (head, payload)]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        ".".join(parts).encode(), key
    )
    return ".".join([*parts, _base64(signature)])


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def refuse(token: str, purpose: Purpose = "access") -> None:
    with pytest.raises(Unauthenticated) as refused:
        TOKENS.check(token, purpose)
    assert refused.value.detail == SIGN_IN


def test_a_token_says_whose_it_is_until_when() -> None:
    said = TOKENS.check(TOKENS.access(USER, SESSION), "access")

    assert (said.user_id, said.session_id, said.generation) == (USER, SESSION, 0)
    assert said.expires_at == pytest.approx(time.time() + ACCESS_SECONDS, abs=2)
    assert TOKENS.check(TOKENS.refresh(USER, SESSION, 4), "refresh").generation == 4


def test_two_tokens_are_never_the_same() -> None:
    assert TOKENS.access(USER, SESSION) != TOKENS.access(USER, SESSION)


def test_what_is_signed_by_hand_as_we_sign_passes() -> None:
    assert TOKENS.check(signed(claims()), "access").user_id == USER


def test_a_short_key_is_no_key() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(KEY[:31])


def test_a_token_for_one_purpose_serves_no_other() -> None:
    refuse(TOKENS.refresh(USER, SESSION, 1), "access")
    refuse(TOKENS.access(USER, SESSION), "refresh")
    refuse(signed(claims(typ="refresh")), "access")
    refuse(signed(claims(aud="chalkline:refresh")), "access")
    refuse(signed(claims(typ="ticket", aud="chalkline:ticket")), "access")


@pytest.mark.parametrize(
    "alg", ["none", "None", "nOnE", "HS384", "HS512", "RS256", "ES256", "", "hs256", None, 5, []]
)
def test_only_our_one_algorithm_counts(alg: Any) -> None:
    refuse(signed(claims(), alg=alg))
    refuse(signed(claims(), alg=alg).rsplit(".", 1)[0] + ".")


def test_another_key_is_a_forgery() -> None:
    refuse(signed(claims(), OTHER_KEY))
    refuse(Tokens(OTHER_KEY).access(USER, SESSION))


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "../../dev/null"},
        {"kid": "' or 1=1 --"},
        {"kid": "k" * 10_000},
        {"jku": "https://mallory.example/keys"},
        {"x5u": "https://mallory.example/cert"},
        {"jwk": {"kty": "oct", "k": _base64(OTHER_KEY)}},
    ],
)
def test_a_header_cannot_choose_the_key(header: dict[str, Any]) -> None:
    refuse(signed(claims(), OTHER_KEY, **header))
    refuse(signed(claims(), b"", **header))


def test_an_unknown_critical_extension_is_refused() -> None:
    refuse(signed(claims(), crit=["mallory"], mallory=True))
    refuse(signed(claims(), crit=["b64"], b64=False))


@pytest.mark.parametrize("name", ["exp", "iat", "nbf", "iss", "aud", "sub", "sid", "jti", "typ"])
def test_no_claim_may_be_missing(name: str) -> None:
    refuse(signed(claims(**{name: None})))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "mallory"},
        {"aud": "chalkline"},
        {"aud": ""},
        {"aud": 5},
        {"exp": int(time.time()) - LEEWAY_SECONDS - 1},
        {"exp": 0},
        {"exp": -1},
        {"exp": "soon"},
        {"exp": "99999999999"},
        {"exp": float("nan")},
        {"exp": 1e400},
        {"exp": True},
        {"exp": [99999999999]},
        {"nbf": int(time.time()) + 3600},
        {"nbf": "x"},
        {"iat": int(time.time()) + 3600},
        {"iat": {}},
        {"sub": 7},
        {"sub": "alice"},
        {"sub": "-7"},
        {"sub": "٧"},
        {"sub": "7\n"},
        {"sub": " 7"},
        {"sub": "1_0"},
        {"sub": "1" * 5000},
        {"sid": 5},
        {"sid": ["session-1"]},
        {"sid": "a\x00b"},
        {"sid": ""},
        {"gen": "1"},
        {"gen": -1},
        {"gen": 2**31},
        {"typ": 5},
        {"typ": ["access"]},
    ],
    ids=lambda change: next(iter(change)),  # not by the time: it differs from process to process
)
def test_a_claim_of_another_kind_or_time_is_refused(change: dict[str, Any]) -> None:
    refuse(signed(claims(**change)))


def test_clocks_may_differ_a_little() -> None:
    assert TOKENS.check(signed(claims(exp=int(time.time()) - 1)), "access").user_id == USER


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "é.é.é",
        "\x00",
        "null",
        "e30.e30.",
        "[" * 4000,
        "a" * 4000,
        "e30." * 900,
    ],
)
def test_what_is_no_token_is_refused(text: str) -> None:
    refuse(text)


@pytest.mark.parametrize("payload", ["null", "[]", "5", '"x"', "[" * 3000, '{"a":' * 3000])
def test_a_payload_that_is_no_object_is_refused(payload: str) -> None:
    head = _base64(b'{"alg":"HS256","typ":"JWT"}')
    body = f"{head}.{_base64(payload.encode())}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(body.encode(), KEY)

    refuse(f"{body}.{_base64(signature)}")


@given(st.data())
def test_a_token_with_one_character_changed_opens_nothing(data: st.DataObject) -> None:
    token = TOKENS.access(USER, SESSION)
    place = data.draw(st.integers(0, len(token) - 2))  # the last one holds bits that base64 throws away
    letter = data.draw(st.sampled_from("ABCXYZabcxyz019-_.").filter(lambda letter: letter != token[place]))

    refuse(token[:place] + letter + token[place + 1 :])


@given(
    st.integers(1, MAX_ID), st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True), st.integers(0, 2**31 - 1)
)
def test_what_was_signed_is_what_is_read(user: int, session: str, generation: int) -> None:
    said = TOKENS.check(TOKENS.refresh(UserId(user), SessionId(session), generation), "refresh")

    assert (said.user_id, said.session_id, said.generation) == (user, session, generation)
