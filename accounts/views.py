"""Pages about one's own account. Signing in and out, passwords and e-mail are allauth's pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from .forms import SettingsForm
from .models import User


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """A person's own settings: name, language, time zone, the key that sends."""
    # Read anew: a refused form must not change what the rest of the page calls the person.
    person = User.objects.get(username=request.user.get_username())
    form = SettingsForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language or translation.get_language_from_request(request)):
            messages.success(request, _("Your settings are saved."))
        return redirect("settings")
    status = 422 if form.errors else 200
    return render(request, "account/settings.html", {"form": form}, status=status)


@never_cache
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Told to people whose account an administrator has not approved yet."""
    return render(request, "account/waiting.html")
