"""The review page: one item at a time, and where one goes from there."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from chatweb.auditing import record
from chatweb.console.access import operator
from chatweb.console.masks import reader_of
from chatweb.console.names import label_of
from chatweb.console.navigation import page
from chatweb.console.transcript.reasons import ask_for_look
from chatweb.models import Annotation, ItemState, Label, ReviewItem
from chatweb.turns.commands import Refused
from chatweb.views.answers import SignedInRequest, command, done

from . import items
from .annotating import annotate
from .finding import item_of, looked, message_of
from .forms import said_in
from .presenting import shown_turns
from .progress import progress_of
from .queues import uuid_in
from .telling import scale_of

MOVES = ("save", "done", "skip", "release", "assign", "again", "next", "previous")


@require_http_methods(["GET", "POST"])
def item(request: SignedInRequest, item_id: UUID) -> HttpResponseBase:
    view = move if request.method == "POST" else show
    return view(request, item_id)


@require_GET
@operator
def show(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    found = item_of(request.user, item_id)
    if not looked(request, found):
        return ask_for_look(request, found.conversation)
    ReviewItem.objects.filter(pk=found.pk, looked_at=None).update(looked_at=timezone.now())
    return page(request, "console/reviews/item.html", context_of(request, found))


def context_of(request: SignedInRequest, found: ReviewItem) -> dict[str, object]:
    turns = shown_turns(found.turn, reader_of(request, found.conversation))
    target = turns[-1].target
    own = None
    if target is not None:
        mine = Annotation.objects.filter(message__uuid=target.uuid, author=request.user, quote="")
        own = mine.prefetch_related("labels").first()
    least, most = scale_of(found.queue)
    chosen = set(own.labels.all()) if own else set()
    [progress] = progress_of([found.queue])
    offered = [label for label in Label.objects.all() if label.is_active or label in chosen]
    return {
        "item": found,
        "queue": found.queue,
        "person": label_of(request, found.conversation.user),
        "bot": found.conversation.bot,
        "before": turns[:-1],
        "turn": turns[-1],
        "target": target,
        "own": own,
        "labels": [(label, label in chosen) for label in offered],
        "scores": range(least, most + 1),
        "progress": progress,
        "is_mine": found.state == ItemState.TAKEN and found.assignee_id == request.user.pk,
        "is_elsewhere": is_elsewhere(found, request.user),
        "is_over": found.state not in (ItemState.OPEN, ItemState.TAKEN),
        "colleagues": User.objects.filter(is_operator=True, is_active=True).exclude(pk=request.user.pk),
        "has_single_keys": not {"is_off", "single_off"}
        & {k for k, on in request.user.shortcuts.items() if on},
    }


def is_elsewhere(found: ReviewItem, user: User) -> bool:
    """A colleague has it in hand."""
    if found.state != ItemState.TAKEN or found.assignee_id == user.pk:
        return False
    return found.locked_until is None or found.locked_until > timezone.now()


@command
@operator
def move(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Keep what was said of the answer, then go on. Raises Refused where a colleague was faster."""
    found = item_of(request.user, item_id)
    wish = request.POST.get("move", "")
    if wish not in MOVES:
        raise Refused("malformed")
    has_said = keep(request, found)
    there = go(request, found, wish, has_said)
    if there is None and wish in ("done", "skip"):
        messages.success(request, gettext("Nothing else is open in “%(queue)s”.") % {"queue": found.queue})
    url = reverse("console_queue", args=[found.queue.uuid])
    if there is not None:
        url = reverse("console_item", args=[there.uuid])
    return done(request, {"url": url, "item": str(there.uuid) if there else None}, url)


def keep(request: SignedInRequest, found: ReviewItem) -> bool:
    """The operator's remark on the message it was written about; whether there is one now."""
    if "note" not in request.POST:
        return False
    message = message_of(request.user, uuid_in(request, "message"))
    if message.turn_id != found.turn_id:
        raise Refused("malformed")
    said = {**said_in(request, scale_of(found.queue)), "quote": "", "start": None, "end": None}
    return annotate(message, request.user, said, request) is not None


def go(request: SignedInRequest, found: ReviewItem, wish: str, has_said: bool) -> ReviewItem | None:
    """Where the wish leads; None when nothing else is there."""
    user = request.user
    match wish:
        case "done" | "skip":
            state = ItemState.DONE if wish == "done" else ItemState.SKIPPED
            won(items.end(found, user, state))
        case "release":
            won(items.release(found, user))
            return None
        case "assign":
            give(request, found)
        case "again":
            won(items.open_again(found))
            return found
        case "save":
            items.take(found.pk, user)
            return found
        case "previous":
            leave(found, user, has_said)
            earlier = items.before(found, user)
            if earlier is not None:
                items.take(earlier.pk, user)
            return earlier or found
        case _:
            leave(found, user, has_said)
    return items.after(found, user)


def give(request: SignedInRequest, found: ReviewItem) -> None:
    colleagues = User.objects.filter(is_operator=True, is_active=True)
    colleague = get_object_or_404(colleagues, uuid=uuid_in(request, "colleague"))
    won(items.assign(found, request.user, colleague))
    to = {"assignee": colleague.get_username()}
    record(request.user, "review.assigned", found, subject=found.conversation.user, after=to, request=request)


def leave(found: ReviewItem, user: User, has_said: bool) -> None:
    """Who only looked frees it for the others; who wrote about it has it in hand until they are back."""
    if has_said:
        items.take(found.pk, user)
    else:
        items.release_untouched(found, user)


def won(is_so: bool) -> None:
    if not is_so:
        raise Refused("not_yours")
