"""The audit log, as admins read it."""

from models.accounts import Actor
from models.audit import AuditQuery, Deed
from models.errors import Forbidden
from models.values import Page
from services import policy
from services.pages import page
from services.ports import Audit


class AuditService:
    """Of the admin's own workspace."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    async def list(self, actor: Actor, query: AuditQuery) -> Page[Deed]:
        """The newest first. Raises Forbidden for all but admins."""
        if not policy.may_administer(actor):
            raise Forbidden("Only admins may do this.")
        return page(await self._audit.page(actor.workspace_id, query), query.limit, lambda deed: deed.id)
