"""The one thing an admin can do while they see the site as somebody else: end it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from chatweb import viewing
from chatweb.views.answers import SeeOther, signed_in


@require_POST
@signed_in
def end(request: Any) -> HttpResponse:
    """Back to the person's page in the administration, or where there is none, to the chat."""
    admin = getattr(request, "viewer", request.user)
    person = viewing.end(request, admin, "ended")
    if person is None or not admin.has_perm("accounts.view_user"):
        return SeeOther(reverse("start"))
    messages.success(request, gettext("You see the site as yourself again."))
    return SeeOther(reverse("admin:accounts_user_change", args=[person.pk]))
