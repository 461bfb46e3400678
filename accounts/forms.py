"""What people may change about themselves."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import User

# Old names, offsets and stubs that the zone data keeps for compatibility only.
UNLISTED_REGIONS = {"Etc", "SystemV", "US", "Canada", "Brazil", "Mexico", "Chile"}


def zone_choices() -> list[tuple[str, Any]]:
    """Choices for a select: the site's zone, UTC, then the zones of each region."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        region, slash, place = zone.partition("/")
        if slash and region not in UNLISTED_REGIONS:
            regions.setdefault(region, []).append((zone, place.replace("_", " ").replace("/", ", ")))
    return [
        ("", _("As this browser")),
        ("UTC", "UTC"),
        *regions.items(),
    ]


class SettingsForm(forms.ModelForm):
    """A person's own settings. The e-mail address has a page of its own: changing it needs a check."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    sends_with_enter = forms.TypedChoiceField(
        label=_("Send a message with"),
        choices=[("True", _("Enter (Shift+Enter for a new line)")), ("False", _("Ctrl+Enter or ⌘+Enter"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = User
        fields = ["full_name", "language", "time_zone", "sends_with_enter"]
        labels = {"full_name": _("Display name")}
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].widget.attrs["placeholder"] = self.instance.username
        choice(self, "language").choices = [("", _("As this browser")), *settings.LANGUAGES]
        zones = choice(self, "time_zone")
        zones.choices = zone_choices()
        if self.instance.time_zone and not zones.valid_value(self.instance.time_zone):
            zones.choices = [*zone_choices(), (self.instance.time_zone, self.instance.time_zone)]


class NameAgainForm(forms.Form):
    """In place of the password, for people who have none: they sign in with OIDC."""

    username = forms.CharField(
        label=_("Your user name"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_username(self) -> str:
        if self.cleaned_data["username"] != self.user.username:
            raise forms.ValidationError(_("That is not your user name. It stands in the settings."))
        return self.user.username


def choice(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field
