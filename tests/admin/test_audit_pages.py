"""No page of the administration can be forgotten by the audit log, not even one that comes later (M-118)."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import clear_url_caches, reverse
from django.utils import timezone

from chatweb.admin.read_only import ReadOnly
from chatweb.models import Bot, LegalHold, Price, Quota, RetentionRule, StartParameters

from .audited import bot_fields, entries, only
from .test_people import form_of


@contextmanager
def registered(model, model_admin):
    admin.site.register(model, model_admin)
    clear_url_caches()
    urls = __import__("chatweb.urls", fromlist=["urlpatterns"])
    stock = urls.urlpatterns[-1]
    from django.urls import path

    urls.urlpatterns[-1] = path("admin/", admin.site.urls)
    try:
        yield
    finally:
        admin.site.unregister(model)
        urls.urlpatterns[-1] = stock
        clear_url_caches()


def test_a_page_that_comes_later_is_recorded_too(root, ana, talk):
    """With an action that goes past `save`, as its author may well write it."""

    class LateAdmin(admin.ModelAdmin):
        fields = ["user", "bot", "values"]
        actions = ["empty"]

        def empty(self, request, queryset):
            queryset.update(values={})

    kept = StartParameters.objects.create(user=ana, bot=talk.bot, values={"city": "Oslo"})
    with registered(StartParameters, LateAdmin):
        page = reverse("admin:chatweb_startparameters_changelist")
        body = {"user": ana.pk, "bot": talk.bot.pk, "values": '{"city": "Rome"}'}
        assert root.post(f"{page}{kept.pk}/change/", body).status_code == 302
        entry = only("startparameters.changed")
        assert (entry.before, entry.after) == ({"values": {"city": "Oslo"}}, {"values": {"city": "Rome"}})
        root.post(page, {"action": "empty", "_selected_action": [kept.pk]})
        assert entries("startparameters.changed")[-1].after == {"values": {}}
        root.post(f"{page}{kept.pk}/delete/", {"post": "yes"})
        assert only("startparameters.deleted").subject == ana


LAST = 2


def rank(field: forms.Field) -> int:
    """Plain fields first, then those that choose a row, then what a test cannot fill in by itself."""
    is_plain = isinstance(field, forms.CharField | forms.BooleanField | forms.IntegerField)
    if (
        is_plain
        and not isinstance(field, forms.JSONField)
        and not isinstance(field.widget, forms.PasswordInput)
    ):
        return 0
    return 1 if type(field) is forms.ModelChoiceField else LAST


def changed_value(field: forms.Field, value: object) -> object:
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.exclude(pk=value).first().pk
    if isinstance(field, forms.BooleanField):
        return "" if value else "on"
    if isinstance(field, forms.IntegerField | forms.FloatField | forms.DecimalField):
        return int(value or 0) + 1
    return f"{value or ''}x"


CHANGEABLE = [model for model, page in admin.site._registry.items() if not isinstance(page, ReadOnly)]


@pytest.mark.parametrize("model", CHANGEABLE, ids=lambda model: model._meta.label)
def test_every_page_that_changes_something_records_it(root, superuser, talk, model, rf):
    """Through the form of the page itself, with the first plain field of it changed."""
    page = admin.site._registry[model]
    request = rf.post("/admin/")
    request.user = superuser
    Group.objects.create(name="Others")
    Bot.objects.create(connection=talk.bot.connection, upstream_id="2", name="Another")
    row = made(model, talk)
    if not page.has_change_permission(request, row):
        assert page.has_delete_permission(request, row)
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_delete", args=[row.pk])
        assert root.post(path, {"post": "yes"}).status_code == 302
        assert only(f"{model._meta.model_name}.deleted")
        return
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    form = root.get(path).context["adminform"].form
    name = sorted(
        (name for name in form.fields if rank(form.fields[name]) < LAST),
        key=lambda one: rank(form.fields[one]),
    )[0]
    field = form.fields[name]
    values = form_of(root, path)
    for other in list(values):
        bound = form.fields.get(other)
        if isinstance(bound, forms.JSONField):
            values[other] = bound.prepare_value(form[other].initial)
    values |= bot_fields() if model is Bot else {}
    values[name] = changed_value(field, form[name].value())
    answer = root.post(path, {one: value for one, value in values.items() if value not in ("", None)})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert (
        name in (only(f"{model._meta.model_name}.changed").after or {})
        or name in only(f"{model._meta.model_name}.changed").before
    )


def made(model, talk):
    """A row of each kind that `talk` may not have."""
    person = talk.conversation.user
    own = {
        "connection": talk.bot.connection, "bot": talk.bot, "botgrant": talk.grant, "group": talk.group,
        "user": person,
    }  # fmt: skip
    making = {
        EmailAddress: {"user": person, "email": "ana@example.com"},
        LegalHold: {"user": person, "reason": "x", "lifted_at": timezone.now()},
        RetentionRule: {"conversation_days": 30},
        Quota: {"user": person, "unit": "messages", "period": "day", "limit": 5},
        Price: {"input_price": 1, "output_price": 2, "message_price": 3},
    }
    if model in making:
        return model.objects.create(**making[model])
    row = own.get(model._meta.model_name) or model._base_manager.order_by("-pk").first()
    assert row is not None, "these fixtures have no row of it"
    return row
