"""The price table (M-093)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatweb.models import Price, TurnFigures

from .reconciling import reconciling
from .usage import usage


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin):
    empty_words = _("There is no price yet: without one the cost of a turn is not known.")
    list_display = ["for_what", "valid_from", "input_told", "output_told", "per", "message_told"]
    list_filter = ["connection", ("bot", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["bot", "connection"]
    search_fields = ["bot__name", "connection__name"]
    ordering = ["bot__name", "connection__name", "-valid_from"]
    autocomplete_fields = ["bot"]
    fieldsets = [
        (
            _("For what"),
            {
                "fields": ["bot", "connection", "valid_from"],
                "description": _(
                    "Neither: all bots. A bot's price takes the place of its connection's, and that the "
                    "place of the one for all bots. A new price is a new row with its first day: what was "
                    "asked before keeps the old one."
                ),
            },
        ),
        (
            format_lazy(_("How much ({currency})"), currency=settings.CURRENCY),
            {"fields": ["input_price", "output_price", "per", "message_price"]},
        ),
    ]

    @admin.display(description=_("for what"), ordering="bot__name")
    def for_what(self, price: Price) -> str:
        if price.bot:
            return price.bot.name
        if price.connection:
            return gettext("all bots of %(connection)s") % {"connection": price.connection.name}
        return gettext("all bots")

    @admin.display(description=_("input"), ordering="input_price")
    def input_told(self, price: Price) -> str:
        return plain(price.input_price)

    @admin.display(description=_("output"), ordering="output_price")
    def output_told(self, price: Price) -> str:
        return plain(price.output_price)

    @admin.display(description=_("each message"), ordering="message_price")
    def message_told(self, price: Price) -> str:
        return plain(price.message_price)

    def save_model(self, request: HttpRequest, obj: Price, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if (
            obj.starts_at <= timezone.now()
            and TurnFigures.objects.filter(asked_at__gte=obj.starts_at).exists()
        ):
            words = gettext(
                "Turns that are over keep their cost. “manage.py figures” works it out anew with the prices "
                "as they are now."
            )
            self.message_user(request, words, messages.INFO)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("usage/", view(usage), name="chatweb_usage"),
            path("reconciling/", view(reconciling), name="chatweb_reconciling"),
            *super().get_urls(),
        ]


def plain(value: Decimal) -> str:
    """`0.8`, not `0.800000`."""
    return f"{value.normalize():f}"
