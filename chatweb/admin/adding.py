"""Adding a bot by its id: for services that list nothing, and for tokens that may not see the list."""

from __future__ import annotations

import re
from typing import Any

from django import forms, http
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatweb.auditing import record
from chatweb.models import Bot, Connection
from chatweb.turns import commands
from chatweb.views.answers import SignedInRequest

# Where the id stands in the address of a page: /space/1/bot/730…, ?workflow_id=730…, /workflow/730…
IN_ADDRESS = re.compile(r"(?:/bot/|[?&]workflow_id=|/workflow/)(\d+)")


class AddForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    upstream_id = forms.CharField(
        label=gettext_lazy("Id, or the address of its page"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=gettext_lazy("Only where the service does not say it: Coze Studio does not of workflows."),
    )

    def __init__(self, connection: Connection, data: Any = None) -> None:
        super().__init__(data)
        is_assistants = connection.dialect == Connection.Dialect.ASSISTANTS
        kinds = [kind for kind in Bot.Kind if (kind == Bot.Kind.ASSISTANT) is is_assistants]
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("Kind"), choices=[(kind.value, kind.label) for kind in kinds]
        )

    def clean_upstream_id(self) -> str:
        given = str(self.cleaned_data["upstream_id"])
        in_address = IN_ADDRESS.search(given)
        found = in_address[1] if in_address else given
        if len(found) > 64 or not re.fullmatch(r"[\w-]+", found):
            raise forms.ValidationError(_("There is no id in this."))
        return found


def add_bot(request: SignedInRequest, connection: Connection, form: AddForm) -> http.HttpResponse | None:
    """Ask the upstream for it and go to its page, where it is granted; None when that cannot be."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        bot = commands.add_by_id(connection, given["kind"], given["upstream_id"], given["name"])
    except commands.UpstreamError as error:
        kind = Bot.Kind(given["kind"]).label
        sentence = _("No %(kind)s was added. The service says: %(error)s") % {"kind": kind, "error": error}
        form.add_error("upstream_id", sentence)
        return None
    after = {"kind": bot.kind, "upstream_id": bot.upstream_id, "name": bot.name}
    record(request.user, "connection.imported", connection, after=after, request=request)
    messages.success(request, _("%(bot)s is here. Say below who may use it.") % {"bot": bot})
    if bot.kind == Bot.Kind.CHATFLOW and not bot.is_enabled:
        messages.warning(request, _("It needs the id of a bot or an app to run in; then switch it on."))
    return redirect("admin:chatweb_bot_change", bot.pk)
