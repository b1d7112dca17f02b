"""Tokens that somebody else made, or that were made for something else: one refusal for all of them."""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from websockets.exceptions import InvalidStatus

from tests.handlers.town import Town, code
from tests.house import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Written so that the library, which knows what a key looks like, signs with it all the same.
PEM = b"-----BEGIN  PUBLIC  KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END  PUBLIC  KEY-----\n"


def part(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def with_header(town: Town, token: str, **header: Any) -> str:
    """The same claims, rightly signed with the house's own key, under another header."""
    head = {"alg": "HS256", "typ": "JWT", **header}
    signing = f"{part(head)}.{token.split('.')[1]}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        signing.encode(), town.key
    )
    return f"{signing}.{part(signature)}"


def wrong_claims(bob: Person, victim: Person) -> list[tuple[str, Any]]:
    """In a token that is rightly signed: nobody but us could, but what if."""
    now = int(time.time())
    return [
        ("aud", "chalkline:refresh"), ("aud", "chalkline"), ("aud", ["other"]), ("aud", ""),
        ("iss", "other"), ("iss", ""), ("iss", "Chalkline"),
        ("typ", "refresh"), ("typ", ""), ("typ", 5),
        ("exp", now - 6), ("exp", str(now + 900)), ("exp", 10**400), ("exp", -1), ("exp", "soon"),
        ("exp", True), ("exp", [now + 900]), ("exp", float("inf")), ("exp", float("nan")), ("exp", now + 900.5),
        ("nbf", now + 600), ("nbf", "x"), ("iat", now + 600), ("iat", "x"),
        ("sub", bob.id), ("sub", str(victim.id)), ("sub", "0"), ("sub", "-1"), ("sub", "9" * 30),
        ("sub", "1 or true"), ("sub", "\0"), ("sub", ""), ("sub", "٣"), ("sub", f" {bob.id}"), ("sub", {}),
        ("sid", victim.session["session_id"]), ("sid", "no-such-session"), ("sid", "a\0b"), ("sid", ""),
        ("sid", 5), ("sid", ["x"]), ("gen", "x"), ("gen", 2**70),
    ]  # fmt: skip


def forged(town: Town, bob: Person, victim: Person) -> dict[str, str]:
    """What is wrong with a token -> the token."""
    head, claims, signature = bob.token.split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    hostile = part({**said, "sub": str(victim.id), "sid": victim.session["session_id"]})
    unsigned = {alg: part({"alg": alg, "typ": "JWT"}) for alg in ("none", "None", "NONE", "")}
    algorithms = ("none", "RS256", "ES256", "PS256", "EdDSA", "HS384", "HS512", 5, None)
    return {
        "no signature": f"{head}.{claims}.",
        "no parts": "x",
        "a broken signature": f"{head}.{claims}.{signature[:-4]}AAAA",
        "claims of somebody else": f"{head}.{hostile}.{signature}",
        "the key of somebody else": town.signed(victim, {}, b"0123456789abcdef0123456789abcdef"),
        "a public key as key": town.signed(victim, {}, PEM),
        "a public key as key, otherwise written": town.signed(victim, {}, PEM.replace(b"\n", b"\r\n")),
        "an unknown crit": with_header(town, bob.token, crit=["exp", "b64"], b64=False),
        "a long kid": with_header(town, bob.token, kid="k" * 5_000) + "x",
        "a refresh token": bob.session["refresh_token"],
        **{f"alg {alg}": f"{part}.{hostile}." for alg, part in unsigned.items()},
        **{f"alg {alg}, our signature": with_header(town, bob.token, alg=alg) for alg in algorithms},
        **{f"no {name}": town.signed(bob, {name: None}) for name in said},
        **{f"{n} {v!r:.40}": town.signed(bob, {n: v}) for n, v in wrong_claims(bob, victim)},
    }


async def test_a_token_that_is_not_ours_for_this_opens_no_door_and_no_socket(town: Town) -> None:
    bob, victim = await town.newcomer(), await town.newcomer("victim")
    details = set()

    for wrong, token in forged(town, bob, victim).items():
        headers = {"Authorization": f"Bearer {token}"}
        answer = await town.nobody.get("/users/me", headers=headers)
        assert code(answer) == (401, "unauthenticated"), (wrong, answer.text)
        details.add(answer.json()["detail"])
        with pytest.raises(InvalidStatus) as refused:
            async with bob.listen(additional_headers=headers):
                pass
        assert refused.value.response.status_code == 401, wrong

    assert len(details) == 1
    assert (await bob.get("/users/me"))["id"] == bob.id
    assert (await victim.get("/users/me"))["id"] == victim.id


async def test_an_access_token_refreshes_nothing(town: Town) -> None:
    bob = await town.newcomer()
    for token in (
        bob.token,
        "x",
        "a.b.c",
        town.signed(bob, {"typ": "refresh"}),
        bob.session["refresh_token"] + "x",
    ):
        answer = await town.nobody.post("/auth/refresh", json={"refresh_token": token})
        assert code(answer) == (401, "unauthenticated")

    good = await town.nobody.post("/auth/refresh", json={"refresh_token": bob.session["refresh_token"]})
    assert good.status_code == 200


async def test_a_token_runs_out_with_a_little_leeway_for_clocks(town: Town) -> None:
    bob = await town.newcomer()

    for seconds, status in ((60, 200), (-3, 200), (-7, 401)):
        bearer = {"Authorization": f"Bearer {town.expiring(bob, seconds)}"}
        assert (await town.nobody.get("/users/me", headers=bearer)).status_code == status


async def test_a_socket_closes_when_its_token_runs_out(town: Town) -> None:
    bob = await town.newcomer()
    headers = {"Authorization": f"Bearer {town.expiring(bob, 1)}"}

    async with bob.listen(additional_headers=headers) as ear:
        assert await ear.closed() == 4500


async def test_a_new_token_in_time_keeps_a_socket_open(town: Town) -> None:
    bob = await town.newcomer()
    channel = await town.room(bob)
    short = {"Authorization": f"Bearer {town.expiring(bob, 1)}"}
    async with bob.listen(additional_headers=short) as ear, bob.listen(additional_headers=short) as other:
        assert (await ear.ask("auth", token=bob.token))["type"] == "ok"

        assert await other.closed() == 4500
        assert (await ear.ask("subscribe", channel_id=channel))["type"] == "ok"


async def test_a_socket_takes_no_token_of_somebody_else_and_stays_who_it_was(town: Town) -> None:
    bob, mallory = await town.newcomer(), await town.newcomer("mallory")
    channel = await town.room(bob, visibility="private")
    async with mallory.listen() as ear:
        theirs = await ear.ask("auth", token=bob.token)
        refresh = await ear.ask("auth", token=mallory.session["refresh_token"])
        nonsense = await ear.ask("auth", token="x")

        assert (theirs["code"], refresh["code"], nonsense["code"]) == (
            "forbidden", "unauthenticated", "unauthenticated",
        )  # fmt: skip
        assert (await ear.ask("subscribe", channel_id=channel))["code"] == "not_found"


async def test_a_socket_that_moved_to_another_session_ends_with_that_one(town: Town) -> None:
    bob = await town.newcomer()
    other = await town.again(bob)
    async with bob.listen() as ear:
        assert (await ear.ask("auth", token=other.token))["type"] == "ok"

        await bob.post("/auth/logout")
        assert (await ear.ask("ping"))["type"] == "pong"
        await other.post("/auth/logout")
        assert await ear.closed() == 4500
