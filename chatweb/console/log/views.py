"""The operators' log: every conversation, found by filters and by words, all of them in the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from chatweb.console.access import operator
from chatweb.console.masks import may_see_original
from chatweb.console.navigation import page
from chatweb.models import LogExport, SavedView
from chatweb.search.results import shown_id
from chatweb.views.answers import SignedInRequest
from chatweb.views.pages import uuid_of

from . import hits
from .chips import chips_of, query_of
from .finding import page_of
from .form import CODES, SORTS, FilterForm, known_marks
from .people import codes_for
from .rows import rows_of


@require_GET
@operator
def entrance(request: HttpRequest) -> HttpResponse:
    return redirect("console_conversations")


@require_GET
@operator
def log(request: SignedInRequest) -> HttpResponse:
    asked = request.GET.dict()
    if not asked and (chosen := SavedView.objects.owned_by(request.user).filter(is_default=True).first()):
        return to_log(f"{chosen.query}&view={chosen.uuid}".lstrip("&"))
    form = FilterForm(asked)
    person = form.chosen.get("user", "")
    if person and not CODES.fullmatch(person):
        # From here on the address bears a code: it is kept in histories, logs and saved views.
        return to_log(query_of(asked, user=codes_for(request, person)))
    words = hits.words_in(form.chosen.get("q", ""))
    found = found_by_words(request, form, words) if words else found_by_filters(request, form)
    views = list(SavedView.objects.usable_by(request.user))
    context = {
        "form": form,
        "asked": asked,
        "query": query_of(asked),
        "chips": chips_of(form, asked),
        "known": known_marks(),
        "views": [(view, view.query == query_of(asked)) for view in views],
        "export_formats": LogExport.Format.choices,
        "may_export_names": may_see_original(request),
        "has_filters": bool(form.chosen.keys() - {"q", "sort"}) or bool(form.errors),
        "sorts": [(name, label, query_of(asked, sort=name)) for name, label in SORTS.items()],
        "sort": form.chosen.get("sort") or "newest",
        **found,
    }
    return page(request, "console/log/page.html", context)


def found_by_filters(request: SignedInRequest, form: FilterForm) -> dict[str, object]:
    after = uuid_of(request.GET.get("after", ""))
    found = page_of(request.user, form.chosen, after)
    rows = rows_of(request, found.pks)
    onward = (
        query_of(request.GET.dict(), after=str(rows[-1].conversation.uuid)) if found.has_more and rows else ""
    )
    return {"rows": rows, "count": found.count, "next": onward, "is_first": after is None}


def found_by_words(request: SignedInRequest, form: FilterForm, words: tuple[str, ...]) -> dict[str, object]:
    after = uuid_of(request.GET.get("from", ""))
    found = hits.find(request.user, form.chosen, words, after)
    groups = hits.groups_of(request, found.passages, words)
    last = found.stopped_at or (found.passages[-1] if found.has_more else None)
    onward = query_of(request.GET.dict(), **{"from": str(shown_id(last))}) if last is not None else ""
    return {
        "groups": groups,
        "next": onward,
        "stopped_at": found.stopped_at and found.stopped_at.said_at,
        "is_first": after is None,
        "is_search": True,
    }


def to_log(query: str) -> HttpResponse:
    return redirect(f"{reverse('console_conversations')}{'?' if query else ''}{query}")
