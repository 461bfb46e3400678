"""What a browser may send: every command's input, checked. Errors name a key of chatweb/sentences.py."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings

from chatweb.turns.states import Rating

MAX_VALUES_CHARS = 200_000
MOST_ANSWERS = 100
MOST_PICTURES = 100
MAX_ADDRESS_CHARS = 4_000
ACTION = re.compile(r"[a-z][a-z-]{0,39}")  # of the keyboard
LONGEST_KEYS = 40
CONTROL = {code: None for code in range(32) if chr(code) not in "\n\r\t"} | {0x7F: None}


def clean_text(value: str) -> str:
    """Line ends as one kind, control characters gone, lone surrogates made visible: a database takes it."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROL)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def clean_value(value: Any) -> Any:
    """Any JSON value with all its texts so. RecursionError for one nested too deep to be meant."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_value(one) for one in value]
    if isinstance(value, dict):
        return {clean_text(key): clean_value(one) for key, one in value.items()}
    return value


class QuestionField(forms.CharField):
    """The text of a question: anything a person can type, up to MAX_QUESTION_CHARS."""

    def __init__(self, *, may_be_empty: bool = False) -> None:
        super().__init__(strip=False, required=False)
        self.may_be_empty = may_be_empty

    def to_python(self, value: object) -> str:
        return clean_text(value) if isinstance(value, str) else ""

    def validate(self, value: str) -> None:
        if not value.strip() and not self.may_be_empty:
            raise forms.ValidationError("empty", code="empty")
        if len(value) > settings.MAX_QUESTION_CHARS:
            raise forms.ValidationError("too_large", code="too_large")

    def run_validators(self, value: str) -> None:
        """`validate` says it all; Django's own would refuse NUL, which is gone by now."""


class ValuesField(forms.Field):
    """A JSON object of moderate size; None when it was left out."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(required=required, error_messages={"required": "malformed"})

    def to_python(self, value: object) -> dict[str, object] | None:
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            raise forms.ValidationError("malformed", code="malformed")
        try:
            # NaN and Infinity, which Python's parser takes, are no JSON to any database.
            if len(json.dumps(value, ensure_ascii=False, allow_nan=False)) > MAX_VALUES_CHARS:
                raise forms.ValidationError("too_large", code="too_large")
            return dict(clean_value(value))
        except (ValueError, RecursionError) as bad:
            raise forms.ValidationError("malformed", code="malformed") from bad


class IdsField(forms.Field):
    """A list of uuids, each once; empty when it was left out."""

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: object) -> list[UUID]:
        try:
            return [UUID(one) for one in sorted(ids_from(value or None))]
        except ValueError as bad:
            raise forms.ValidationError("malformed", code="malformed") from bad


class CommentField(forms.CharField):
    """What somebody adds to a rating; None when it was left out."""

    def __init__(self) -> None:
        super().__init__(required=False, empty_value="")

    def to_python(self, value: object) -> str | None:
        return clean_text(value).strip() if isinstance(value, str) else None

    def validate(self, value: str | None) -> None:
        if value is not None and len(value) > settings.MAX_COMMENT_CHARS:
            raise forms.ValidationError("too_large", code="too_large")

    def run_validators(self, value: str | None) -> None:
        """`validate` says it all."""


class AskForm(forms.Form):
    client_id = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})
    # A workflow, or a question with files, may need no words; which the command knows.
    text = QuestionField(may_be_empty=True)
    parameters = ValuesField()
    files = IdsField()  # type: ignore[assignment]  # a form has no files of its own here
    shortcut = ValuesField()
    from_draft = forms.BooleanField(required=False)


class AskedForm(forms.Form):
    parameters = ValuesField()
    variables = ValuesField()


class StartForm(AskForm):
    asked = ValuesField()
    bot = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})
    turn_client_id = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})


class DraftForm(forms.Form):
    draft = ValuesField()
    tab = forms.CharField(required=False, max_length=64, error_messages={"max_length": "malformed"})


class FeedbackForm(forms.Form):
    """An empty rating takes it back."""

    rating = forms.ChoiceField(
        choices=Rating.choices, required=False, error_messages={"invalid_choice": "malformed"}
    )
    comment = CommentField()


class QuestionDraftForm(forms.Form):
    text = QuestionField(may_be_empty=True)
    files = IdsField()  # type: ignore[assignment]
    tab = forms.CharField(required=False, max_length=64, error_messages={"max_length": "malformed"})


class EditForm(forms.Form):
    text = QuestionField()


class AgainForm(forms.Form):
    client_id = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})


class BranchForm(AgainForm):
    text = QuestionField()


class ShortcutsForm(forms.Form):
    """What a person changed of the keyboard: which actions there are is the page's business."""

    is_off = forms.BooleanField(required=False)
    single_off = forms.BooleanField(required=False)
    keys = ValuesField()

    def clean_keys(self) -> dict[str, str]:
        keys = self.cleaned_data["keys"] or {}
        if len(keys) > MOST_ANSWERS or not all(ACTION.fullmatch(action) for action in keys):
            raise forms.ValidationError("malformed", code="malformed")
        if not all(isinstance(written, str) and len(written) <= LONGEST_KEYS for written in keys.values()):
            raise forms.ValidationError("malformed", code="malformed")
        return keys


class NameForm(forms.Form):
    name = forms.CharField(max_length=100, error_messages={"required": "empty", "max_length": "too_large"})

    def clean_name(self) -> str:
        name = " ".join(clean_text(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError("empty", code="empty")
        return name


class AddressesField(forms.Field):
    """A list of addresses of the web."""

    def to_python(self, value: object) -> list[str]:
        if not isinstance(value, list) or len(value) > MOST_PICTURES:
            raise forms.ValidationError("malformed", code="malformed")
        if not all(isinstance(one, str) and len(one) <= MAX_ADDRESS_CHARS for one in value):
            raise forms.ValidationError("malformed", code="malformed")
        return value

    def validate(self, value: list[str]) -> None:
        """None at all is fine."""


class PicturesForm(forms.Form):
    message = forms.UUIDField(error_messages={"required": "malformed", "invalid": "malformed"})
    addresses = AddressesField()


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


def answers_from(value: object) -> dict[str, str]:
    """{action uuid: text} of an answer; None is an empty map. Raises ValueError."""
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MOST_ANSWERS:
        raise ValueError("a map of texts by action")
    answers = {}
    for key, text in value.items():
        if not isinstance(text, str) or len(text) > MAX_VALUES_CHARS:
            raise ValueError("a text of moderate size")
        answers[str(UUID(key))] = clean_text(text)
    return answers


def ids_from(value: object) -> set[str]:
    """A list of uuids; None is an empty one. Raises ValueError."""
    if value is None:
        return set()
    if not isinstance(value, list) or len(value) > MOST_ANSWERS:
        raise ValueError("a list of ids")
    return {str(UUID(str(one))) for one in value}
