"""Groups and roles that follow a company's sign-in service, at each sign-in."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest

from .claims import Wanted, claim_at, claims_of, wanted
from .models import User
from .signals import roles_synchronised

NAMES = {"is_operator": "OIDC_OPERATOR_VALUE", "is_staff": "OIDC_ADMIN_VALUE"}


def synchronise(
    sender: Any, request: HttpRequest, user: User, sociallogin: SocialLogin | None = None, **kwargs: Any
) -> None:
    """Listens to allauth's `user_logged_in`: after every step of a sign-in, a second factor included."""
    if sociallogin is None:
        return
    values = claim_at(claims_of(sociallogin.account.extra_data), settings.OIDC_GROUPS_CLAIM)
    role_values = {field: getattr(settings, name) for field, name in NAMES.items()}
    apply(user, wanted(values, settings.OIDC_GROUP_MAP, role_values), request)


def apply(user: User, target: Wanted, request: HttpRequest | None) -> None:
    """Give and take what differs; tell of it if anything did. A superuser keeps every role."""
    with transaction.atomic():
        had = set(user.groups.filter(name__in=target.managed).values_list("name", flat=True))
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        if had != target.groups:
            before["groups"], after["groups"] = sorted(had), sorted(target.groups)
            user.groups.remove(*Group.objects.filter(name__in=had - target.groups))
            user.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in target.groups - had))
        for field, has in target.roles.items():
            if getattr(user, field) != has and not user.is_superuser:
                before[field], after[field] = not has, has
                setattr(user, field, has)
        if after:
            user.save(update_fields=["is_operator", "is_staff"])
            roles_synchronised.send(sender=User, user=user, before=before, after=after, request=request)
