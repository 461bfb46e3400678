"""Feedback as admins see it: every fact, found by any id, sent again; and the reasons (M-041, M-042)."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from chatweb.models import Errand, Feedback, FeedbackReason

LIST, REASONS = "/admin/chatweb/feedback/", "/admin/chatweb/feedbackreason/"
FACTS = ["bad", "Helper", "ana", "Incomplete", "Oslo is &lt;i&gt;colder", "Trip to Oslo", "failed"]


def found(client, **query: str) -> int:
    return client.get(LIST, query).context["cl"].result_count


def test_the_facts_are_on_both_pages(root, talk):
    for path in (LIST, f"{LIST}{talk.feedback.pk}/change/"):
        text = root.get(path).content.decode()
        assert [fact for fact in FACTS if fact not in text] == []
        assert "<i>colder" not in text
    assert "4101 refused" in root.get(f"{LIST}{talk.feedback.pk}/change/").content.decode()


def test_it_is_found_by_state_reason_and_any_id(root, talk):
    assert found(root, sync_state__exact="failed") == 1
    assert found(root, sync_state__exact="sent") == 0
    assert found(root, q="colder") == 1
    for term in (talk.answer.uuid, talk.turn.uuid, talk.leg.chat_id, talk.conversation.uuid):
        assert found(root, q=str(term)) == 1
    assert found(root, q="nothing like it") == 0


def test_it_is_sent_again(root, talk):
    fields = {"action": "send_again", "_selected_action": [talk.feedback.pk]}
    assert "1 rating is sent now." in root.post(LIST, fields, follow=True).content.decode()
    talk.feedback.refresh_from_db()
    assert (talk.feedback.sync_state, talk.feedback.attempts, talk.feedback.last_error) == ("pending", 0, "")
    assert Errand.objects.get(kind="feedback").about == str(talk.feedback.uuid)


def test_what_the_bot_does_not_send_says_so(root, talk):
    talk.bot.pushes_feedback = False
    talk.bot.save()
    fields = {"action": "send_again", "_selected_action": [talk.feedback.pk]}
    assert "kept here only" in root.post(LIST, fields, follow=True).content.decode()
    assert Feedback.objects.get().sync_state == "not_supported"


def test_sending_again_needs_a_permission_beyond_looking(client, talk, ana):
    ana.is_staff = True
    ana.save()
    ana.user_permissions.set(Permission.objects.filter(codename="view_feedback"))
    client.force_login(ana)
    assert found(client) == 1
    client.post(LIST, {"action": "send_again", "_selected_action": [talk.feedback.pk]})
    assert not Errand.objects.filter(kind="feedback").exists()


def test_a_new_site_offers_reasons_in_both_languages(db):
    assert FeedbackReason.objects.filter(is_active=True, title_en="").count() == 0
    assert FeedbackReason.objects.filter(is_active=True, title_zh="").count() == 0
    assert {*FeedbackReason.objects.values_list("offered_for", flat=True)} >= {"good", "bad"}


def test_a_reason_needs_a_title_in_one_language(root, db):
    fields = {"offered_for": "both", "is_active": "on", "ordinal": "5"}
    assert "at least one language" in root.post(f"{REASONS}add/", fields).content.decode()
    assert root.post(f"{REASONS}add/", {**fields, "title_zh": "太慢"}).status_code == 302
    assert FeedbackReason.objects.get(title_zh="太慢").title == "太慢"


@pytest.mark.parametrize("is_given", [True, False])
def test_a_reason_that_was_given_cannot_be_deleted(root, talk, is_given):
    reason = FeedbackReason.objects.get(title_en="Incomplete" if is_given else "Out of date")
    root.post(f"{REASONS}{reason.pk}/delete/", {"post": "yes"})
    assert FeedbackReason.objects.filter(pk=reason.pk).exists() == is_given
