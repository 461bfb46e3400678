"""Every decision is on record: who, when, what was shown, the output's hash, which device (M-063)."""

from __future__ import annotations

import pytest

from chatweb.models import Decision

from .conftest import SAID

LIST = "/admin/chatweb/decision/"
FACTS = ["answered", "ana", "Firefox · Android", "b" * 64, "&lt;b&gt;7&lt;/b&gt;"]


@pytest.mark.parametrize("page", ["list", "decision", "turn"])
def test_the_facts_are_on_each_page_and_the_output_is_not(root, talk, page):
    path = {
        "list": LIST,
        "decision": f"{LIST}{talk.decision.pk}/change/",
        "turn": f"/admin/chatweb/turn/{talk.turn.pk}/change/",
    }[page]
    text = root.get(path).content.decode()
    assert [fact for fact in FACTS if fact not in text] == []
    assert SAID not in text
    assert "<b>7</b>" not in text


def test_a_rules_decision_says_so(root, talk):
    Decision.objects.update(user=None, decision="auto")
    assert "a rule" in root.get(LIST).content.decode()
    assert "a rule" in root.get(f"/admin/chatweb/turn/{talk.turn.pk}/change/").content.decode()


def test_a_changed_decision_stays_beside_the_new_one(root, talk, ana):
    Decision.objects.create(
        action=talk.action, decision="declined", user=ana, arguments_sha256="a" * 64, output_sha256="c" * 64
    )
    page = root.get(f"/admin/chatweb/turn/{talk.turn.pk}/change/").content.decode()
    assert page.index("b" * 64) < page.index("c" * 64)


def test_long_arguments_are_folded_and_whole(root, talk):
    talk.action.arguments = '{"words": "' + "far " * 200 + 'end"}'
    talk.action.save()
    assert "far end" in root.get(f"{LIST}{talk.decision.pk}/change/").content.decode()


@pytest.mark.parametrize("what", ["turn", "log", "conversation", "tool", "person", "hash"])
def test_a_decision_is_found(root, talk, superuser, what):
    Decision.objects.create(
        action=talk.action, decision="auto", arguments_sha256="a" * 64, output_sha256="d" * 64
    )
    term = {
        "turn": str(talk.turn.uuid),
        "log": talk.turn.log_id,
        "conversation": str(talk.conversation.uuid),
        "tool": "read_met",
        "person": "ana",
        "hash": "b" * 64,
    }[what]
    found = root.get(LIST, {"q": term}).context["cl"].result_count
    assert found == (1 if what in {"person", "hash"} else 2)
    assert root.get(LIST, {"q": "nothing like it"}).context["cl"].result_count == 0
