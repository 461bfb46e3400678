"""The mapping as CSV: taken away as it is read, brought back after a look at what each line does (M-090)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatweb.exports.streaming import download
from chatweb.identity_sheet import BOM, Unreadable, decoded, lines_of, row
from chatweb.models import Conversation, CozeIdentity
from chatweb.turns import commands

from .identity_keys import mapping_url, must_map
from .steps import note_of

CHUNK = 1000
MOST_BYTES = 2_000_000
MOST_SHOWN = 1000
UNREADABLE = {
    "encoding": _("This is no text that can be read: save it as CSV in UTF-8."),
    "headers": _("The first line must name the columns: user, connection and Coze user_id."),
    "too_long": _("These are too many lines at once: 20 000 at most."),
    "table": _("This is no CSV table."),
}
DOES = {
    "nothing": _("nothing to do"),
    "create": _("new key, the first one"),
    "change": _("another key; the old one stays with its conversations"),
    "return": _("a key of before is the current one again"),
    "error": _("error"),
}


def export(request: HttpRequest) -> StreamingHttpResponse:
    """A line for each key, or with `rows=conversations` for each conversation."""
    if not request.user.has_perm("chatweb.view_cozeidentity"):
        raise PermissionDenied
    by_talk = request.GET.get("rows") == "conversations"
    if by_talk and not request.user.has_perm("chatweb.view_conversation"):
        raise PermissionDenied
    note_of(request)("identity.exported", None, after={"rows": "conversations" if by_talk else "keys"})
    # Said here: the middleware's choice of a language ends with the view.
    words = {True: gettext("current"), False: gettext("old")}
    heads = [gettext("user"), gettext("connection"), "Coze user_id", gettext("standing")]
    if by_talk:
        pieces = _talk_rows([*heads, gettext("conversation"), gettext("id upstream")], words)
    else:
        pieces = _key_rows(heads, words)
    return download(pieces, gettext("Coze user_ids") + ".csv", "text/csv; charset=utf-8")


def _key_rows(heads: list[str], words: dict[bool, str]) -> Iterator[str]:
    yield BOM + row(heads)
    last = 0
    found = CozeIdentity.objects.select_related("user", "connection").order_by("pk")
    while batch := list(found.filter(pk__gt=last)[:CHUNK]):
        last = batch[-1].pk
        yield "".join(row(_cells_of(one, words)) for one in batch)


def _talk_rows(heads: list[str], words: dict[bool, str]) -> Iterator[str]:
    yield BOM + row(heads)
    last = 0
    found = Conversation.objects.select_related("identity__user", "identity__connection").order_by("pk")
    while batch := list(found.filter(pk__gt=last)[:CHUNK]):
        last = batch[-1].pk
        yield "".join(row([*_cells_of(one.identity, words), one.uuid, one.upstream_id]) for one in batch)


def _cells_of(identity: CozeIdentity, words: dict[bool, str]) -> list[str]:
    return [identity.user.username, identity.connection.name, identity.key, words[identity.is_current]]


class SheetForm(forms.Form):
    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("or its lines"),
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80, "class": "sheet__text", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, help_text=_("Goes into the audit log.")
    )


def bring_in(request: HttpRequest) -> HttpResponse:
    """A file becomes lines on the page, to be put right there; what they do is shown before it is done."""
    must_map(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            text = _text_of(form)
            lines = lines_of(text)
            plan = commands.plan_keys(lines)
            context = _told(plan, text)
            if "apply" in request.POST:
                note = note_of(request, form.cleaned_data["reason"])
                count = commands.set_keys(lines, request.POST.get("digest", ""), note)
                sentence = ngettext("%(n)d key set.", "%(n)d keys set.", count)
                messages.success(request, sentence % {"n": count})
                return redirect(mapping_url())
        except Unreadable as bad:
            form.add_error(None, UNREADABLE[bad.reason])
        except commands.Refused as refused:
            form.add_error(None, refused.sentence)
        form.data = {**request.POST.dict(), "text": context.get("text", request.POST.get("text", ""))}
    page = {
        **admin.site.each_context(request),
        "title": gettext("Import Coze user_ids"),
        "form": form,
        **context,
    }
    return TemplateResponse(request, "admin/sheet.html", {**page, "back_url": mapping_url()})


def _text_of(form: SheetForm) -> str:
    file = form.cleaned_data["file"]
    if file is None:
        return str(form.cleaned_data["text"])
    if file.size > MOST_BYTES:
        raise Unreadable("too_long")
    return decoded(file.read())


def _told(plan: list[Any], text: str) -> dict[str, Any]:
    """Errors first, then what changes; of thousands of lines the first are shown."""
    counts = Counter(one.does for one in plan)
    urgent = sorted(plan, key=lambda one: (one.does != "error", one.does == "nothing"))
    changes = sum(counts[does] for does in ("create", "change", "return"))
    return {
        "text": text,
        "plan": [{"one": one, "does": DOES[one.does]} for one in urgent[:MOST_SHOWN]],
        "hidden_count": max(len(plan) - MOST_SHOWN, 0),
        "counts": [(DOES[does], counts[does]) for does in DOES if counts[does]],
        "may_apply": changes and not counts["error"],
        "has_errors": counts["error"],
        "digest": commands.digest_of(plan),
    }
