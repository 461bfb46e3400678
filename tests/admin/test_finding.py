"""User ↔ Coze user_id ↔ conversation ↔ upstream id: each is found by any of the others (M-090)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from chatweb.models import Bot, Conversation, CozeIdentity, Errand, Turn

IDS = {
    "our id": lambda talk: str(talk.conversation.uuid),
    "our id without dashes": lambda talk: talk.conversation.uuid.hex,
    "upstream id": lambda talk: talk.conversation.upstream_id,
    "Coze user_id": lambda talk: talk.identity.key,
    "the person's id": lambda talk: str(talk.conversation.user.uuid),
    "turn": lambda talk: str(talk.turn.uuid),
    "message": lambda talk: str(talk.message.uuid),
    "chat": lambda talk: talk.leg.chat_id,
    "execution": lambda talk: talk.leg.execute_id,
    "log of a turn": lambda talk: talk.turn.log_id,
    "log of a leg": lambda talk: talk.leg.log_id,
    "name": lambda talk: "oslo",
    "user name": lambda talk: "ana",
    "address": lambda talk: "ana@example",
}


@pytest.fixture
def another(talk, superuser) -> Conversation:
    """Somebody else's, which no search for the first may find."""
    identity = CozeIdentity.objects.current(superuser, talk.bot.connection)
    conversation = Conversation.objects.create(
        user=superuser, bot=talk.bot, identity=identity, upstream_id="7559", name="Secret plans"
    )
    Turn.objects.create(conversation=conversation, client_id=conversation.uuid, ordinal=1)
    return conversation


@pytest.mark.parametrize("what", IDS)
def test_a_conversation_is_found(root, talk, another, what):
    page = root.get("/admin/chatweb/conversation/", {"q": f" {IDS[what](talk)} "}).content.decode()
    assert f"/admin/chatweb/conversation/{talk.conversation.pk}/change/" in page
    assert f"/admin/chatweb/conversation/{another.pk}/change/" not in page
    assert talk.identity.key in page
    assert talk.conversation.upstream_id in page


@pytest.mark.parametrize("what", [what for what in IDS if what not in {"name", "address"}])
@pytest.mark.parametrize("model", ["turn", "leg"])
def test_its_turn_and_leg_are_found_by_the_same_ids(root, talk, another, what, model):
    page = root.get(f"/admin/chatweb/{model}/", {"q": IDS[what](talk)}).content.decode()
    assert f"/admin/chatweb/{model}/{getattr(talk, model).pk}/change/" in page
    assert f"1 {model}" in page


@pytest.mark.parametrize(
    "term", ["7550000000000000002", "u_nobody", "%", "' OR 1=1 --", "00000000-0000-0000-0000-000000000000"]
)
def test_what_is_not_there_is_not_found(root, talk, term):
    assert "0 conversations" in root.get("/admin/chatweb/conversation/", {"q": term}).content.decode()


def test_a_person_is_found_by_their_coze_user_id(root, talk, ana):
    page = root.get("/admin/accounts/user/", {"q": talk.identity.key}).content.decode()
    assert f"/admin/accounts/user/{ana.pk}/change/" in page
    assert talk.identity.key in root.get(f"/admin/accounts/user/{ana.pk}/change/").content.decode()


@pytest.mark.parametrize("term", ["ana", "Mar", "ana@example.com"])
def test_an_identity_is_found_by_its_person(root, talk, term):
    assert talk.identity.key in root.get("/admin/chatweb/cozeidentity/", {"q": term}).content.decode()


def test_what_was_said_stays_hidden_even_when_asked_for(root, talk):
    page = root.get("/admin/chatweb/conversation/", {"q": "swordfish"}).content.decode()
    assert "0 conversations" in page


def errand(talk, **fields) -> Errand:
    return Errand.objects.create(conversation=talk.conversation, **fields)


def test_a_given_up_errand_is_sent_again(root, talk):
    old = errand(talk, kind="clear", attempts=8, gave_up_at=timezone.now())
    fields = {"action": "retry", "_selected_action": [old.pk]}
    assert "1 errand is due now." in root.post("/admin/chatweb/errand/", fields, follow=True).content.decode()
    old.refresh_from_db()
    assert (old.attempts, old.gave_up_at) == (0, None)
    assert old.not_before <= timezone.now()


def test_a_done_or_replaced_errand_is_not(root, talk):
    done = errand(talk, kind="clear", done_at=timezone.now())
    replaced = errand(talk, kind="rename", gave_up_at=timezone.now())
    fields = {"action": "retry", "_selected_action": [done.pk, replaced.pk]}
    text = root.post("/admin/chatweb/errand/", fields, follow=True).content.decode()
    assert "2 were done or are replaced by newer ones." in text
    replaced.refresh_from_db()
    assert replaced.gave_up_at is not None


@pytest.mark.parametrize(("outcome", "count"), [("pending", 1), ("done", 1), ("gave_up", 1), ("", 3)])
def test_errands_by_outcome(root, talk, outcome, count):
    errand(talk, kind="clear", done_at=timezone.now())
    errand(talk, kind="delete", gave_up_at=timezone.now())
    page = root.get("/admin/chatweb/errand/", {"outcome": outcome} if outcome else {}).content.decode()
    assert f"{count} errand" in page


def test_bots_are_switched_off_and_on_and_show_their_grants(root, talk):
    for action, is_enabled in {"disable": False, "enable": True}.items():
        root.post("/admin/chatweb/bot/", {"action": action, "_selected_action": [talk.bot.pk]})
        assert Bot.objects.get().is_enabled is is_enabled
    assert '<td class="field-grant_count">1</td>' in root.get("/admin/chatweb/bot/").content.decode()
