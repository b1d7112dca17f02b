"""The devices that a user has told of calls, each as long as the session that it was named in."""

import structlog

from models.accounts import Actor
from models.errors import Conflict, Forbidden, NotFound, Unauthenticated
from models.push import PushSubscription, Subscribe
from models.values import Page
from services.integration_ports import Outside
from services.push_message import browser_key, browser_secret
from services.push_ports import PushSubscriptions
from services.tokens import SIGN_IN

log = structlog.get_logger()


class PushService:
    """`public_key` is what browsers subscribe with; null where this server tells no devices."""

    def __init__(self, subscriptions: PushSubscriptions, outside: Outside, public_key: str | None) -> None:
        self._subscriptions = subscriptions
        self._outside = outside
        self.public_key = public_key

    async def subscribe(self, actor: Actor, ask: Subscribe) -> tuple[PushSubscription, bool]:
        """The subscription, and whether it is a new one: an endpoint is named again as often as one likes.

        Raises Forbidden where no devices are told, Invalid for an address inside and for what is no key, Conflict for
        one device too many.
        """
        if self.public_key is None:
            raise Forbidden("This server tells no devices: CHALKLINE_PUSH is off.")
        self._outside.demand(ask.endpoint, "endpoint", securely=True)
        keys = browser_key(ask.keys.p256dh), browser_secret(ask.keys.auth)
        put = await self._subscriptions.put(
            actor.user_id, actor.session_id, ask.endpoint, *keys, shows_text=ask.shows_text
        )
        if put == "no_session":
            raise Unauthenticated(SIGN_IN)
        if put == "too_many":
            raise Conflict("You have as many devices here as there can be.")
        if put[1]:
            log.info("device_subscribed", user_id=actor.user_id, subscription_id=put[0].id)
        return put

    async def list(self, actor: Actor) -> Page[PushSubscription]:
        return Page(await self._subscriptions.of(actor.user_id))

    async def unsubscribe(self, actor: Actor, subscription: str) -> None:
        """Raises NotFound, also for somebody else's."""
        if not await self._subscriptions.delete(actor.user_id, subscription):
            raise NotFound("There is no such device of yours.")
        log.info("device_unsubscribed", user_id=actor.user_id, subscription_id=subscription)
