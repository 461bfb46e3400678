"""The form of a connection. Its secrets come in and never go out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chatweb.models import Connection
from chatweb.models.encrypted import Undecipherable

from .secrets import SecretLine, SecretText, rsa_private_key

SECRETS = ["token", "next_token", "oauth_private_key"]
KEEP = _("Leave empty to keep the one that is stored.")
# Dialects that know no OAuth app, and the sentence that says so.
TOKENS_ONLY = {
    Connection.Dialect.STUDIO: _("Coze Studio takes personal access tokens only."),
    Connection.Dialect.ASSISTANTS: _("Assistants-style services take access tokens only."),
}


def stored(connection: Connection, name: str) -> str | None:
    """A secret of a connection; None if no key of this site opens it any more."""
    try:
        return getattr(connection, name) if connection.pk else ""
    except Undecipherable:
        return None


class ConnectionForm(forms.ModelForm):
    """The two secrets are not among `fields`: so they are not in `initial`, hence in no rendered page."""

    base_url = forms.CharField(
        label=_("Base URL"),
        max_length=200,
        initial="https://api.coze.cn",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=_(
            "https://api.coze.cn, https://api.coze.com, or the address of your own Coze Studio or "
            "Assistants-style service, with or without /v1."
        ),
    )
    token = forms.CharField(label=_("Access token"), required=False, widget=SecretLine(), help_text=KEEP)
    next_token = forms.CharField(
        label=_("Next access token"),
        required=False,
        widget=SecretLine(),
        help_text=_(
            "To change tokens without a gap: it takes over when the first one expires, or with "
            "“Change over now”."
        ),
    )
    oauth_private_key = forms.CharField(
        label=_("Private key"), required=False, widget=SecretText(), help_text=KEEP, strip=True
    )

    class Meta:
        model = Connection
        fields = [
            "name", "dialect", "beta", "base_url", "is_enabled",
            "auth", "token_expires_at", "next_token_expires_at",
            "oauth_app_id", "oauth_key_id", "pushes_names", "keeps_files",
        ]  # fmt: skip
        help_texts = {
            "beta": _("Which version the service speaks. v1 is asked again and again, not streamed.")
        }

    def clean_base_url(self) -> str:
        """Without the slash at its end. Raise ValidationError for what no request could be sent to."""
        parts = urlsplit(self.cleaned_data["base_url"])
        if parts.scheme not in {"http", "https"}:
            raise ValidationError(_("The address begins with https:// or http://."))
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ValidationError(_("Only scheme, host, port and path: no user name, query or fragment."))
        return self.cleaned_data["base_url"].rstrip("/")

    def clean_oauth_private_key(self) -> str:
        given = self.cleaned_data["oauth_private_key"]
        return rsa_private_key(given) if given else ""

    def clean(self) -> dict[str, Any]:
        """Each way to authenticate has all it needs, given now or stored before."""
        cleaned = super().clean() or {}
        auth = cleaned.get("auth")
        if auth == Connection.Auth.OAUTH_JWT and cleaned.get("dialect") in TOKENS_ONLY:
            self.add_error("auth", TOKENS_ONLY[cleaned["dialect"]])
        if auth == Connection.Auth.TOKEN:
            self._require_secret("token", _("An access token is needed."))
        if auth == Connection.Auth.OAUTH_JWT:
            self._require_secret("oauth_private_key", _("The private key of the OAuth app is needed."))
            if not cleaned.get("oauth_app_id"):
                self.add_error("oauth_app_id", _("The id of the OAuth app is needed."))
            if not cleaned.get("oauth_key_id"):
                self.add_error("oauth_key_id", _("The fingerprint of its public key is needed."))
        return cleaned

    def _require_secret(self, name: str, sentence: Any) -> None:
        if name not in self.errors and not (self.cleaned_data.get(name) or stored(self.instance, name)):
            self.add_error(name, sentence)

    def save(self, commit: bool = True) -> Connection:
        for name in SECRETS:
            if self.cleaned_data[name]:
                setattr(self.instance, name, self.cleaned_data[name])
        if {"token", "token_expires_at", "next_token", "next_token_expires_at"} & {*self.changed_data}:
            self.instance.expiry_told_days = None  # another token, another countdown
        return super().save(commit)
