"""Who is who at Coze: found by any id, given another key by hand or at random, nothing orphaned (M-090)."""

from __future__ import annotations

import re
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chatweb.auditing import record
from chatweb.models import (
    AuditEntry,
    Connection,
    Conversation,
    CozeIdentity,
    Deletion,
    DeletionCall,
    Turn,
)
from chatweb.turns import commands

LIST = "/admin/chatweb/cozeidentity/"
KEY, ROTATE = f"{LIST}key/", f"{LIST}rotate/"


@pytest.fixture
def bea(db) -> User:
    return User.objects.create_user("bea", "bea@example.com", full_name="Bea Ito")


@pytest.fixture
def note(superuser):
    return partial(record, superuser)


def row_of(page: str, key: str) -> str:
    rows = re.findall(r"<tr>.*?</tr>", page.partition("<tbody>")[2], re.DOTALL)
    return next(row for row in rows if key in row)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


IDS = {
    "Coze user_id": lambda talk: talk.identity.key,
    "identity": lambda talk: str(talk.identity.uuid),
    "person": lambda talk: str(talk.conversation.user.uuid),
    "conversation": lambda talk: str(talk.conversation.uuid),
    "upstream": lambda talk: talk.conversation.upstream_id,
    "turn": lambda talk: str(talk.turn.uuid),
    "message": lambda talk: str(talk.message.uuid),
    "chat": lambda talk: talk.leg.chat_id,
    "execution": lambda talk: talk.leg.execute_id,
    "log": lambda talk: talk.leg.log_id,
    "user name": lambda talk: "ana",
    "part of a name": lambda talk: "Marí",
    "address": lambda talk: "ana@ex",
}


@pytest.mark.parametrize("what", IDS)
def test_a_mapping_is_found_by_any_id(root, talk, bea, what):
    other = CozeIdentity.objects.current(bea, talk.bot.connection)
    page = root.get(LIST, {"q": f" {IDS[what](talk)} "}).content.decode()
    row = words(row_of(page, talk.identity.key))
    assert "ana" in row
    assert "current" in row
    assert talk.conversation.upstream_id in row
    assert other.key not in page


def test_a_row_counts_all_and_shows_the_newest_ids(root, talk):
    for number in range(4):
        Conversation.objects.create(
            user=talk.conversation.user, bot=talk.bot, identity=talk.identity, upstream_id=f"90{number}"
        )
    row = row_of(root.get(LIST).content.decode(), talk.identity.key)
    assert f"?identity__id__exact={talk.identity.pk}" in row
    assert "903 902 901 and 2 more" in words(row)
    listed = root.get(f"/admin/chatweb/conversation/?identity__id__exact={talk.identity.pk}").content.decode()
    assert "5 conversations" in listed


def test_filters_tell_current_from_old_and_one_connection_from_another(root, talk, note):
    fresh = commands.rotate(talk.identity, note)
    studio = Connection.objects.create(name="Studio", dialect="studio", base_url="http://127.0.0.1:8888")
    elsewhere = CozeIdentity.objects.current(talk.conversation.user, studio)
    for query, keys in {
        "is_current__exact=1": {fresh.key, elsewhere.key},
        "is_current__exact=0": {talk.identity.key},
        f"connection__id__exact={studio.pk}": {elsewhere.key},
        "holds=some": {talk.identity.key},
        "holds=none": {fresh.key, elsewhere.key},
    }.items():
        page = root.get(f"{LIST}?{query}").content.decode()
        assert {one.key for one in CozeIdentity.objects.all() if one.key in page} == keys


def test_a_long_list_takes_no_query_a_row(root, talk, django_assert_max_num_queries):
    root.get(LIST)
    people = User.objects.bulk_create(User(username=f"p{n}") for n in range(40))
    rows = CozeIdentity.objects.bulk_create(
        CozeIdentity(user=person, connection=talk.bot.connection) for person in people
    )
    Conversation.objects.bulk_create(
        Conversation(user=one.user, bot=talk.bot, identity=one, upstream_id=f"7{one.pk}{n}")
        for one in rows
        for n in range(3)
    )
    with django_assert_max_num_queries(12):
        page = root.get(LIST).content.decode()
    assert all(one.key in page for one in rows)


def test_setting_a_key_says_what_happens_before_it_does(root, talk, ana, connection):
    fields = {"user": ana.pk, "connection": connection.pk, "key": "crm:4711", "reason": "as in the CRM"}
    page = root.post(KEY, fields).content.decode()
    told = words(page)
    assert "goes under crm:4711" in told
    assert f"1 conversation stays under {talk.identity.key}" in told
    assert CozeIdentity.objects.get(is_current=True) == talk.identity

    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    done = root.post(KEY, {**fields, "seen": seen[1], "confirmed": "1"}, follow=True).content.decode()
    assert "has another Coze user_id now" in done
    assert CozeIdentity.objects.current(ana, connection).key == "crm:4711"
    talk.conversation.refresh_from_db()
    assert talk.conversation.identity == talk.identity
    entry = AuditEntry.objects.get(action="identity.key_set")
    assert (entry.actor_name, entry.subject, entry.reason) == ("root", ana, "as in the CRM")
    assert entry.before == {"key": talk.identity.key}
    assert entry.after == {"key": "crm:4711", "connection": "Coze"}


def test_a_first_key_before_the_person_ever_came(root, bea, connection):
    fields = {"user": bea.pk, "connection": connection.pk, "key": "crm_1", "seen": "", "confirmed": "1"}
    root.post(KEY, fields)
    assert CozeIdentity.objects.current(bea, connection).key == "crm_1"


