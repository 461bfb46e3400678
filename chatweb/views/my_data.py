"""“My data”: take everything away, delete the account, and the receipt that stays for a while (M-113)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.admission import may_use_password
from accounts.forms import NameAgainForm
from accounts.models import User
from chatweb.exports import receipt
from chatweb.exports.archive import archive_of
from chatweb.exports.file_names import safe_name
from chatweb.exports.streaming import download
from chatweb.models import Action, Attachment, Conversation, Deletion, Message
from chatweb.models.deletion import RECEIPT_DAYS
from chatweb.models.retention import held_conversation, held_person
from chatweb.turns import commands
from chatweb.views.answers import SeeOther, SignedInRequest, signed_in

# By the query's `format`: what writes it, the file's suffix, its type.
RECEIPTS = {
    "json": (receipt.as_json, "json", "application/json"),
    "text": (receipt.as_text, "txt", "text/plain; charset=utf-8"),
}


@require_GET
@signed_in
@never_cache
def my_data(request: SignedInRequest) -> HttpResponse:
    return page(request)


def page(request: SignedInRequest, status: int = 200, **forms: Form) -> HttpResponse:
    """The page with both forms, one of them perhaps with what was wrong with it."""
    context = {
        "counts": counts_of(request.user),
        "held_count": held_count(request.user),
        "is_held": User.objects.filter(held_person(), pk=request.user.pk).exists(),
        "is_last_admin": commands.is_last_admin(request.user),
        "receipt_days": RECEIPT_DAYS,
        "download": forms.get("download") or form_of(request, "download"),
        "deletion": forms.get("deletion") or form_of(request, "deletion"),
    }
    return render(request, "my_data/page.html", context, status=status)


def form_of(request: SignedInRequest, prefix: str, data: Any = None) -> Form:
    """Asks for the password once more; people without one type their name."""
    if not (request.user.has_usable_password() and may_use_password(request.user)):
        return NameAgainForm(data, user=request.user, auto_id=f"{prefix}_%s")
    form = ReauthenticateForm(data, user=request.user, auto_id=f"{prefix}_%s")
    form.fields["password"].help_text = ""
    return form


def counts_of(user: User) -> dict[str, int]:
    """What a person would count."""
    return {
        "conversations": Conversation.objects.filter(user=user).count(),
        "messages": Message.objects.filter(conversation__user=user, type__in=["question", "answer"]).count(),
        "cards": Action.objects.filter(turn__conversation__user=user).count(),
        "files": Attachment.objects.filter(user=user).count(),
    }


def held_count(user: User) -> int:
    """Conversations that a legal hold keeps whatever their person does."""
    return Conversation.objects.filter(held_conversation(), user=user).count()


def confirmed(request: SignedInRequest, prefix: str) -> Form | HttpResponse:
    """The form, rightly filled in, or the answer that says what is wrong with it."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return ratelimit.respond_429(request)
    form = form_of(request, prefix, request.POST)
    return form if form.is_valid() else page(request, 422, **{prefix: form})


@require_POST
@signed_in
@never_cache
def download_all(request: SignedInRequest) -> HttpResponseBase:
    form = confirmed(request, "download")
    if isinstance(form, HttpResponse):
        return form
    site = safe_name(settings.SITE_NAME, otherwise="chat")
    name = f"{site} {safe_name(request.user.username, otherwise='me')} {timezone.localdate().isoformat()}.zip"
    return download(archive_of(request.user), name, "application/zip")


@require_POST
@signed_in
@never_cache
def delete_account(request: SignedInRequest) -> HttpResponse:
    form = confirmed(request, "deletion")
    if isinstance(form, HttpResponse):
        return form
    if commands.is_last_admin(request.user):
        return page(request, 409)
    deletion = commands.delete_account(request.user)
    logout(request)
    return SeeOther(reverse("receipt", args=[deletion.token]))


@require_GET
@never_cache
def show_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link: there is no account to sign in with."""
    # While a legal hold keeps the end away, the receipt waits for it.
    valid = Q(expires_at__gt=timezone.now()) | Q(carried_out_at=None)
    deletion = get_object_or_404(Deletion.objects.filter(valid), token=token)
    chosen = RECEIPTS.get(request.GET.get("format", ""))
    if chosen is not None:
        write, suffix, content_type = chosen
        response = HttpResponse(write(deletion), content_type=content_type)
        name = f"receipt {timezone.localdate(deletion.asked_at).isoformat()}.{suffix}"
        response["Content-Disposition"] = str(content_disposition_header(True, name))
    else:
        shown = receipt.receipt_of(deletion)
        is_over = deletion.carried_out_at and all(call["outcome"] != "pending" for call in shown["calls"])
        context = {"deletion": deletion, "receipt": shown, "is_over": is_over}
        response = render(request, "my_data/receipt.html", context)
    # The address is the key: it must reach no other site and no index.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
