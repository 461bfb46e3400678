"""Permissions in the reader's language: Django keeps their names in the database, in English."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.utils.translation import gettext


def words_of(permission: Permission) -> str:
    """“bot: may change”; a permission of our own by its sentence."""
    verb, _underscore, model = permission.codename.partition("_")
    thing = permission.content_type.name
    known = {
        "add": gettext("%(thing)s: may add"),
        "change": gettext("%(thing)s: may change"),
        "delete": gettext("%(thing)s: may delete"),
        "view": gettext("%(thing)s: may view"),
    }
    if model == permission.content_type.model and verb in known:
        return known[verb] % {"thing": thing}
    return gettext(permission.name)


class PermissionField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission: Any) -> str:
        return words_of(permission)


class NamesPermissions:
    """For an admin of users or groups."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **options: Any) -> Any:
        if db_field.remote_field.model is Permission:
            options["form_class"] = PermissionField
        return super().formfield_for_manytomany(db_field, request=request, **options)  # type: ignore[misc]
