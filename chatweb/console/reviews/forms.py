"""What operators send: annotations, queues. Errors are sentences for the person, none of them in the form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatweb.forms import IdsField, clean_text
from chatweb.models import Label, ReviewQueue
from chatweb.turns.commands import Refused
from chatweb.views.answers import body_of

LONGEST_NOTE, LONGEST_ANSWER = 4_000, 100_000
LONGEST_QUOTE = 20_000


class WordsField(forms.CharField):
    """Text of a person, cleaned; `longest` characters."""

    def __init__(self, longest: int) -> None:
        super().__init__(required=False, empty_value="")
        self.longest = longest

    def to_python(self, value: object) -> str:
        return clean_text(value).strip() if isinstance(value, str) else ""

    def validate(self, value: str) -> None:
        if len(value) > self.longest:
            sentence = gettext("Write at most %(count)s characters; there are %(here)s.")
            raise forms.ValidationError(sentence % {"count": self.longest, "here": len(value)})

    def run_validators(self, value: str) -> None:
        """`validate` says it all."""


class QuoteField(WordsField):
    """A part of a message, as it stands there."""

    def to_python(self, value: object) -> str:
        return clean_text(value) if isinstance(value, str) else ""


class AnnotationForm(forms.Form):
    labels = IdsField()
    score = forms.IntegerField(required=False)
    better_answer = WordsField(LONGEST_ANSWER)
    note = WordsField(LONGEST_NOTE)
    quote = QuoteField(LONGEST_QUOTE)
    start = forms.IntegerField(required=False, min_value=0)
    end = forms.IntegerField(required=False, min_value=0)

    def __init__(self, data: Any, scale: tuple[int, int]) -> None:
        super().__init__(data)
        self.scale = scale

    def clean_score(self) -> int | None:
        score = self.cleaned_data["score"]
        if score is not None and not self.scale[0] <= score <= self.scale[1]:
            sentence = gettext("A score is between %(least)s and %(most)s.")
            raise forms.ValidationError(sentence % {"least": self.scale[0], "most": self.scale[1]})
        return score

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        start, end = fields.get("start"), fields.get("end")
        if fields.get("quote") and (start is None or end is None or end <= start):
            raise forms.ValidationError("malformed")
        if not fields.get("quote"):
            fields["start"] = fields["end"] = None
        return fields


def said_in(request: HttpRequest, scale: tuple[int, int]) -> dict[str, Any]:
    """The clean fields of an annotation, from JSON or a form. Raises Refused with a sentence."""
    body = body_of(request)
    if request.content_type != "application/json":
        body["labels"] = request.POST.getlist("labels")
    form = AnnotationForm(body, scale)
    if form.is_valid():
        return form.cleaned_data
    sentences = [str(one) for errors in form.errors.values() for one in errors]
    raise Refused("malformed", next((one for one in sentences if one != "malformed"), ""))


class QueueForm(forms.ModelForm):
    class Meta:
        model = ReviewQueue
        fields = [
            "name", "rule", "label", "wait_minutes", "bot", "group", "share_percent",
            "score_from", "score_to", "digits", "is_active",
        ]  # fmt: skip
        help_texts = {
            "name": _("Without a name the queue is called by its rule."),
            "share_percent": _(
                "Below 100, that share of conversations is drawn anew each day and gives one item that day."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = forms.ModelChoiceField
        for name, everything in (("bot", _("every bot")), ("group", _("everybody")), ("label", _("none"))):
            field = self.fields[name]
            assert isinstance(field, chosen)
            field.empty_label = everything
        self.fields["label"].queryset = Label.objects.filter(is_active=True)  # type: ignore[attr-defined]
