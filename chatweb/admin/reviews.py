"""The labels operators choose from, and the queues they work through (M-100, M-101)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatweb.models import Label, ReviewQueue


@admin.register(Label)
class LabelAdmin(admin.ModelAdmin):
    """One that was put cannot be deleted; switched off it is offered to nobody any more."""

    list_display = ["ordinal", "title_en", "title_zh", "colour", "is_active", "times_put"]
    list_display_links = ["title_en", "title_zh"]
    list_editable = ["ordinal", "colour", "is_active"]
    search_fields = ["title_en", "title_zh"]
    ordering = ["ordinal", "pk"]
    fields = ["title_en", "title_zh", "colour", "is_active", "ordinal"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        return super().get_queryset(request).annotate(put_count=Count("put"))

    @admin.display(description=_("times put"))
    def times_put(self, label: Any) -> int:
        return label.put_count


@admin.register(ReviewQueue)
class ReviewQueueAdmin(admin.ModelAdmin):
    """Operators define queues in the console as well."""

    list_display = ["__str__", "rule", "bot", "group", "share_percent", "is_active"]
    list_filter = ["rule", "is_active"]
    list_select_related = ["bot", "group"]
    search_fields = ["name"]
    fields = [
        "name", "rule", "label", "wait_minutes", "bot", "group", "share_percent",
        "score_from", "score_to", "digits", "is_active",
    ]  # fmt: skip
