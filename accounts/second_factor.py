"""A second factor beside the password: who needs one, who has one, and what those may do who lack it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest

from .models import GroupRules, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
RULES_KEY = "groups-with-second-factor"
RULES_SECONDS = 60  # other processes may have changed them


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes lie encrypted, as those of connections do."""

    def encrypt(self, text: str) -> str:
        return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return settings.SITE_NAME


@lru_cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def groups_with_rule() -> list[int]:
    """Primary keys of the groups whose members need one; remembered, as it is asked with every request."""
    found: list[int] | None = cache.get(RULES_KEY)
    if found is None:
        rules = GroupRules.objects.filter(needs_second_factor=True)
        found = list(rules.values_list("group_id", flat=True))
        cache.set(RULES_KEY, found, RULES_SECONDS)
    return found


def forget_rules(sender: Any, **kwargs: Any) -> None:
    """Listens to changes of the rules."""
    cache.delete(RULES_KEY)


def lacking(users: Iterable[User]) -> set[int]:
    """Primary keys of those who need a second factor and have none. No query while nobody needs one."""
    suspects = {user.pk for user in users if settings.SECOND_FACTOR_FOR_ROLES and _has_role(user)}
    group_ids = groups_with_rule()
    if group_ids:
        pks = [user.pk for user in users]
        suspects |= set(User.objects.filter(pk__in=pks, groups__in=group_ids).values_list("pk", flat=True))
    if not suspects:
        return set()
    has_one = Q(user_id__in=suspects, type__in=FACTORS)
    return suspects - set(Authenticator.objects.filter(has_one).values_list("user_id", flat=True))


def _has_role(user: User) -> bool:
    return user.is_operator or user.is_staff or user.is_superuser


def must_set_up(request: HttpRequest) -> bool:
    """Whether this person may do nothing before they have set up a second factor."""
    user = request.user
    if not isinstance(user, User) or user.pk not in lacking([user]):
        return False
    methods = {record.get("method") for record in get_authentication_records(request, user)}
    return not (settings.OIDC_BRINGS_SECOND_FACTOR and "socialaccount" in methods)


def lacking_anywhere(users: Iterable[User]) -> set[int]:
    """As `lacking`, for people of whom no session is at hand: with OIDC's own factor nobody is suspected."""
    return set() if settings.OIDC_BRINGS_SECOND_FACTOR else lacking(users)
