"""Where a person is signed in, on their page, and the button that ends all of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import SignIn, User
from accounts.sessions import end_sessions
from chatweb.auditing import record

from .read_only import ReadOnly


class SignInInline(ReadOnly, admin.TabularInline):
    model = SignIn
    extra = 0
    readonly_fields = ["address", "began_at", "last_used_at"]  # the browser stands above them
    fields = [*readonly_fields]
    verbose_name_plural = _("signed in at")


def sign_out_everywhere(request: HttpRequest, user: User) -> int:
    """End every session of theirs but the one that asks; how many there were. Recorded."""
    but = request.session.session_key or "" if user == request.user else ""
    with transaction.atomic():
        count = end_sessions(user.pk, but=but)
        assert isinstance(request.user, User)
        record(
            request.user,
            "person.signed_out_everywhere",
            user,
            subject=user,
            after={"sessions_ended": count},
            request=request,
        )
    return count


class EndsSessions(admin.ModelAdmin):
    """For the admin of people: a page's `sign-out/`, and nobody stays in who lost the right to."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sign_out)
        return [
            path("<path:object_id>/sign-out/", view, name="accounts_user_sign_out"),
            *super().get_urls(),
        ]

    def sign_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        user = self.get_object(request, object_id)
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        count = sign_out_everywhere(request, user)
        sentence = ngettext("%(n)d session is signed out.", "%(n)d sessions are signed out.", count)
        messages.success(request, sentence % {"n": count})
        return redirect("admin:accounts_user_change", user.pk)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and not (obj.is_active and obj.is_approved):
            end_sessions(obj.pk)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A new password given by an admin ends what the old one began."""
        response = super().user_change_password(request, id, form_url)  # type: ignore[misc]
        if request.method == "POST" and response.status_code == 302:
            user = self.get_object(request, id)
            if user is not None:
                end_sessions(user.pk, but=request.session.session_key or "" if user == request.user else "")
        return response
