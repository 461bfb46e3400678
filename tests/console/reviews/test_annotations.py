"""Annotations: of a message or a part, by their authors, recorded, with mentions and an export (M-100)."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from chatweb.console.reviews.export import lines
from chatweb.console.reviews.places import to_shown, to_source
from chatweb.models import Annotation, AuditEntry, Label, Mention, ReviewItem, ReviewQueue
from tests.console.reviews.conftest import client_of
from tests.console.reviews.talk import a_turn, answer_of

pytestmark = pytest.mark.django_db
AS_JSON = {"Accept": "application/json"}
TEXT = "😀 Call 13812345678 or write to help@example.com, then **wait**."
SHOWN = "😀 Call [phone] or write to [mail], then **wait**."


@pytest.fixture
def message(talk):
    return answer_of(a_turn(talk, "How do I reach you?", TEXT))


@pytest.fixture
def opened(console, message):
    """Olga's browser once she looks at the conversation."""
    console.get(reverse("console_conversation", args=[message.conversation.uuid]))
    return console


def say(client, message, query="", **fields):
    url = reverse("console_message_annotations", args=[message.uuid])
    return client.post(url + query, fields, content_type="application/json", headers=AS_JSON)


def part_of(words: str) -> dict[str, object]:
    """As a browser tells it: places in UTF-16 units of what it shows."""
    start = len(SHOWN[: SHOWN.index(words)].encode("utf-16-le")) // 2
    return {"quote": words, "start": start, "end": start + len(words)}


def test_of_the_whole_message_everybody_has_one(opened, message, olga):
    wrong = Label.objects.get(title_en="Wrong")
    say(opened, message, note="first", labels=[str(wrong.uuid)])
    [told] = say(opened, message, note="second", score=4, better_answer="Call **us**.").json()["annotations"]
    assert (told["note"], told["score"], told["labels"], told["is_mine"]) == ("second", 4, [], True)
    kept = Annotation.objects.get()
    assert (kept.author, kept.better_answer) == (olga, "Call **us**.")
    changed = AuditEntry.objects.get(action="annotation.changed")
    assert changed.before == {"labels": ["Wrong"], "score": None, "better_answer": "", "note": "first"}
    assert changed.after["note"] == "second"
    assert say(opened, message).json()["annotations"] == []
    assert AuditEntry.objects.filter(action="annotation.deleted").exists()


def test_a_part_is_kept_by_its_place_in_the_source(opened, message):
    [told] = say(opened, message, note="bold", **part_of("**wait**")).json()["annotations"]
    kept = Annotation.objects.get()
    units = message.text.encode("utf-16-le")
    assert units[2 * kept.start : 2 * kept.end].decode("utf-16-le") == kept.quote == "**wait**"
    assert part_of("**wait**").items() <= told.items()


def test_what_is_hidden_stays_hidden_in_a_quote(opened, message):
    answer = say(opened, message, note="why?", **part_of("[phone] or write to [mail]"))
    [told] = answer.json()["annotations"]
    assert told["quote"] == "[phone] or write to [mail]"
    assert (told["start"], told["end"]) == tuple(part_of("[phone] or write to [mail]").values())[1:]
    assert Annotation.objects.get().quote == "13812345678 or write to help@example.com"
    assert "13812345678" not in answer.content.decode()


@pytest.mark.parametrize("words", ["Call", "[phone]", "or write", "[mail]", "**wait**.", "then", SHOWN])
def test_places_move_there_and_back(words):
    start = SHOWN.index(words)
    end = start + len(words)
    source = to_source(TEXT, SHOWN, start), to_source(TEXT, SHOWN, end)
    assert (to_shown(TEXT, SHOWN, source[0]), to_shown(TEXT, SHOWN, source[1])) == (start, end)


def test_a_part_without_a_place_is_refused(opened, message):
    for wrong in ({"start": None}, {"end": 0}, {"start": 9999, "end": 10000}, {"start": "x"}):
        assert say(opened, message, note="?", **{**part_of("wait"), **wrong}).status_code == 400
    assert not Annotation.objects.exists()


def test_bad_input_is_explained(opened, message):
    told = say(opened, message, score=6).json()["error"]["sentence"]
    assert told == "A score is between 1 and 5."
    assert "at most 4000" in say(opened, message, note="x" * 4001).json()["error"]["sentence"]
    assert say(opened, message, labels="all", note="x").status_code == 400
    assert say(opened, message, labels=[str(uuid4())], note="x").json()["annotations"][0]["labels"] == []


def test_the_scale_of_the_queue_counts_in_its_review(opened, message):
    queue = ReviewQueue.objects.create(name="ten", score_from=0, score_to=8)
    item = ReviewItem.objects.create(queue=queue, turn=message.turn, conversation=message.conversation)
    assert say(opened, message, f"?item={item.uuid}", score=8).status_code == 200
    assert say(opened, message, score=8).status_code == 400


