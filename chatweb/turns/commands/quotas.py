"""Nothing is asked beyond a quota: counted in the transaction that asks (M-092)."""

from __future__ import annotations

from accounts.models import User
from chatweb.models import Bot
from chatweb.usage.standing import spent
from chatweb.usage.wording import refusal

from .refusals import Refused


def must_have_room(user: User, bot: Bot, file_count: int) -> None:
    """Raises Refused("quota_reached") with a sentence that says when it resets."""
    standing = spent(user, bot, file_count)
    if standing is not None:
        raise Refused("quota_reached", refusal(standing, bot))
