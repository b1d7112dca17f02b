"""Who may do what: pure functions of a user's standing. Reading a channel's content always takes membership."""

from models.accounts import Actor
from models.channels import ChannelRole, Standing
from models.errors import Forbidden
from models.ids import UserId

_RANK: dict[ChannelRole, int] = {"member": 1, "moderator": 2, "owner": 3}


def may_see(standing: Standing) -> bool:
    """That it exists, its name and description."""
    return standing.role is not None or standing.visibility == "public"


def may_read(standing: Standing) -> bool:
    """Its messages, members and files."""
    return standing.role is not None


def may_change(actor: Actor, standing: Standing) -> bool:
    """Its name, description and password, and delete it. An admin may where they can see it."""
    if standing.kind == "direct":
        return False
    return standing.role == "owner" or (actor.role == "admin" and may_see(standing))


def may_add(standing: Standing, role: ChannelRole) -> bool:
    """Any member may bring others in; to bring them in as more than members is for owners."""
    if standing.kind == "direct" or standing.role is None:
        return False
    return role == "member" or standing.role == "owner"


def may_change_roles(standing: Standing) -> bool:
    return standing.kind != "direct" and standing.role == "owner"


def may_remove(standing: Standing, target: ChannelRole) -> bool:
    """Only those of a lower rank; an owner also other owners."""
    if standing.kind == "direct" or standing.role is None:
        return False
    return standing.role == "owner" or _RANK[standing.role] > _RANK[target]


def may_set_up_ai(standing: Standing) -> bool:
    """The pinned prompt and the model that every ask in a channel begins with."""
    return standing.role in ("moderator", "owner") or (
        standing.kind == "direct" and standing.role is not None
    )


def may_stop(actor: Actor, standing: Standing, asker: UserId) -> bool:
    """An answer under way, or let it go on: whoever asked, and who keeps order in the channel."""
    return standing.role is not None and (actor.user_id == asker or _RANK[standing.role] > _RANK["member"])


def may_moderate(actor: Actor, standing: Standing) -> bool:
    """Delete what others said, and see what was edited away. An admin may where they are a member."""
    if standing.kind == "direct" or standing.role is None:
        return False
    return standing.role != "member" or actor.role == "admin"


def may_administer(actor: Actor) -> bool:
    """Users, roles and invitations of the workspace."""
    return actor.role == "admin"


def demand_voice(standing: Standing) -> None:
    """Raises Forbidden for who is muted."""
    if standing.is_muted:
        raise Forbidden("You are muted in this channel: you may read it.")


def demand_admin(actor: Actor) -> None:
    """Raises Forbidden for all but admins."""
    if not may_administer(actor):
        raise Forbidden("Only admins may do this.")


def may_change_sketch(actor: Actor, standing: Standing, creator: UserId) -> bool:
    """Its title and whether it is there at all. Drawing is for every member."""
    if standing.role is None:
        return False
    return actor.user_id == creator or standing.role != "member" or actor.role == "admin"