def test_only_its_author_changes_an_annotation(opened, message, omar):
    say(opened, message, note="mine", **part_of("wait"))
    kept = Annotation.objects.get()
    change = reverse("console_annotation", args=[kept.uuid])
    delete = reverse("console_delete_annotation", args=[kept.uuid])
    other = client_of(omar)
    for url in (change, delete):
        refused = other.post(url, {"note": "his"}, content_type="application/json", headers=AS_JSON)
        assert refused.status_code == 404
    opened.post(change, {"note": "still mine"}, content_type="application/json", headers=AS_JSON)
    kept.refresh_from_db()
    assert (kept.note, kept.quote) == ("still mine", "wait")
    opened.post(delete, headers=AS_JSON)
    assert not Annotation.objects.exists()


def test_nobody_else_reads_or_writes(opened, message, ana, root, omar):
    urls = [
        reverse("console_message_annotations", args=[message.uuid]),
        reverse("console_annotations", args=[message.conversation.uuid]),
    ]
    for user in (ana, root):
        assert [client_of(user).get(url, headers=AS_JSON).status_code for url in urls] == [403, 403]
        assert say(client_of(user), message, note="x").status_code == 403
    blind = client_of(omar)
    assert [blind.get(url, headers=AS_JSON).status_code for url in urls] == [403, 403]
    assert say(blind, message, note="x").status_code == 403
    assert [opened.get(url, headers=AS_JSON).status_code for url in urls] == [200, 200]
    gone = reverse("console_message_annotations", args=[uuid4()])
    assert opened.get(gone, headers=AS_JSON).status_code == 404


def test_a_mention_calls_a_colleague_until_they_have_read_it(opened, message, omar, ana):
    say(opened, message, note="Look, @Omar. @ana @olga and mail@omar too")
    assert [one.operator for one in Mention.objects.all()] == [omar]
    his = client_of(omar)
    page = his.get(reverse("console_reviews")).content.decode()
    assert "Look, @Omar." in page
    assert "mention--new" in page
    talk = message.conversation
    his.get(reverse("console_conversation", args=[talk.uuid]))
    his.get(reverse("console_annotations", args=[talk.uuid]), headers=AS_JSON)
    assert "mention--new" not in his.get(reverse("console_reviews")).content.decode()
    say(opened, message, note="never mind")
    assert not Mention.objects.exists()


def test_a_label_no_longer_offered_stays_where_it_was_put(opened, message):
    label = Label.objects.get(title_en="Tone")
    say(opened, message, labels=[str(label.uuid)], note="1")
    Label.objects.update(is_active=False)
    [told] = say(opened, message, labels=[str(label.uuid)], note="2").json()["annotations"]
    assert [one["title"] for one in told["labels"]] == ["Tone"]


def test_a_conversation_tells_all_in_few_queries(opened, message, omar, django_assert_max_num_queries):
    talk = message.conversation
    for number in range(30):
        answer = answer_of(a_turn(talk, "again", f"answer {number}"))
        Annotation.objects.create(message=answer, author=omar, author_name="omar", note="n")
    with django_assert_max_num_queries(14):
        told = opened.get(reverse("console_annotations", args=[talk.uuid]), headers=AS_JSON).json()
    assert len(told["annotations"]) == 30
    assert told["scale"] == [1, 5]


def test_the_export_has_a_line_each_and_is_on_record(opened, message, olga, ana):
    say(opened, message, note="call", score=2, **part_of("[phone]"))
    answer = opened.post(reverse("console_annotations_export"))
    assert answer["Content-Disposition"].startswith("attachment")
    [line] = "".join(lines(olga)).splitlines()
    told = json.loads(line)
    assert (told["author"], told["score"], told["quote"]) == ("Olga", 2, "[phone]")
    assert told["message"]["text"] == SHOWN
    assert "13812345678" not in line
    assert AuditEntry.objects.get(action="annotations.exported").actor == olga
    assert client_of(ana).post(reverse("console_annotations_export")).status_code == 403


def test_the_export_names_nobody_not_even_in_what_operators_wrote(opened, talk, olga, ana):
    about = answer_of(a_turn(talk, "Hello", "Dear Ana Lima, your order is ready."))
    say(opened, about, note="Ana Lima, 13812345678, waits", better_answer="Ana Lima: it is not.")
    reveal = reverse("console_reveal_name", args=[ana.uuid])
    assert opened.post(reveal, {"words": "help"}).status_code == 303
    code = f"Person {ana.uuid.hex[:8]}"
    told = json.loads("".join(lines(olga)))
    assert told["message"]["text"] == f"Dear {code}, your order is ready."
    assert (told["note"], told["better_answer"]) == (f"{code}, [phone], waits", f"{code}: it is not.")
