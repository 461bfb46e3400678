"""The pages of queues: all of them with what is mine, one with its items, and the form that defines one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chatweb.auditing import record
from chatweb.console.access import operator
from chatweb.console.navigation import page
from chatweb.models import ItemState, Mention, ReviewQueue
from chatweb.turns.commands import add_to_queue
from chatweb.views.answers import SignedInRequest

from . import items
from .finding import queue_of, turn_of
from .forms import QueueForm
from .progress import progress_of
from .rows import item_rows, mentions_of

PAGE_OF_ITEMS = 50
MOST_MINE, MOST_MENTIONS = 20, 20


@require_GET
@operator
def reviews(request: SignedInRequest) -> HttpResponse:
    queues = ReviewQueue.objects.select_related("bot", "group", "label")
    mentions = Mention.objects.filter(operator=request.user).order_by(
        F("seen_at").desc(nulls_first=True), "-pk"
    )
    context: dict[str, object] = {
        "queues": progress_of(queues),
        "mine": item_rows(request, items.taken_by(request.user)[:MOST_MINE]),
        "mentions": mentions_of(request, mentions[:MOST_MENTIONS]),
    }
    return page(request, "console/reviews/reviews.html", context)


@require_GET
@operator
def queue(request: SignedInRequest, queue_id: UUID) -> HttpResponse:
    found = queue_of(queue_id)
    state = request.GET.get("state", ItemState.OPEN)
    if state not in ItemState.values:
        state = ItemState.OPEN
    listed = found.items.filter(state=state).order_by("pk")
    behind = request.GET.get("behind", "")
    if behind.isascii() and behind.isdigit() and len(behind) < 19:
        listed = listed.filter(pk__gt=int(behind))
    rows = item_rows(request, listed[: PAGE_OF_ITEMS + 1])
    [progress] = progress_of([found])
    context: dict[str, object] = {
        "queue": found,
        "progress": progress,
        "rows": rows[:PAGE_OF_ITEMS],
        "next": rows[PAGE_OF_ITEMS - 1].item.pk if len(rows) > PAGE_OF_ITEMS else None,
        "state": state,
        "states": ItemState.choices,
    }
    return page(request, "console/reviews/queue.html", context)


@require_POST
@operator
def begin(request: SignedInRequest, queue_id: UUID) -> HttpResponse:
    """Take what is next and go there."""
    found = queue_of(queue_id)
    item = items.begin(found, request.user)
    if item is None:
        messages.info(request, gettext("Nothing is open in “%(queue)s”.") % {"queue": found})
        return redirect("console_queue", found.uuid)
    return redirect("console_item", item.uuid)


@require_http_methods(["GET", "POST"])
@operator
def define(request: SignedInRequest, queue_id: UUID | None = None) -> HttpResponse:
    """A new queue, or another rule for one that is there: it counts for what happens from now on."""
    found = queue_of(queue_id) if queue_id else None
    before = facts_of(found) if found else None
    form = QueueForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        if found is None:
            form.instance.created_by = request.user
        saved = form.save()
        after = facts_of(saved)
        if before != after:
            action = "review_queue.changed" if found else "review_queue.made"
            record(request.user, action, saved, before=before, after=after, request=request)
        messages.success(request, gettext("Saved."))
        return redirect("console_queue", saved.uuid)
    status = 400 if request.method == "POST" else 200
    return page(request, "console/reviews/define.html", {"form": form, "queue": found}, status)


@require_http_methods(["GET", "POST"])
@operator
def add(request: SignedInRequest, turn_id: UUID) -> HttpResponse:
    """Put a turn into a queue by hand."""
    turn = turn_of(request.user, turn_id)
    if request.method == "POST":
        return put(request, turn_id)
    queues = ReviewQueue.objects.filter(is_active=True)
    there = dict(turn.review_items.values_list("queue", "state"))
    context: dict[str, object] = {"turn": turn, "queues": [(one, there.get(one.pk)) for one in queues]}
    return page(request, "console/reviews/add.html", context)


def put(request: SignedInRequest, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request.user, turn_id)
    found = queue_of(uuid_in(request, "queue"))
    if add_to_queue(found, turn, request.user):
        record(request.user, "review.added", turn, subject=turn.conversation.user, request=request)
        messages.success(request, gettext("Added to “%(queue)s”.") % {"queue": found})
    else:
        messages.info(request, gettext("It is open in “%(queue)s” already.") % {"queue": found})
    return redirect("console_queue", found.uuid)


def uuid_in(request: HttpRequest, name: str) -> UUID:
    """A uuid from the form; what is none is found nowhere."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return UUID(int=0)


def facts_of(queue: ReviewQueue) -> dict[str, object]:
    """For the audit log."""
    return {
        "name": queue.name,
        "rule": queue.rule,
        "label": str(queue.label or ""),
        "bot": str(queue.bot or ""),
        "group": str(queue.group or ""),
        "wait_minutes": queue.wait_minutes,
        "share_percent": str(queue.share_percent),
        "scale": [queue.score_from, queue.score_to],
        "digits": queue.digits,
        "is_active": queue.is_active,
    }
