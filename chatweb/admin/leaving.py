"""Deleting a person goes the way they would go themselves: closed at once, taken apart, with a receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from accounts.models import User
from chatweb import auditing
from chatweb.models import Conversation
from chatweb.turns import commands


class LeavesLikeThemselves(admin.ModelAdmin):
    """For the admin of people. The last superuser stays."""

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not commands.is_last_admin(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What the page that asks for confirmation says: counts, and whom it may not be done to."""
        people = [user for user in objs if isinstance(user, User)]
        talks = Conversation.objects.filter(user__in=people).count()
        sentence = ngettext(
            "%(n)d conversation, here and upstream", "%(n)d conversations, here and upstream", talks
        )
        lines = [str(user) for user in people] + [sentence % {"n": talks}]
        counts = {User._meta.verbose_name_plural: len(people), Conversation._meta.verbose_name_plural: talks}
        stay = [str(user) for user in people if not self.has_delete_permission(request, user)]
        return lines, counts, set(), stay

    def delete_model(self, request: Any, obj: User) -> None:
        deletion = commands.delete_account(obj)
        auditing.record(
            request.user, "user.deletion_asked", obj, subject=obj, before={"is_active": True}, request=request
        )
        page = reverse("admin:chatweb_deletion_change", args=[deletion.pk])
        messages.info(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                gettext("The account is closed and is being deleted, here and upstream."),
                page,
                gettext("How far it is, and the receipt"),
            ),
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            if self.has_delete_permission(request, user):
                self.delete_model(request, user)
