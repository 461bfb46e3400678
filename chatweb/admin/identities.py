"""Who is who at Coze: a person's opaque keys, one current for each connection."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatweb.models import CozeIdentity

from .read_only import ReadOnly, ReadOnlyAdmin, link


@admin.register(CozeIdentity)
class CozeIdentityAdmin(ReadOnlyAdmin):
    list_display = ["key", "person", "connection", "is_current", "conversation_count", "created_at"]
    list_filter = ["connection", "is_current"]
    list_select_related = ["user", "connection"]
    search_fields = ["key", "user__username", "user__email", "user__full_name"]
    fields = ["key", "person", "connection", "is_current", "conversation_count", "created_at", "uuid"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CozeIdentity]:
        return super().get_queryset(request).annotate(conversations_held=Count("conversations"))

    @admin.display(description=_("user"), ordering="user__username")
    def person(self, identity: CozeIdentity) -> SafeString | str:
        return link(identity.user, identity.user.username)

    @admin.display(description=_("conversations"), ordering="conversations_held")
    def conversation_count(self, identity: Any) -> int:
        return identity.conversations_held


class IdentityInline(ReadOnly, admin.TabularInline):
    model = CozeIdentity
    extra = 0
    readonly_fields = ["connection", "key", "is_current", "created_at"]
    fields = [*readonly_fields]
    show_change_link = True
