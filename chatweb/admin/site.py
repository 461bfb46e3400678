"""The look of the admin, and its door: the same sign-in page as everywhere, with its limits and rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from . import front, words_of_django

# What admins look for, rather than which package a table is in.
SECTIONS = {
    _("People"): ["User", "Group", "EmailAddress"],
    _("Bots"): ["Connection", "Bot", "BotGrant"],
    _("Tools"): ["Tool", "Allowance", "Decision", "Attachment"],
    _("Quotas and usage"): ["Quota", "Price"],
    _("Feedback and reviews"): ["Feedback", "FeedbackReason", "ReviewQueue", "Label"],
    _("Conversations and ids"): ["CozeIdentity", "Conversation", "Turn", "Leg", "Errand"],
    _("Privacy"): ["Look", "RedactionPattern"],
    _("Retention"): ["RetentionRule", "LegalHold", "Deletion"],
    _("Audit log"): ["AuditEntry"],
}


def in_sections(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list of apps, cut by subject; a model of no section stays with its app."""
    models = {model["object_name"]: model for app in apps for model in app["models"]}
    sections = []
    for name, members in SECTIONS.items():
        found = [models.pop(member) for member in members if member in models]
        if found:
            label = "accounts" if "User" in members else "chatweb"
            sections.append({**_app(apps, label), "name": name, "models": found})
    rest = [
        {**app, "models": [each for each in app["models"] if each["object_name"] in models]} for app in apps
    ]
    return [*sections, *(app for app in rest if app["models"])]


def _app(apps: list[dict[str, Any]], label: str) -> dict[str, Any]:
    """The app a section's heading leads to, or any other one this admin may see."""
    return next((app for app in apps if app["app_label"] == label), apps[0])


def _sectioned(stock: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    def get_app_list(request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = stock(request, app_label)
        return apps if app_label else in_sections(apps)

    return get_app_list


def _with_front(stock: Callable[..., TemplateResponse]) -> Callable[..., TemplateResponse]:
    def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return stock(request, {**(extra_context or {}), **front.told(request)})

    return index


admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Administration")
admin.site.i18n_javascript = words_of_django.catalogue  # type: ignore[method-assign,assignment]
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.get_app_list = _sectioned(admin.site.get_app_list)  # type: ignore[method-assign]
admin.site.index = _with_front(admin.site.index)  # type: ignore[method-assign]
