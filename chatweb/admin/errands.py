"""Errands: upstream calls that can wait. Admins see why one failed and send it again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatweb.models import Errand
from chatweb.turns import commands

from .read_only import ReadOnlyAdmin, link


class OutcomeFilter(admin.SimpleListFilter):
    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("pending", gettext("pending")), ("done", gettext("done")), ("gave_up", gettext("given up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Errand]) -> QuerySet[Errand]:
        match self.value():
            case "pending":
                return queryset.filter(done_at=None, gave_up_at=None)
            case "done":
                return queryset.exclude(done_at=None)
            case "gave_up":
                return queryset.exclude(gave_up_at=None)
        return queryset


def send_again(errand: Errand) -> bool:
    """Make an unfinished errand due now. False if it is done or a newer one of its kind waits already."""
    unfinished = Errand.objects.filter(pk=errand.pk, done_at=None)
    try:
        with transaction.atomic():
            return unfinished.update(gave_up_at=None, attempts=0, not_before=timezone.now()) == 1
    except IntegrityError:
        return False


@admin.register(Errand)
class ErrandAdmin(ReadOnlyAdmin):
    empty_words = _("No call to an upstream had to wait yet.")
    list_display = ["kind", "talk", "person", "created_at", "attempts", "last_error", "done_at", "gave_up_at"]
    list_filter = [OutcomeFilter, "kind", "created_at"]
    list_select_related = ["conversation__user"]
    search_fields = ["conversation__upstream_id", "conversation__user__username", "last_error"]
    ordering = ["-created_at"]
    actions = ["retry"]
    fields = [
        "uuid", "kind", "talk", "person", "attempts", "last_error",
        "created_at", "not_before", "done_at", "gave_up_at",
    ]  # fmt: skip

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("chatweb.change_errand")

    @admin.action(description=_("Send again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Errand]) -> None:
        errands = list(queryset)
        sent = sum(send_again(errand) for errand in errands)
        commands.wake()
        messages.success(
            request, ngettext("%(n)d errand is due now.", "%(n)d errands are due now.", sent) % {"n": sent}
        )
        if kept := len(errands) - sent:
            sentence = ngettext(
                "%(n)d was done or is replaced by a newer one.",
                "%(n)d were done or are replaced by newer ones.",
                kept,
            )
            messages.warning(request, sentence % {"n": kept})

    @admin.display(description=_("conversation"))
    def talk(self, errand: Errand) -> SafeString | str:
        return link(errand.conversation, errand.conversation.name or str(errand.conversation.uuid)[:8])

    @admin.display(description=_("user"))
    def person(self, errand: Errand) -> SafeString | str:
        return link(errand.conversation.user, errand.conversation.user.username)
