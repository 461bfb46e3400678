"""The form of a bot: where a chatflow runs, and what a workflow is started with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chatweb.models import Bot

from .schemas import SchemaText

FLOWS = (Bot.Kind.CHATFLOW, Bot.Kind.WORKFLOW)


class BotForm(forms.ModelForm):
    parameters = SchemaText(
        label=_("Start parameters"),
        help_text=_(
            "A JSON Schema of an object: the form that starts it is made from that. “Import bots” fills this "
            "in while it is empty and never overwrites it. To read it again, empty it and import."
        ),
    )

    file_kinds = forms.MultipleChoiceField(
        label=_("Files it takes"),
        choices=Bot.FileKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("With a question. None: people cannot attach files."),
    )

    class Meta:
        model = Bot
        fields = [
            "name", "connection", "kind", "upstream_id", "is_enabled", "pushes_feedback",
            "host_bot_id", "app_id", "parameters", "runs_in_background",
            "file_kinds", "most_files",
            "description", "prologue", "suggested_questions", "shortcut_commands",
        ]  # fmt: skip
        help_texts = {
            "host_bot_id": _(
                "Id upstream. A chatflow needs this or an app id; a workflow may have one of them."
            ),
            "app_id": _("Id upstream of the app that the chatflow or workflow belongs to."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_place(cleaned)
        parameters = cleaned.get("parameters")
        if parameters and parameters.get("type", "object") != "object":
            self.add_error("parameters", _("It is started with an object: the type must be “object”."))
        if cleaned.get("runs_in_background") and cleaned.get("kind") != Bot.Kind.WORKFLOW:
            self.add_error("runs_in_background", _("Only workflows run in the background."))
        return cleaned

    def _check_place(self, cleaned: dict[str, Any]) -> None:
        """In an app or in a bot, never in both (wire-workflows 2.1); nothing else runs in another bot."""
        kind, host, app = cleaned.get("kind"), cleaned.get("host_bot_id"), cleaned.get("app_id")
        if host and app:
            self.add_error("host_bot_id", _("A bot or an app, not both: the upstream refuses that."))
        elif kind == Bot.Kind.CHATFLOW and cleaned.get("is_enabled") and not (host or app):
            self.add_error(
                "host_bot_id",
                _("A chatflow runs in a bot or in an app: give the id of one, or leave it switched off."),
            )
        elif kind not in FLOWS and (host or app):
            self.add_error(
                "host_bot_id" if host else "app_id", _("Only chatflows and workflows run in a bot or an app.")
            )
