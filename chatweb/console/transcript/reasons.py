"""What takes a recorded step and perhaps a reason: opening, revealing a name, reading without redaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from chatweb.auditing import record
from chatweb.console import looks, masks, names
from chatweb.console.access import operator
from chatweb.console.looks import ReasonForm
from chatweb.console.navigation import page
from chatweb.models import Conversation, Look
from chatweb.views.answers import SeeOther, SignedInRequest


def ask_for_look(request: HttpRequest, found: Conversation, form: ReasonForm | None = None) -> HttpResponse:
    """The page before the conversation: what the list shows of it, and the question why."""
    there = form.data.get("next", "") if form else request.get_full_path()
    return ask(
        request,
        found.user,
        form or ReasonForm(),
        conversation=found,
        heading=_("Why do you open this conversation?"),
        explanation=_("Your look is recorded with the reason you give, and good for one hour."),
        action=reverse("console_look", args=[found.uuid]),
        button=_("Open the conversation"),
        there=there,
    )


def ask(request: HttpRequest, person: User, form: ReasonForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    named = {"form": form, "person": names.label_of(request, person), **context}
    return page(request, "console/transcript/reason.html", named, status)


@require_POST
@operator
def look(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    """Record a look with its reason, and go where one wanted to."""
    found = get_object_or_404(Conversation.objects.reviewable_by(request.user), uuid=conversation_id)
    form = ReasonForm(request.POST, is_needed=looks.is_reason_needed())
    if not form.is_valid():
        return ask_for_look(request, found, form)
    looks.record_look(request, request.user, found, form.reason)
    return SeeOther(there_in(request, reverse("console_conversation", args=[found.uuid])))


@require_http_methods(["GET", "POST"])
@operator
def reveal(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Show a person's name to this session for an hour; GET asks for the reason."""
    person = get_object_or_404(User.objects.filter(conversations__isnull=False).distinct(), uuid=person_id)
    form = ReasonForm(request.POST or None, is_needed=looks.is_reason_needed())
    there = there_in(request, reverse("start"))
    if request.method != "POST" or not form.is_valid():
        return ask(
            request,
            person,
            form,
            heading=_("Why do you need the name?"),
            explanation=_("You see name, e-mail and Coze user_id for one hour. It is recorded."),
            action=reverse("console_reveal_name", args=[person.uuid]),
            button=_("Reveal name"),
            there=there,
        )
    with transaction.atomic():
        for fresh in Look.objects.fresh(request.user).filter(person=person):
            looks.note_revealed(fresh, Look.Revealed.NAME)
        record(request.user, "name.revealed", person, subject=person, reason=form.reason, request=request)
    names.reveal(request, person)
    return SeeOther(there)


@require_POST
@operator
def mask(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Hide the name again before its hour is over."""
    person = get_object_or_404(User, uuid=person_id)
    names.mask(request, person)
    return SeeOther(there_in(request, reverse("start")))


@require_http_methods(["GET", "POST"])
@operator
def original(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    """Show a conversation without redaction for an hour, to those with the permission; GET asks why."""
    found = get_object_or_404(Conversation.objects.reviewable_by(request.user), uuid=conversation_id)
    if not masks.may_see_original(request):
        raise PermissionDenied
    place = reverse("console_conversation", args=[found.uuid])
    there = there_in(request, place)
    fresh = looks.fresh_look(request.user, found)
    if fresh is None:
        return SeeOther(place)
    form = ReasonForm(request.POST or None, is_needed=looks.is_reason_needed())
    if request.method != "POST" or not form.is_valid():
        return ask(
            request,
            found.user,
            form,
            conversation=found,
            heading=_("Why do you need the original text?"),
            explanation=_("You read this conversation without redaction for one hour. It is recorded."),
            action=reverse("console_original", args=[found.uuid]),
            button=_("Show the original"),
            there=there,
        )
    with transaction.atomic():
        looks.note_revealed(fresh, Look.Revealed.ORIGINAL)
        record(request.user, "original.shown", found, subject=found.user, reason=form.reason, request=request)
    masks.show_original(request, found.uuid)
    return SeeOther(there)


@require_POST
@operator
def redact(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    """Redact it again before the hour is over."""
    masks.redact_again(request, conversation_id)
    return SeeOther(there_in(request, reverse("console_conversation", args=[conversation_id])))


def there_in(request: HttpRequest, otherwise: str) -> str:
    """Where one came from, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else otherwise
