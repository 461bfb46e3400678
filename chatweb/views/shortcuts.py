"""The keyboard of the chat page, as a person set it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from accounts.models import User
from chatweb.forms import ShortcutsForm
from chatweb.views.answers import SignedInRequest, body_of, cleaned, command, done


@command
def change(request: SignedInRequest) -> HttpResponse:
    shortcuts = cleaned(ShortcutsForm(body_of(request)))
    User.objects.filter(pk=request.user.pk).update(shortcuts=shortcuts)
    return done(request, {"shortcuts": shortcuts}, reverse("start"))
