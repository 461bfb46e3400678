"""Looks: nobody opens a conversation without leaving a record of it, and by policy a reason (M-098)."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.auditing import record
from chatweb.forms import clean_text
from chatweb.models import Conversation, Look

MOST_REASON_CHARS = 500
# What is chosen is kept in the words of who chose it: a reason is read by people.
SUGGESTED: tuple[Promise, ...] = (
    _("The person asked for help"),
    _("An answer was rated bad"),
    _("An error is being looked into"),
    _("The quality of answers is being checked"),
    _("Misuse was reported"),
)


class ReasonForm(forms.Form):
    """A suggested reason, words of one's own, or both."""

    suggested = forms.ChoiceField(label=_("Reason"), required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=MOST_REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: object, is_needed: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.is_needed = is_needed
        self.fields["suggested"].choices = [(str(one), one) for one in SUGGESTED]  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"]).strip()

    def clean(self) -> None:
        if self.is_needed and not self.errors and not self.reason:
            raise forms.ValidationError(_("Choose a reason, or write one."), code="required")

    @property
    def reason(self) -> str:
        given = [self.cleaned_data.get("suggested", ""), self.cleaned_data.get("words", "")]
        return ": ".join(filter(None, given))


def is_reason_needed() -> bool:
    return bool(settings.CONSOLE_NEEDS_REASON)


def fresh_look(operator: User, conversation: Conversation) -> Look | None:
    """The look within which the operator reads this conversation now."""
    return Look.objects.fresh(operator).filter(conversation=conversation).order_by("-at").first()


def opened(request: HttpRequest, operator: User, conversation: Conversation) -> Look | None:
    """The look that covers this request, made now if the policy asks for no reason; None: ask for one."""
    look = fresh_look(operator, conversation)
    if look is None and not is_reason_needed():
        look = record_look(request, operator, conversation, "")
    return look


@transaction.atomic
def record_look(request: HttpRequest, operator: User, conversation: Conversation, reason: str) -> Look:
    look = Look.objects.create(
        operator=operator,
        operator_name=operator.get_username(),
        conversation=conversation,
        conversation_uuid=conversation.uuid,
        person=conversation.user,
        reason=reason,
    )
    record(
        operator,
        "conversation.opened",
        conversation,
        subject=conversation.user,
        reason=reason,
        request=request,
    )
    return look


def note_revealed(look: Look, what: Look.Revealed) -> None:
    """In the caller's transaction. The row is read anew: two tabs may uncover two things."""
    kept = Look.objects.select_for_update().get(pk=look.pk)
    if what not in kept.revealed:
        kept.revealed = [*kept.revealed, str(what)]
        kept.save(update_fields=["revealed"])
