"""What a person's page leads to: which bots they can use and why, and the site as they see it (M-089)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb import viewing
from chatweb.grants import paths_of
from chatweb.models import Bot, BotGrant

from .steps import Autocomplete, Step, is_confirmed, page


class WhyForm(forms.Form):
    """A person, and one bot or all of them."""

    person = forms.ModelChoiceField(
        User.objects.all(),
        label=_("Person"),
        widget=Autocomplete(BotGrant._meta.get_field("user")),
    )
    bot = forms.ModelChoiceField(
        Bot.objects.select_related("connection"),
        label=_("Bot"),
        required=False,
        empty_label=_("all bots"),
        widget=Autocomplete(BotGrant._meta.get_field("bot")),
    )


class ViewAsForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        strip=True,
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "autofocus": True}),
        help_text=_("Goes into the audit log; the person may be shown it."),
    )


class PagesOfPeople(admin.ModelAdmin):
    """For the admin of people: `why/` and each one's `view-as/`."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("why/", wrap(self.why), name="accounts_user_why"),
            path("<path:object_id>/view-as/", wrap(self.view_as), name="accounts_user_view_as"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        person = self.get_object(request, object_id)
        may_view_as = isinstance(person, User) and viewing.may_view(_admin(request), person)
        context = {"may_view_as": may_view_as, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def why(self, request: HttpRequest) -> HttpResponse:
        if not (self.has_view_permission(request) and request.user.has_perm("chatweb.view_bot")):
            raise PermissionDenied
        asked = bool(request.GET.get("person"))
        form = WhyForm(request.GET) if asked else WhyForm(initial=request.GET.dict())
        person, bot = None, None
        if asked and form.is_valid():
            person, bot = form.cleaned_data["person"], form.cleaned_data["bot"]
        bots = [bot] if bot else Bot.objects.select_related("connection").order_by("name")
        paths = paths_of(person, bots) if person else []
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Who can use which bot, and why"),
            "form": form,
            "media": form.media,
            "person": person,
            "paths": sorted(paths, key=lambda one: (not one.is_open, not one.sources)),
        }
        return TemplateResponse(request, "admin/why.html", context)

    def view_as(self, request: HttpRequest, object_id: str) -> HttpResponse:
        person = self.get_object(request, object_id)
        if not isinstance(person, User):
            raise Http404
        me = _admin(request)
        if not viewing.may_view(me, person):
            raise PermissionDenied
        form = ViewAsForm(request.POST or None)
        if is_confirmed(request) and form.is_valid():
            viewing.begin(request, me, person, form.cleaned_data["reason"])
            return redirect("start")
        names = {"name": person.display_name}
        back = reverse("admin:accounts_user_change", args=[person.pk])
        title = gettext("See the site as %(name)s") % names
        sentences = [
            gettext("You see the chat as %(name)s sees it: conversations, files, what waits for them.")
            % names,
            gettext("You only look: nothing you do is sent, nothing is marked as read."),
            gettext("The console, the administration and %(name)s's settings are closed meanwhile.") % names,
            gettext("It ends with the button above every page, or by itself after 30 minutes."),
            gettext("That you look, when and why is in the audit log."),
        ]
        step = Step(title, person.display_name, back, _("Begin"), form, sentences, still_asks=True)
        return page(request, step)


def _admin(request: HttpRequest) -> User:
    """Behind the admin's door: somebody signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
