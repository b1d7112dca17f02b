"""One call of a URL outside: signed, and what it answers understood."""

import hashlib
import hmac
import time

import msgspec

from models import wire
from models.errors import Fault, TargetFailed
from models.hooks import HookReply
from services.integration_ports import Outside

REPLY_BYTES = 64 * 1024
"""Of an answer that are read."""

_GOOD = range(200, 300)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over version, time and body: who knows the secret can tell that it is from here, and from now."""
    said = b"v1:" + timestamp.encode() + b":" + body
    return "v1=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


async def deliver(outside: Outside, url: str, secret: str, delivery: str, body: bytes) -> HookReply:
    """What the target answers; a reply that is none of ours is empty. Raises TargetFailed.

    `delivery` is the same whenever the same thing is sent again.
    """
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "Chalkline-Delivery": delivery,
        "Chalkline-Timestamp": timestamp,
        "Chalkline-Signature": signature(secret, timestamp, body),
    }
    answer = await outside.post(url, body, headers, REPLY_BYTES)
    if answer.status not in _GOOD:
        raise TargetFailed(f"It answered with {answer.status}.")
    is_json = answer.kind.partition(";")[0].strip().lower() == "application/json"
    return _reply(answer.body) if is_json and not answer.is_cut else HookReply()


def _reply(body: bytes) -> HookReply:
    try:
        return wire.decode(body, HookReply)
    except (Fault, msgspec.MsgspecError):
        return HookReply()
