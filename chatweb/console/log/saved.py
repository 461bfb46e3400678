"""Saved views: made from where one is in the log, renamed, shared, made the beginning, deleted."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from chatweb.console.access import operator
from chatweb.console.navigation import page
from chatweb.forms import clean_text
from chatweb.models import SavedView
from chatweb.models.saved_view import LONGEST_QUERY
from chatweb.views.answers import SeeOther, SignedInRequest

from .chips import query_of
from .form import CODES


class SaveForm(forms.ModelForm):
    """`query` comes from the page; it is read as filters, and what is none is left out."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_QUERY)

    class Meta:
        model = SavedView
        fields = ("name", "is_shared", "is_default")

    def clean_name(self) -> str:
        name = " ".join(clean_text(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError(gettext("Give the view a name."))
        return name

    def clean_query(self) -> str:
        asked = dict(parse_qsl(self.cleaned_data["query"]))
        if asked.get("user") and not CODES.fullmatch(asked["user"]):
            asked.pop("user")  # a name: nothing saved or shared holds one
        return query_of(asked)


@require_GET
@operator
def views(request: SignedInRequest) -> HttpResponse:
    return list_of(request, None)


@require_POST
@operator
def save(request: SignedInRequest) -> HttpResponse:
    """A new view of what is chosen; one of the same name is replaced."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        return list_of(request, form)
    name = form.cleaned_data["name"]
    view = SavedView.objects.owned_by(request.user).filter(name=name).first()
    view = view or SavedView(owner=request.user, name=name)
    view.query = form.cleaned_data["query"]
    store(view, form)
    messages.success(request, gettext("Saved as “%(name)s”.") % {"name": view.name})
    return SeeOther(f"{reverse('console_conversations')}?{view.query}&view={view.uuid}")


@require_POST
@operator
def change(request: SignedInRequest, view_id: str) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.owned_by(request.user), uuid=view_id)
    form = SaveForm(request.POST)
    if not form.is_valid():
        return list_of(request, form, view)
    view.name = form.cleaned_data["name"]
    try:
        with transaction.atomic():
            store(view, form)
    except IntegrityError:
        form.add_error("name", _("You have another view of this name."))
        return list_of(request, form, view)
    return redirect("console_views")


@require_POST
@operator
def delete(request: SignedInRequest, view_id: str) -> HttpResponse:
    get_object_or_404(SavedView.objects.owned_by(request.user), uuid=view_id).delete()
    return SeeOther(reverse("console_views"))


def store(view: SavedView, form: SaveForm) -> None:
    view.is_shared, view.is_default = form.cleaned_data["is_shared"], form.cleaned_data["is_default"]
    with transaction.atomic():
        if view.is_default:
            SavedView.objects.owned_by(view.owner).exclude(pk=view.pk).update(is_default=False)
        view.save()


def list_of(
    request: SignedInRequest, form: SaveForm | None, changed: SavedView | None = None
) -> HttpResponse:
    """The page of all views; a form that was refused stands where it was filled in, with what was typed."""
    found = SavedView.objects.usable_by(request.user)
    rows = [
        (view, form if view == changed and form else SaveForm(instance=view, auto_id=f"view_{view.uuid}_%s"))
        for view in found
    ]
    context: dict[str, object] = {"rows": rows, "save_form": form if form and not changed else None}
    return page(request, "console/log/views.html", context, status=422 if form else 200)
