"""Notices are encrypted and signed as the standards say."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from models.errors import Invalid
from services.push_message import (
    STEP,
    Signer,
    browser_key,
    browser_secret,
    encrypt,
    new_private_key,
    topic,
)
from tests.device import Device, decoded, encoded, signed_by

# RFC 8291, section 5 and appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6"
    "PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_standards_example_is_encrypted_byte_for_byte() -> None:
    sender = ec.derive_private_key(int.from_bytes(decoded(SENDER), "big"), ec.SECP256R1())

    made = encrypt(
        TEXT, browser_key(READER), browser_secret(AUTH), private_key=sender, salt=decoded(SALT), step=0
    )

    assert encoded(made) == MESSAGE


def test_a_device_reads_what_was_encrypted_for_it_and_no_other_does() -> None:
    device, other = Device("https://push.example.org/1"), Device("https://push.example.org/2")
    keys = device.subscription["keys"]

    sealed = encrypt(b'{"title": "x"}', browser_key(keys["p256dh"]), browser_secret(keys["auth"]))

    assert device.read(sealed) == {"title": "x"}
    with pytest.raises(Exception, match=r"^$"):
        other.read(sealed)


@pytest.mark.parametrize("length", [0, 1, STEP - 1, STEP])
def test_texts_of_about_one_length_look_the_same_and_each_time_different(length: int) -> None:
    made = [encrypt(b"x" * length, browser_key(READER), browser_secret(AUTH)) for _ in range(2)]

    assert made[0] != made[1]
    head, end, tag = 86, 1, 16
    padded = len(made[0]) - head - end - tag
    assert padded == -(-length // STEP) * STEP


@pytest.mark.parametrize(
    "key",
    ["", "x", READER[:-2], READER + "AA", encoded(b"\4" + b"\1" * 64), encoded(b"\2" + b"\1" * 32), "é" * 87],
)
def test_what_is_no_point_of_the_curve_is_no_key(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        browser_key(key)

    assert list(refused.value.fields) == ["keys.p256dh"]


@pytest.mark.parametrize("secret", ["", AUTH[:-2], AUTH + "AAAA"])
def test_a_secret_has_sixteen_bytes(secret: str) -> None:
    with pytest.raises(Invalid):
        browser_secret(secret)


def test_a_push_service_is_told_who_sends_and_for_whom_the_signature_is() -> None:
    signer = Signer(new_private_key(), "mailto:admin@example.org")

    header = signer.authorization("https://push.example.org:8443/abc?d=e")

    claims = signed_by(header, signer.public_key)
    assert (claims["aud"], claims["sub"]) == ("https://push.example.org:8443", "mailto:admin@example.org")
    assert 0 < claims["exp"] - time.time() <= 24 * 3600
    assert signer.authorization("https://push.example.org:8443/other") == header
    assert signer.authorization("https://push.example.org/abc") != header


def test_without_a_contact_none_is_claimed() -> None:
    signer = Signer(new_private_key(), None)

    assert signed_by(signer.authorization("https://x.example/1"), signer.public_key).keys() == {"aud", "exp"}


def test_notices_of_a_channel_replace_each_other_and_the_push_service_cannot_tell_which_it_is() -> None:
    one, other = b"1" * 16, b"2" * 16

    topics = {topic(one, 7), topic(one, 8), topic(other, 7)}

    assert len(topics) == 3
    assert topic(one, 7) in topics
    assert all(len(found) == 32 and found.isascii() for found in topics)
