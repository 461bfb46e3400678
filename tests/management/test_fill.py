"""`manage.py fill`: what it writes is what the site itself would have written."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max, Min

from accounts.models import User
from chatweb.models import (
    Connection,
    Conversation,
    ConversationFigures,
    ConversationMark,
    Message,
    Passage,
    Turn,
    TurnFigures,
)
from chatweb.models.summing import sum_up
from chatweb.search.finding import find
from chatweb.search.index import reindex
from chatweb.search.query import parse

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
UNTIL = "2026-11-20T12:00:00"


def fill(**options):
    chosen = {"conversations": 60, "messages": 700, "users": 5, "until": UNTIL, **options}
    arguments = [f"--{name}={value}" for name, value in chosen.items() if value is not True]
    flags = [f"--{name}" for name, value in chosen.items() if value is True]
    call_command("fill", *arguments, *flags, stdout=StringIO())


def rows_of(model, *left_out):
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
    return sorted(model.objects.values_list(*names), key=str)


def test_it_makes_as_much_as_was_asked_for_and_no_more_by_itself():
    fill()
    assert Conversation.objects.count() == ConversationFigures.objects.count() == 60
    assert 690 <= Message.objects.count() <= 760
    assert TurnFigures.objects.count() == Turn.objects.count()
    with pytest.raises(CommandError, match="--beside"):
        fill()
    fill(beside=True)
    assert Conversation.objects.count() == 120
    assert not Connection.objects.filter(is_enabled=True).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_the_same_seed_says_the_same():
    fill()
    texts = list(Message.objects.order_by("pk").values_list("text", "created_at"))
    Conversation.objects.all().delete()
    User.objects.all().delete()
    fill()
    assert list(Message.objects.order_by("pk").values_list("text", "created_at")) == texts


def test_search_finds_what_it_says_and_needs_no_new_index():
    fill()
    before = rows_of(Passage)
    reindex(Turn.objects.all())
    assert rows_of(Passage) == before
    answer = Message.objects.filter(type="answer", conversation__deleted_at=None).last()
    hits, _ = find(answer.conversation.user, parse(answer.text.split()[0].strip("*")))
    assert hits


def test_the_figures_of_conversations_are_the_sums_of_their_turns():
    fill()
    ConversationMark.objects.filter(pk__lt=10).delete()
    sums, marks = rows_of(ConversationFigures, "states"), ConversationMark.objects.count()
    states = {one.pk: set(one.states.strip(",").split(",")) for one in ConversationFigures.objects.all()}
    ConversationFigures.objects.all().delete()
    bounds = Turn.objects.aggregate(first=Min("pk"), last=Max("pk"))
    sum_up(bounds["first"], bounds["last"])
    sum_up(bounds["first"], bounds["last"])
    assert rows_of(ConversationFigures, "states") == sums
    assert ConversationMark.objects.count() > marks
    assert {
        one.pk: set(one.states.strip(",").split(",")) for one in ConversationFigures.objects.all()
    } == states
