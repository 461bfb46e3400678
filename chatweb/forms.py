"""What a browser may send: every command's input, checked. Errors name a key of chatweb/sentences.py."""

from __future__ import annotations

from django import forms
from django.conf import settings

CONTROL = {code: None for code in range(32) if chr(code) not in "\n\r\t"} | {0x7F: None}


def clean_text(value: str) -> str:
    """Line ends as one kind, control characters gone, lone surrogates made visible: a database takes it."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROL)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class QuestionField(forms.CharField):
    """The text of a question: anything a person can type, up to MAX_QUESTION_CHARS."""

    def __init__(self) -> None:
        super().__init__(strip=False, required=False)

    def to_python(self, value: object) -> str:
        return clean_text(value) if isinstance(value, str) else ""

    def validate(self, value: str) -> None:
        if not value.strip():
            raise forms.ValidationError("empty", code="empty")
        if len(value) > settings.MAX_QUESTION_CHARS:
            raise forms.ValidationError("too_large", code="too_large")

    def run_validators(self, value: str) -> None:
        """`validate` says it all; Django's own would refuse NUL, which is gone by now."""


class AskForm(forms.Form):
    client_id = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})
    text = QuestionField()


class StartForm(forms.Form):
    bot = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})
    client_id = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})
    turn_client_id = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})
    text = QuestionField()


class EditForm(forms.Form):
    text = QuestionField()


class AgainForm(forms.Form):
    client_id = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})


class NameForm(forms.Form):
    name = forms.CharField(max_length=100, error_messages={"required": "empty", "max_length": "too_large"})

    def clean_name(self) -> str:
        name = " ".join(clean_text(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError("empty", code="empty")
        return name


class SwitchForm(forms.Form):
    on = forms.BooleanField(required=False)


def lengths_from(value: object) -> dict[str, int]:
    """{message uuid: UTF-16 units} of a stop; whatever is not that is left out."""
    if not isinstance(value, dict):
        return {}
    return {
        str(key)[:36]: number
        for key, number in list(value.items())[:200]
        if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**31
    }
