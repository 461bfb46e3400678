"""Conversations that become somebody else's: what hangs on them goes along, nothing stays behind (M-090)."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chatweb.auditing import record
from chatweb.models import (
    Allowance,
    Attachment,
    AuditEntry,
    BotGrant,
    Conversation,
    CozeIdentity,
    Draft,
    ReadMark,
    Turn,
    TurnFigures,
)
from chatweb.models.summing import sum_up
from chatweb.search.index import index_turn
from chatweb.turns import commands

MOVE = "/admin/chatweb/cozeidentity/move/"


@pytest.fixture
def bea(db) -> User:
    return User.objects.create_user("bea", "bea@example.com", full_name="Bea Ito")


@pytest.fixture
def note(superuser):
    return partial(record, superuser)


def client_of(user: User) -> Client:
    client = Client(headers={"Accept": "application/json"})
    client.force_login(user)
    return client


@pytest.fixture
def furnished(talk, ana):
    """A draft with a file, a read mark, figures, passages; and a draft of the start screen that stays."""
    pending = Attachment.objects.create(
        user=ana,
        connection=talk.bot.connection,
        upstream_id="7990002",
        name="new.png",
        mime="image/png",
        size_bytes=1,
    )
    shared = Attachment.objects.create(
        user=ana,
        connection=talk.bot.connection,
        upstream_id="7990003",
        name="both.png",
        mime="image/png",
        size_bytes=1,
    )
    draft = Draft.objects.create(user=ana, conversation=talk.conversation, text="half said")
    draft.files.set([pending, shared])
    start = Draft.objects.create(user=ana, text="stays")
    start.files.set([shared])
    ReadMark.objects.create(user=ana, conversation=talk.conversation)
    TurnFigures.objects.create(
        turn=talk.turn,
        conversation=talk.conversation,
        user=ana,
        bot=talk.bot,
        asked_at=timezone.now(),
        state="failed",
    )
    sum_up(talk.turn.pk, talk.turn.pk)
    index_turn(talk.turn.pk)
    talk.pending, talk.shared, talk.start = pending, shared, start
    return talk


def test_the_new_owner_finds_all_of_it_and_the_old_one_nothing(furnished, ana, bea, connection, note):
    talk = furnished
    assert commands.move_conversations(ana, connection, bea, note) == 1
    hers, his = client_of(bea), client_of(ana)
    page = f"/c/{talk.conversation.uuid}/"
    assert his.get(page).status_code == 404
    state = hers.get(page).json()
    assert state["draft"]["text"] == "half said"
    assert [file["name"] for file in state["draft"]["files"]][:1] == ["new.png"]
    file = f"/files/{talk.attachment.uuid}/"
    assert his.get(file).status_code == 404
    assert talk.attachment in Attachment.objects.visible_to(bea)
    assert not Attachment.objects.filter(user=ana).exclude(pk=talk.shared.pk).exists()
    for person, count in ((bea, 1), (ana, 0)):
        found = client_of(person).get("/search/", {"q": "swordfish"}).content.decode()
        assert (str(talk.conversation.uuid) in found) is bool(count)
        assert TurnFigures.objects.filter(user=person).count() == count
        assert ReadMark.objects.filter(user=person).count() == count
    talk.feedback.refresh_from_db()
    assert talk.feedback.user == bea
    assert not Allowance.objects.exists()
    assert Draft.objects.get(user=ana) == talk.start


def test_no_row_about_it_stays_the_old_owners(furnished, ana, bea, connection, note):
    """Whatever table comes later: a row that knows the conversation and a person knows the new one."""
    commands.move_conversations(ana, connection, bea, note)
    for rel in Conversation._meta.related_objects:
        if "user" in {field.name for field in rel.related_model._meta.concrete_fields}:
            rows = rel.related_model.objects.filter(**{rel.field.name: furnished.conversation})
            assert not rows.filter(user=ana).exists(), rel.related_model


def test_the_identity_goes_along_and_both_have_one_current_key_at_most(talk, ana, bea, connection, note):
    own = CozeIdentity.objects.current(bea, connection)
    fresh = commands.rotate(talk.identity, note)
    commands.move_conversations(ana, connection, bea, note)
    talk.identity.refresh_from_db()
    assert (talk.identity.user, talk.identity.is_current) == (bea, False)
    assert CozeIdentity.objects.current(bea, connection) == own
    assert CozeIdentity.objects.current(ana, connection) == fresh
    talk.conversation.refresh_from_db()
    assert (talk.conversation.user, talk.conversation.identity) == (bea, talk.identity)
    entry = AuditEntry.objects.get(action="identity.moved")
    assert (entry.subject, entry.before["user"], entry.after["user"]) == (ana, "ana", "bea")


def test_there_and_back_again(furnished, ana, bea, connection, note):
    commands.move_conversations(ana, connection, bea, note)
    assert commands.move_conversations(bea, connection, ana, note) == 1
    assert client_of(ana).get(f"/c/{furnished.conversation.uuid}/").status_code == 200
    assert Draft.objects.get(conversation=furnished.conversation).user == ana


@pytest.mark.parametrize("state", ["queued", "running", "waiting", "resuming", "recovering"])
def test_not_while_a_question_is_under_way(talk, ana, bea, connection, note, state):
    Turn.objects.filter(pk=talk.turn.pk).update(state=state)
    with pytest.raises(commands.Refused, match="still_live"):
        commands.move_conversations(ana, connection, bea, note)
    assert Conversation.objects.get().user == ana


@pytest.mark.parametrize("field", ["is_active", "is_approved"])
def test_not_to_somebody_who_cannot_come_in(talk, ana, bea, connection, note, field):
    setattr(bea, field, False)
    with pytest.raises(commands.Refused, match="not_there"):
        commands.move_conversations(ana, connection, bea, note)
    with pytest.raises(commands.Refused, match="not_there"):
        commands.move_conversations(ana, connection, ana, note)


def test_the_page_says_what_it_means_before_it_is_done(root, talk, ana, bea, connection):
    fields = {"user": ana.pk, "connection": connection.pk, "to": bea.pk, "reason": "two accounts"}
    page = root.post(MOVE, fields).content.decode()
    assert "1 conversation of Ana María at Coze becomes Bea Ito" in page
    assert "may not use these bots, and so reads but cannot go on: Helper" in page
    assert Conversation.objects.get().user == ana
    BotGrant.objects.create(bot=talk.bot, user=bea)
    assert "may not use these bots" not in root.post(MOVE, fields).content.decode()
    done = root.post(MOVE, {**fields, "confirmed": "1"}, follow=True).content.decode()
    assert "1 conversation moved." in done
    assert Conversation.objects.get().user == bea
    assert AuditEntry.objects.get(action="identity.moved").reason == "two accounts"
    again = root.post(MOVE, {**fields, "confirmed": "1"}).content.decode()
    assert "They have no conversations there." in again
