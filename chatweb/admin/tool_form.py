"""The form of a tool: what each mode needs, checked before any card shows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chatweb.models import Tool
from chatweb.turns.templates import TemplateFault, check_template

from .schemas import JsonText, SchemaText, check_sample
from .secrets import SecretLine

MODE = Tool.Mode
ANSWERS_WITHIN_SECONDS = 10
APPROVED = '{"approved": true}'
DECLINED = '{"approved": false, "reason": "{reason}"}'
# Which modes need a field; without JavaScript all are on the page.
NEEDED_BY = {
    "webhook_url": [MODE.WEBHOOK],
    "webhook_secret": [MODE.WEBHOOK],
    "webhook_timeout_seconds": [MODE.WEBHOOK],
    "schema": [MODE.FORM, MODE.WEBHOOK],
    "sample_output": [MODE.FORM, MODE.WEBHOOK],
    "template": [MODE.AUTO],
    "approve_output": [MODE.APPROVE],
    "decline_output": [MODE.APPROVE, MODE.REFUSE],
    "may_be_allowed": [MODE.APPROVE],
    "time_limit_seconds": [MODE.FORM, MODE.APPROVE, MODE.WEBHOOK],
}
CHECKED_LIVE = [name for name in NEEDED_BY if name not in {"may_be_allowed", "webhook_secret"}]


def title_from(name: str) -> str:
    """`get_weather` → `Get weather`."""
    words = name.replace("_", " ").replace("-", " ").split()
    return " ".join(words)[:100].capitalize()


def output_area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField json", "spellcheck": "false"})


class ToolForm(forms.ModelForm):
    """Saving it registers the tool. The sample is checked and not kept."""

    schema = SchemaText(
        label=_("Output schema"),
        help_text=_(
            "A JSON Schema; the card shows a form made from it. Without one people write JSON. "
            "A file to be picked is a text: {"
            '"type": "string", "format": "file"}.'
        ),
    )
    sample_output = JsonText(
        label=_("Try an output"),
        help_text=_("JSON that should fit the schema. It is checked and not kept."),
    )

    # Not among `fields`: so it is not in `initial`, hence in no rendered page.
    webhook_secret = forms.CharField(
        label=_("Secret of the service"),
        required=False,
        widget=SecretLine(),
        help_text=_("Questions are signed with it. Leave empty to keep what is stored."),
    )

    class Meta:
        model = Tool
        fields = [
            "bot", "name", "title_en", "title_zh", "icon", "mode", "webhook_url", "webhook_timeout_seconds",
            "schema", "template", "approve_output", "decline_output", "time_limit_seconds", "may_be_allowed",
        ]  # fmt: skip
        widgets = {
            "mode": forms.RadioSelect,
            "template": output_area(),
            "approve_output": output_area(),
            "decline_output": output_area(),
        }
        help_texts = {
            "bot": _(
                "Empty: all bots. Where both have an entry, the bot's own counts, but refusing always wins."
            ),
            "name": _("As the bot calls it."),
            "icon": _("One emoji."),
            "template": _(
                "Places are filled from the arguments: {city}, {place.street}, {days.0}. "
                "Braces of the text are doubled: {{ }}."
            ),
            "approve_output": _("May have places, as a template has."),
            "decline_output": _("{reason} is what the person gives as the reason."),
            "time_limit_seconds": _(
                "From the call on; then the card expires. Empty: as long as the upstream waits."
            ),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "webhook_timeout_seconds" in self.fields:
            self.fields["webhook_timeout_seconds"].required = False
        for name, text in {"approve_output": APPROVED, "decline_output": DECLINED}.items():
            if name in self.fields and not self.initial.get(name):
                self.initial[name] = text
        if not self.instance.is_registered and not self.initial.get("title_en"):
            self.initial["title_en"] = title_from(self.instance.name)

    def clean_template(self) -> str:
        return self._checked("template")

    def clean_approve_output(self) -> str:
        return self._checked("approve_output")

    def clean_decline_output(self) -> str:
        return self._checked("decline_output")

    def clean_webhook_timeout_seconds(self) -> int:
        return self.cleaned_data["webhook_timeout_seconds"] or ANSWERS_WITHIN_SECONDS

    def _checked(self, name: str) -> str:
        text = self.cleaned_data[name]
        try:
            check_template(text)
        except TemplateFault as fault:
            raise ValidationError(str(fault)) from fault
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mode = cleaned.get("mode")
        for name in ("approve_output", "decline_output"):
            # An output that nobody sees on the page must not be sent.
            if name in cleaned and mode not in NEEDED_BY[name]:
                cleaned[name] = ""
        cleaned["may_be_allowed"] = bool(cleaned.get("may_be_allowed")) and mode == MODE.APPROVE
        if mode == MODE.WEBHOOK:
            self._require("webhook_url", _("Say where the service is."))
            if not cleaned.get("webhook_secret") and not self.instance.webhook_secret:
                self.add_error("webhook_secret", _("The service needs a secret to know this site by."))
        if mode == MODE.AUTO:
            self._require("template", _("A tool that is answered at once needs what it answers."))
        if mode == MODE.APPROVE:
            self._require("approve_output", _("Say what is sent when somebody approves."))
            self._require("decline_output", _("Say what is sent when somebody declines."))
        self._check_sample(cleaned)
        self._check_for_all_bots(cleaned)
        return cleaned

    def _require(self, name: str, sentence: Any) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, sentence)

    def _check_sample(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("schema") or self["sample_output"].data in (None, ""):
            return
        if "sample_output" not in self.errors:
            try:
                check_sample(cleaned["schema"], cleaned.get("sample_output"))
            except ValidationError as misfit:
                self.add_error("sample_output", misfit)

    def _check_for_all_bots(self, cleaned: dict[str, Any]) -> None:
        """The constraint says so too, in words nobody understands."""
        if cleaned.get("bot") is None and "bot" not in self.errors:
            others = Tool.objects.filter(bot=None, name=cleaned.get("name")).exclude(pk=self.instance.pk)
            if others.exists():
                self.add_error("name", _("There is an entry for all bots already."))

    def save(self, commit: bool = True) -> Tool:
        self.instance.is_registered = True
        if secret := self.cleaned_data.get("webhook_secret"):
            self.instance.webhook_secret = secret
        return super().save(commit)
