"""Another key for somebody at Coze: one the admin writes, or new random ones (M-090)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.models import Connection, CozeIdentity
from chatweb.models.bots import is_identity_key
from chatweb.turns import commands

from .steps import Autocomplete, ReasonForm, Step, is_confirmed, note_of, page

MOST_ROTATED = 500
PLACE = _("Who is who at Coze")


def may_map(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("chatweb.change_cozeidentity"))


def must_map(request: HttpRequest) -> None:
    if not may_map(request):
        raise PermissionDenied


def mapping_url() -> str:
    return reverse("admin:chatweb_cozeidentity_changelist")


class PersonField(forms.ModelChoiceField):
    """A person, found by typing a part of a name, an e-mail address or a whole key."""

    def __init__(self, **options: Any) -> None:
        field = CozeIdentity._meta.get_field("user")
        super().__init__(User.objects.all(), widget=Autocomplete(field), **options)


class KeyForm(ReasonForm):
    user = PersonField(label=_("Person"))
    connection = forms.ModelChoiceField(Connection.objects.all(), label=_("Connection"))
    key = forms.CharField(
        label=_("Coze user_id"),
        validators=[is_identity_key],
        help_text=_(
            "Coze and the makers of its bots see it: take no name and no address. "
            "3 to 64 letters, digits, dots, colons, hyphens and underscores."
        ),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["user", "connection", "key", "reason"]

    current: CozeIdentity | None = None  # what is to be succeeded, once the form is valid

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if not {"user", "connection", "key"} <= chosen.keys():
            return chosen
        theirs = CozeIdentity.objects.filter(user=chosen["user"], connection=chosen["connection"])
        self.current = theirs.filter(is_current=True).first()
        if self.current is not None and self.current.key == chosen["key"]:
            self.add_error("key", gettext("That is the current key already."))
        elif commands.is_taken(chosen["key"], chosen["user"], chosen["connection"]):
            self.add_error("key", commands.key_taken().sentence)
        return chosen


def set_key(request: HttpRequest) -> HttpResponse:
    """Choose whose key at which connection, see what it means, and do it."""
    must_map(request)
    form = KeyForm(request.POST) if request.method == "POST" else KeyForm(initial=request.GET.dict())
    asking = Step(_("Set a Coze user_id"), PLACE, mapping_url(), _("Go on"), form, intro=INTRO)
    if request.method != "POST" or not form.is_valid():
        return page(request, asking)
    user, connection, key = (form.cleaned_data[name] for name in ("user", "connection", "key"))
    seen = str(form.current.pk) if form.current else ""
    warning = ""
    if is_confirmed(request):
        try:
            if request.POST.get("seen") != seen:
                raise commands.changed_meanwhile()
            commands.set_key(
                user, connection, form.current, key, note_of(request, form.cleaned_data["reason"])
            )
        except commands.Refused as refused:
            warning = refused.sentence
        else:
            messages.success(request, gettext("%(name)s has another Coze user_id now.") % {"name": user})
            return redirect(f"{mapping_url()}?q={key}")
    sentences = _what_a_key_means(user, connection, form.current, key)
    confirming = replace(asking, button=_("Set it"), sentences=sentences, warning=warning)
    return page(request, replace(confirming, hidden=[("seen", seen)]))


INTRO = [
    _("The bots know a person by this key alone: it is the user_id of every call."),
    _(
        "With an OAuth (JWT) connection it is the session_name too, and that is what really keeps people's "
        "conversations apart at Coze. With an access token they all belong to the token's owner there."
    ),
]


def _what_a_key_means(
    user: User, connection: Connection, current: CozeIdentity | None, key: str
) -> list[str]:
    names = {"name": user, "connection": connection, "key": key, "old": current.key if current else ""}
    told = [gettext("What %(name)s begins at %(connection)s from now on goes under %(key)s.") % names]
    if current is not None:
        told += _what_stays(current.conversations.count(), names)
    return told


def _what_stays(count: int, names: dict[str, Any]) -> list[str]:
    kept = ngettext(
        "%(n)d conversation stays under %(old)s, where Coze keeps it: nothing of it is lost, and it can be "
        "gone on with.",
        "%(n)d conversations stay under %(old)s, where Coze keeps them: nothing of them is lost, and they "
        "can be gone on with.",
        count,
    )
    memory = gettext(
        "What bots remember of %(name)s (variables, long-term memory) belongs to the old key: new "
        "conversations begin without it."
    )
    return [kept % {**names, "n": count}, gettext("Answers that run go on."), memory % names]


def rotate(request: HttpRequest) -> HttpResponse:
    """New random keys for the identities in `ids`, which are current ones."""
    must_map(request)
    chosen = request.POST if request.method == "POST" else request.GET
    pks = [int(pk) for pk in chosen.get("ids", "").split(",") if pk.isascii() and pk.isdigit()]
    found = CozeIdentity.objects.filter(pk__in=pks[:MOST_ROTATED], is_current=True)
    identities = list(found.select_related("user", "connection").order_by("user__username"))
    if not identities:
        messages.warning(request, gettext("Only current keys are rotated, and none of these is."))
        return redirect(mapping_url())
    form = ReasonForm(request.POST or None)
    if is_confirmed(request) and form.is_valid():
        _rotate_all(request, identities, form.cleaned_data["reason"])
        return redirect(mapping_url())
    step = Step(
        ngettext("Rotate the Coze user_id of %(n)d person", "Rotate the Coze user_ids of %(n)d people",
                 len(identities)) % {"n": len(identities)},
        PLACE, mapping_url(), _("Rotate"), form, _what_rotating_means(identities), still_asks=True,
        intro=INTRO, hidden=[("ids", ",".join(str(one.pk) for one in identities))],
    )  # fmt: skip
    return page(request, step)


def _what_rotating_means(identities: list[CozeIdentity]) -> list[str]:
    if len(identities) == 1:
        [one] = identities
        names = {"name": one.user, "old": one.key, "connection": one.connection}
        told = gettext("What %(name)s begins at %(connection)s from now on goes under a new random key.")
        return [told % names, *_what_stays(one.conversations.count(), names)]
    names_of = ", ".join(f"{one.user} ({one.connection})" for one in identities)
    return [
        gettext("A new random key for what these begin from now on: %(names)s.") % {"names": names_of},
        gettext("Their conversations stay under the old keys and can be gone on with: nothing is lost."),
        gettext("Answers that run go on."),
        gettext("What bots remember of them (variables, long-term memory) belongs to the old keys."),
    ]


def _rotate_all(request: HttpRequest, identities: list[CozeIdentity], reason: str) -> None:
    rotated = 0
    for identity in identities:
        try:
            commands.rotate(identity, note_of(request, reason))
        except commands.Refused as refused:
            messages.warning(request, f"{identity.user}: {refused.sentence}")
        else:
            rotated += 1
    sentence = ngettext("%(n)d key rotated.", "%(n)d keys rotated.", rotated)
    messages.success(request, sentence % {"n": rotated})
