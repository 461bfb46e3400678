"""A hundred thousand items: lists and taking stay quick and ask a fixed number of questions."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from django.urls import reverse

from chatweb.console.reviews import items
from chatweb.models import ItemState, Message, ReviewItem, ReviewQueue, Turn
from tests.console.reviews.conftest import client_of

pytestmark = pytest.mark.django_db
COUNT = 100_000


@pytest.fixture
def many(talk):
    queue = ReviewQueue.objects.create(name="many", rule="any")
    turns = Turn.objects.bulk_create(
        [
            Turn(conversation=talk, client_id=uuid4(), ordinal=number, state="completed")
            for number in range(COUNT)
        ],
        batch_size=5_000,
    )
    Message.objects.bulk_create(
        [Message(conversation=talk, turn=turn, type="question", text="hello") for turn in turns[:200]]
    )
    done = COUNT // 2
    ReviewItem.objects.bulk_create(
        [
            ReviewItem(
                queue=queue,
                turn=turn,
                conversation=talk,
                state=ItemState.DONE if n < done else ItemState.OPEN,
            )
            for n, turn in enumerate(turns)
        ],
        batch_size=5_000,
    )
    return queue


def median_ms(act, times: int = 7) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[times // 2]


def test_every_page_is_quick(many, olga, django_assert_max_num_queries):
    client = client_of(olga)
    queue = reverse("console_queue", args=[many.uuid])
    last = many.items.order_by("-pk").values_list("pk", flat=True)[60]
    pages = {
        "reviews": reverse("console_reviews"),
        "open": queue,
        "deep": f"{queue}?state=open&behind={last}",
        "done": f"{queue}?state=done",
        "item": reverse("console_item", args=[many.items.filter(state="open").first().uuid]),
    }
    for url in pages.values():
        client.get(url)
        with django_assert_max_num_queries(32):
            assert client.get(url).status_code == 200
    slow = {
        name: took
        for name, url in pages.items()
        if (took := median_ms(lambda url=url: client.get(url))) > 300
    }
    assert slow == {}
    assert median_ms(lambda: items.take_next(many, olga)) < 50
