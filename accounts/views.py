"""Pages about one's own account. Signing in and out, passwords and e-mail are allauth's pages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .forms import SettingsForm
from .models import SignIn, User
from .sessions import end, end_sessions, sign_ins_of


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


@never_cache
@login_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in."""
    here = request.session.session_key
    sign_ins = list(sign_ins_of(person_of(request)))
    sign_ins.sort(key=lambda sign_in: sign_in.session_id != here)
    return render(request, "account/sessions.html", {"sign_ins": sign_ins, "here": here})


@login_required
@require_POST
def end_session(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Sign out one other browser of theirs. A stranger's is not found."""
    sign_in = get_object_or_404(sign_ins_of(person_of(request)), uuid=sign_in_id)
    end(SignIn.objects.filter(pk=sign_in.pk))
    messages.success(request, _("%(device)s is signed out.") % {"device": sign_in.device})
    return redirect("sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out every browser but the one that asks."""
    count = end_sessions(person_of(request).pk, but=request.session.session_key or "")
    sentence = ngettext("%(n)d other session is signed out.", "%(n)d other sessions are signed out.", count)
    messages.success(request, sentence % {"n": count})
    return redirect("sessions")


def person_of(request: HttpRequest) -> User:
    """Whoever is signed in; for views behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user
