"""For somebody who lost the phone and the recovery codes: an admin takes the second factor away. Recorded."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sessions import end_sessions
from chatweb.auditing import record


def remove_second_factors(request: HttpRequest, user: User) -> None:
    """Take away app, passkeys and codes, and sign out: whoever has the phone now has nothing of it."""
    assert isinstance(request.user, User)
    theirs = Authenticator.objects.filter(user=user)
    with transaction.atomic():
        kinds = sorted(theirs.values_list("type", flat=True))
        theirs.delete()
        end_sessions(user.pk, but=request.session.session_key or "" if user == request.user else "")
        record(
            request.user,
            "person.second_factors_removed",
            user,
            subject=user,
            before={"second_factors": kinds},
            after={"second_factors": []},
            request=request,
        )


class RemovesSecondFactors(admin.ModelAdmin):
    """For the admin of people: `remove-second-factors/` below a person's page."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.remove_second_factors)
        door = path(
            "<path:object_id>/remove-second-factors/", view, name="accounts_user_remove_second_factors"
        )
        return [door, *super().get_urls()]

    def remove_second_factors(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        user = self.get_object(request, object_id)
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        remove_second_factors(request, user)
        messages.success(request, _("App, passkeys and recovery codes are removed."))
        return redirect("admin:accounts_user_change", user.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        has_some = object_id.isdecimal() and Authenticator.objects.filter(user_id=int(object_id)).exists()
        extra_context = {**(extra_context or {}), "has_second_factors": has_some}
        return super().change_view(request, object_id, form_url, extra_context)
