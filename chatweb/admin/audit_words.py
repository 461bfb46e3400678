"""What an entry of the audit log says, in words, and where the thing it is about can be seen."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chatweb.models import AuditEntry

OURS_FIRST = ("chatweb", "accounts", "auth", "account")


@lru_cache
def model_of(kind: str) -> type[Model] | None:
    """The model an entry calls by its short name; ours where two bear it."""
    found = [model for model in apps.get_models() if model._meta.model_name == kind]
    order = {label: place for place, label in enumerate(OURS_FIRST)}
    found.sort(key=lambda model: order.get(model._meta.app_label, len(order)))
    return found[0] if found else None


def kind_words(kind: str) -> str:
    """A model by its own name; what entries call shorter, or is no table, by another word."""
    words = {
        "event": _("raw event"), "person": _("person"), "name": _("name"), "original": _("original text"),
        "export": _("export of the log"), "annotations": _("annotations"), "review": _("review item"),
        "identity": _("Coze identity"), "usage": _("usage"),
    }  # fmt: skip
    model = model_of(kind)
    return str(model._meta.verbose_name) if model is not None else words.get(kind, kind)


def verb_words(verb: str) -> str:
    """What was done; the plain word of the log where nobody gave another."""
    words = {
        "added": _("added"), "changed": pgettext("done", "changed"), "deleted": pgettext("done", "deleted"),
        "opened": _("opened"), "exported": _("exported"), "begun": _("signed in"), "ended": _("signed out"),
        "refused": _("sign-in refused"), "password_changed": _("password changed"),
        "password_set": _("password set"), "password_reset": _("password reset"),
        "address_added": _("address added"), "address_removed": _("address removed"),
        "second_factor_added": _("second factor added"), "second_factor_removed": _("second factor removed"),
        "second_factor_reset": _("second factor reset"), "deletion_asked": _("deletion asked"),
        "lifted": _("lifted"), "rotated": _("rotated"), "moved": _("moved"), "revealed": _("revealed"),
        "imported": _("imported"), "read": _("read"), "made": pgettext("done", "made"),
        "searched": _("looked for by name"), "shown": pgettext("done", "shown"), "asked": _("asked for"),
        "downloaded": _("downloaded"), "assigned": _("assigned"), "viewed_as": _("viewed as"),
        "view_ended": _("view ended"), "roles_synchronised": _("roles synchronised"),
        "key_set": _("Coze user_id set"), "token_changed": _("token changed"),
        "signed_out_everywhere": _("signed out everywhere"),
        "second_factors_removed": _("second factors removed"),
        "second_factor_used": _("second factor used"),
        "second_factor_refused": _("second factor refused"), "reconciled": _("reconciled"),
    }  # fmt: skip
    return words.get(verb, verb.replace("_", " "))


def action_words(action: str) -> str:
    """`bot.changed` → “bot: changed”. What happens at the door needs no kind."""
    kind, _dot, verb = action.partition(".")
    return verb_words(verb) if kind == "session" else f"{kind_words(kind)}: {verb_words(verb)}"


def field_words(kind: str, name: str) -> str:
    if name == "also_deleted":
        return _("deleted with it")
    model = model_of(kind)
    try:
        return str(getattr(model._meta.get_field(name), "verbose_name", name)) if model else name
    except FieldDoesNotExist:
        return name.replace("_", " ")


def page_of(entry: AuditEntry) -> str | None:
    """The admin's page of the thing; None if it is gone or has none."""
    model = model_of(entry.object_type)
    if model is None or not admin.site.is_registered(model) or not entry.object_id:
        return None
    has_uuid = any(field.name == "uuid" for field in model._meta.concrete_fields)
    try:
        by: dict[str, Any] = {"uuid" if has_uuid else "pk": entry.object_id}
        pk = model._base_manager.filter(**by).values_list("pk", flat=True).first()
    except (ValueError, ValidationError):
        return None
    if pk is None:
        return None
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
