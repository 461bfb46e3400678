"""The form of a bot: where a chatflow runs, and what a workflow is started with."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chatweb.models import Bot

from .schemas import SchemaText

VARIABLE = re.compile(r"[A-Za-z_]{1,64}")  # wire-chat 2
ASKED_OF = {"bot": ("asked_parameters", "asked_variables"), "chatflow": ("asked_parameters",)}
PLAIN_TYPES = ("string", "integer", "number", "boolean")
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
    asked_parameters = SchemaText(
        label=_("Parameters asked of the user"),
        help_text=_(
            "A JSON Schema of an object: what people fill in before a conversation begins. Sent with every "
            "chat as “parameters”, to the start node of the flow. Titles in both languages: "
            '"x-titles": {"en": "City", "zh": "城市"}; "x-descriptions" likewise.'
        ),
    )
    asked_variables = SchemaText(
        label=_("Variables asked of the user"),
        help_text=_(
            "The same for “custom_variables”, which fill {{…}} in the bot's prompt: texts, numbers, "
            "yes or no."
        ),
    )

    class Meta:
        model = Bot
        fields = [
            "name", "connection", "kind", "upstream_id", "is_enabled", "pushes_feedback",
            "host_bot_id", "app_id", "parameters", "runs_in_background",
            "file_kinds", "most_files",
            "asked_parameters", "asked_variables",
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
        self._check_asked(cleaned)
        if cleaned.get("runs_in_background") and cleaned.get("kind") != Bot.Kind.WORKFLOW:
            self.add_error("runs_in_background", _("Only workflows run in the background."))
        return cleaned

    def _check_asked(self, cleaned: dict[str, Any]) -> None:
        """Chatflows take no variables (wire-workflows 2.1); those of a bot are texts with plain names."""
        for name in ("asked_parameters", "asked_variables"):
            schema = cleaned.get(name)
            if not schema:
                continue
            if name not in ASKED_OF.get(str(cleaned.get("kind")), ()):
                self.add_error(name, _("This kind of bot does not take these."))
            elif not isinstance(schema.get("properties"), dict):
                self.add_error(name, _("Name what is asked under “properties” of an object."))
            elif name == "asked_variables":
                self._check_variables(schema["properties"])

    def _check_variables(self, properties: dict[str, Any]) -> None:
        if not all(VARIABLE.fullmatch(name) for name in properties):
            self.add_error("asked_variables", _("Names have letters of ASCII and “_” only."))
        types = [field.get("type", "string") for field in properties.values() if isinstance(field, dict)]
        if not all(one in PLAIN_TYPES for one in types):
            self.add_error("asked_variables", _("A variable is a text, a number, or yes or no."))

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