def test_a_key_changed_meanwhile_is_looked_at_again(root, talk, ana, connection, note):
    fresh = commands.rotate(talk.identity, note)
    fields = {"user": ana.pk, "connection": connection.pk, "key": "crm:4711"}
    page = root.post(KEY, {**fields, "seen": talk.identity.pk, "confirmed": "1"}).content.decode()
    assert "Somebody changed this meanwhile" in page
    assert f"stay under {fresh.key}" in words(page)
    assert CozeIdentity.objects.current(ana, connection) == fresh


@pytest.mark.parametrize("key", ["a b", "x", "名字", "=cmd()", "-dash", "a" * 65, "a@example.com", ""])
def test_a_key_coze_would_not_take_is_refused_and_stays_in_the_form(root, ana, connection, key):
    fields = {"user": ana.pk, "connection": connection.pk, "key": key}
    page = root.post(KEY, {**fields, "confirmed": "1", "seen": ""}).content.decode()
    assert "errorlist" in page
    assert not CozeIdentity.objects.exists()
    if key.isascii() and key:
        assert f'value="{key}"' in page


def test_nobody_gets_a_key_that_is_or_was_another_persons(root, talk, bea, connection, note):
    old = talk.identity.key
    fresh = commands.rotate(talk.identity, note)
    deletion = Deletion.objects.create(expires_at=timezone.now())
    gone = DeletionCall.objects.create(
        deletion=deletion,
        connection=connection,
        connection_name="Coze",
        identity_key="u_gone",
        upstream_id="1",
    )
    for key in (old, fresh.key, gone.identity_key):
        fields = {"user": bea.pk, "connection": connection.pk, "key": key, "confirmed": "1", "seen": ""}
        assert "belongs to somebody, or did" in root.post(KEY, fields).content.decode()
        with pytest.raises(commands.Refused):
            commands.set_key(bea, connection, None, key, note)
    assert not CozeIdentity.objects.filter(user=bea).exists()


def test_a_key_of_before_becomes_the_current_one_again(talk, ana, connection, note):
    fresh = commands.rotate(talk.identity, note)
    back = commands.set_key(ana, connection, fresh, talk.identity.key, note)
    assert back.pk == talk.identity.pk
    assert CozeIdentity.objects.current(ana, connection) == talk.identity
    assert CozeIdentity.objects.count() == 2


def test_rotating_orphans_nothing(root, talk, ana, connection):
    Turn.objects.filter(pk=talk.turn.pk).update(state="running")
    asked = words(root.get(ROTATE, {"ids": talk.identity.pk}).content.decode())
    assert f"1 conversation stays under {talk.identity.key}" in asked
    assert "Answers that run go on" in asked
    done = root.post(ROTATE, {"ids": talk.identity.pk, "confirmed": "1", "reason": "leaked"}, follow=True)
    assert "1 key rotated" in done.content.decode()
    fresh = CozeIdentity.objects.current(ana, connection)
    assert fresh.key not in {talk.identity.key, ""}
    talk.conversation.refresh_from_db()
    assert (talk.conversation.identity, talk.conversation.upstream_id) == (
        talk.identity, "7550000000000000001",
    )  # fmt: skip
    assert Turn.objects.get(pk=talk.turn.pk).state == "running"
    entry = AuditEntry.objects.get(action="identity.rotated")
    assert (entry.before, entry.after["key"], entry.reason) == (
        {"key": talk.identity.key}, fresh.key, "leaked",
    )  # fmt: skip


def test_two_admins_rotate_once(talk, note):
    commands.rotate(talk.identity, note)
    with pytest.raises(commands.Refused, match="changed_meanwhile"):
        commands.rotate(talk.identity, note)
    assert CozeIdentity.objects.count() == 2


def test_several_are_rotated_from_the_list(root, talk, bea, connection):
    other = CozeIdentity.objects.current(bea, connection)
    pks = [talk.identity.pk, other.pk]
    page = root.post(
        LIST, {"action": "rotate_selected", "_selected_action": pks}, follow=True
    ).content.decode()
    assert "2 people" in page
    ids = re.search(r'name="ids" value="([\d,]+)"', page)
    assert ids
    root.post(ROTATE, {"ids": ids[1], "confirmed": "1"})
    assert CozeIdentity.objects.filter(is_current=False).count() == 2
    assert "none of these is" in root.get(ROTATE, {"ids": ids[1]}, follow=True).content.decode()


@pytest.mark.parametrize("path", [KEY, ROTATE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_with_the_permission(talk, path, method):
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_cozeidentity"))
    client = Client()
    client.force_login(clerk)
    fields = {"ids": talk.identity.pk, "confirmed": "1"}
    assert getattr(client, method)(path, fields).status_code == 403
    page = client.get(LIST).content.decode()
    assert talk.identity.key in page
    assert ROTATE not in page
    assert CozeIdentity.objects.count() == 1


def test_what_people_are_called_is_no_markup(root, connection):
    hostile = User.objects.create_user("mallory", full_name="<img src=x onerror=alert(1)>")
    identity = CozeIdentity.objects.current(hostile, connection)
    for page in (root.get(LIST), root.get(ROTATE, {"ids": identity.pk})):
        assert "<img src=x" not in page.content.decode()


def test_a_name_is_redacted_for_whoever_may_not_read_conversations_as_they_are(root, talk, client):
    Conversation.objects.update(name="Ring 13812345678 in Oslo")
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    client.force_login(clerk)
    pages = ["/admin/chatweb/conversation/", f"/admin/chatweb/conversation/{talk.conversation.pk}/change/"]
    for page in pages:
        seen, original = client.get(page).content.decode(), root.get(page).content.decode()
        assert "Ring [phone] in Oslo" in seen
        assert "13812345678" not in seen
        assert "Ring 13812345678 in Oslo" in original
    talk.conversation.refresh_from_db()
    assert talk.conversation.name == "Ring 13812345678 in Oslo"
