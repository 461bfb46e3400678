"""A person's conversations at a connection become somebody else's: the page that says what that means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.models import Bot, Connection, Conversation
from chatweb.turns import commands

from .identity_keys import PLACE, PersonField, mapping_url, must_map
from .steps import ReasonForm, Step, is_confirmed, note_of, page


class MoveForm(ReasonForm):
    user = PersonField(label=_("From"))
    connection = forms.ModelChoiceField(Connection.objects.all(), label=_("Connection"))
    to = PersonField(label=_("To"))
    field_order = ["user", "connection", "to", "reason"]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        to = chosen.get("to")
        if to is not None and (to == chosen.get("user") or not to.is_active or not to.is_approved):
            self.add_error("to", gettext("Choose somebody else, who may sign in."))
        return chosen


def move(request: HttpRequest) -> HttpResponse:
    """From whom, where and to whom; then what it means; then it is done."""
    must_map(request)
    form = MoveForm(request.POST) if request.method == "POST" else MoveForm(initial=request.GET.dict())
    asking = Step(_("Move conversations to another person"), PLACE, mapping_url(), _("Go on"), form)
    if request.method != "POST" or not form.is_valid():
        return page(request, asking)
    user, connection, to = (form.cleaned_data[name] for name in ("user", "connection", "to"))
    warning = ""
    if is_confirmed(request):
        try:
            note = note_of(request, form.cleaned_data["reason"])
            count = commands.move_conversations(user, connection, to, note)
        except commands.Refused as refused:
            warning = refused.sentence
        else:
            sentence = ngettext("%(n)d conversation moved.", "%(n)d conversations moved.", count)
            messages.success(request, sentence % {"n": count})
            return redirect(f"{mapping_url()}?q={to.uuid}")
    sentences = _what_it_means(user, connection, to)
    return page(request, replace(asking, button=_("Move"), sentences=sentences, warning=warning))


def _what_it_means(user: User, connection: Connection, to: User) -> list[str]:
    talks = Conversation.objects.filter(user=user, identity__in=commands.held_at(user, connection))
    count = talks.count()
    names = {"name": user, "to": to, "connection": connection, "n": count}
    moves = ngettext(
        "%(n)d conversation of %(name)s at %(connection)s becomes %(to)s's, with its key: at Coze it belongs "
        "to it.",
        "%(n)d conversations of %(name)s at %(connection)s become %(to)s's, with their keys: at Coze they "
        "belong to them.",
        count,
    )
    along = gettext(
        "Files, drafts, ratings, what was read, the search and the figures of use go along. %(name)s finds "
        "none of it any more, and open tabs let go of it."
    )
    allowed = gettext("What %(name)s allowed a bot for good is asked again.")
    keys = gettext(
        "New conversations of %(to)s go under the key they have; %(name)s gets a new one with the next."
    )
    told = [words % names for words in (moves, along, allowed, keys)]
    unusable = Bot.objects.filter(pk__in=talks.values("bot")).exclude(
        pk__in=Bot.objects.usable_by(to).values("pk")
    )
    if missing := ", ".join(unusable.values_list("name", flat=True)):
        words = gettext("%(to)s may not use these bots, and so reads but cannot go on: %(bots)s.")
        told.append(words % {**names, "bots": missing})
    return told
