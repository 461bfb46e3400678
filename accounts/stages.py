"""The last step of every sign-in by allauth: password, sign-up, confirmed e-mail, reset password."""

from __future__ import annotations

from allauth.account.stages import LoginStage
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from .admission import Refusal, refusal


class AdmissionStage(LoginStage):
    """After the e-mail check, so that administrators see confirmed addresses before they approve."""

    key = "admission"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        reason = refusal(self.login.user, self.request)
        if reason is None:
            return None, True
        if reason == Refusal.WAITING:
            return redirect("account_waiting"), False
        messages.error(self.request, reason.label)
        return redirect("account_login"), False
