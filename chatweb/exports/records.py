"""What the site keeps of a person beside their conversations, as JSON files of the archive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import SignIn, User
from chatweb.models import (
    Action,
    Allowance,
    Attachment,
    BotGrant,
    CozeIdentity,
    Decision,
    Draft,
    ReadMark,
    StartParameters,
)

from .talk import when


def records_of(user: User) -> Iterator[tuple[str, Iterable[str]]]:
    """Path in the archive and content, one file a kind. Keys, tokens and hashes are in none of them."""
    yield "profile.json", [printed(profile(user))]
    for path, rows in listed(user).items():
        yield path, [printed(list(rows))]


def profile(user: User) -> dict[str, Any]:
    shown = ["username", "full_name", "email", "language", "time_zone", "sends_with_enter"]
    return {
        **{name: getattr(user, name) for name in shown},
        "roles": [role for role in ("is_operator", "is_staff", "is_superuser") if getattr(user, role)],
        "groups": list(user.groups.values_list("name", flat=True)),
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "sign_in_services": list(
            SocialAccount.objects.filter(user=user).values("provider", "uid", "extra_data", "date_joined")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
        ),
        "date_joined": user.date_joined,
        "last_login": user.last_login,
    }


def listed(user: User) -> dict[str, QuerySet[Any, Any]]:
    conversation, theirs = F("conversation__uuid"), {"conversation__user": user}
    of_action = {"of_action": F("action__uuid"), "in_conversation": F("action__turn__conversation__uuid")}
    return {
        "identities.json": CozeIdentity.objects.filter(user=user).values(
            "key", "is_current", "created_at", connection_name=F("connection__name")
        ),
        "bots.json": BotGrant.objects.filter(user=user).values("created_at", bot_name=F("bot__name")),
        "start-parameters.json": StartParameters.objects.filter(user=user).values(
            "values", "changed_at", bot_name=F("bot__name")
        ),
        "read-marks.json": ReadMark.objects.filter(user=user).values("read_at", in_conversation=conversation),
        "allowed-tools.json": Allowance.objects.filter(**theirs).values(
            "name", "created_at", in_conversation=conversation
        ),
        "files.json": Attachment.objects.filter(user=user).values(
            "uuid", "name", "mime", "size_bytes", "created_at", in_conversation=conversation
        ),
        "drafts.json": Draft.objects.filter(user=user)
        .exclude(text="")
        .values("text", "changed_at", in_conversation=conversation),
        "card-drafts.json": Action.objects.filter(turn__conversation__user=user)
        .exclude(draft=None)
        .values("uuid", "name", "draft", in_conversation=F("turn__conversation__uuid")),
        "sessions.json": SignIn.objects.filter(user=user).values(
            "agent", "address", "began_at", "last_used_at"
        ),
        "decisions.json": Decision.objects.filter(action__turn__conversation__user=user).values(
            "decision", "device", "arguments_sha256", "output_sha256", "created_at", **of_action
        ),
    }


def printed(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder) + "\n"


def read_me() -> str:
    """What is what, in the reader's language."""
    lines = [
        _("Your data at %(site)s, %(time)s") % {"site": settings.SITE_NAME, "time": when(timezone.now())},
        "",
        _("conversations/: every conversation, for programs (.json) and for reading (.md)"),
        _("profile.json: your account, its addresses and settings"),
        _("identities.json: the random names under which the bots' services know you"),
        _("bots.json: bots that were granted to you by name"),
        _("start-parameters.json: what you started workflows with last"),
        _("read-marks.json: how far you have read"),
        _("allowed-tools.json: tools you allowed for a conversation"),
        _("files/ and files.json: files you uploaded, and a list of them"),
        _("drafts.json: questions that were written and not sent"),
        _("card-drafts.json: cards that are half filled in"),
        _("sessions.json: where you are signed in"),
        _("decisions.json: each time you answered or declined a card, with checksums of what was shown"),
        "",
        _("Passwords are kept only as hashes and are not part of this archive."),
    ]
    return "\n".join(lines) + "\n"
