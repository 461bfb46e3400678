"""Every change an admin makes is in the audit log, with before and after (M-118)."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from chatweb.models import AuditEntry, Bot, BotGrant, Connection, Tool

from .audited import bot_fields, bot_page, entries, only, post
from .test_people import change, form_of


def test_a_change_is_recorded_with_exactly_what_changed(root, superuser, talk):
    Bot.objects.filter(pk=talk.bot.pk).update(file_kinds=["image"])
    AuditEntry.objects.all().delete()
    post(root, bot_page(talk.bot), **bot_fields(name="Guide"))
    entry = only("bot.changed")
    assert (entry.before, entry.after) == ({"name": "Helper"}, {"name": "Guide"})
    assert (entry.actor, entry.actor_name, entry.address) == (superuser, "root", "203.0.113.9")
    assert (entry.object_type, entry.object_id, entry.object_name) == ("bot", str(talk.bot.uuid), "Guide")
    assert len(entries()) == 1


def test_a_form_saved_unchanged_is_no_entry(root, talk):
    Bot.objects.filter(pk=talk.bot.pk).update(file_kinds=["image"])
    post(root, bot_page(talk.bot), **bot_fields())
    assert entries() == []


def test_what_the_form_refuses_is_not_recorded(root, talk):
    answer = root.post(bot_page(talk.bot), {**form_of(root, bot_page(talk.bot)), "name": ""})
    assert answer.status_code == 200
    assert entries() == []


def test_related_rows_and_choices_have_names(root, talk):
    other = Connection.objects.create(name="Studio", dialect="studio", base_url="http://127.0.0.1:8888")
    post(root, bot_page(talk.bot), **bot_fields(connection=other.pk, kind="assistant"))
    after = only("bot.changed").after
    assert after["connection"] == {"id": str(other.pk), "name": "Studio"}
    assert after["kind"] == {"id": "assistant", "name": "assistant"}


def test_grants_beside_a_bot_are_recorded_as_theirs(root, ana, talk):
    page = bot_page(talk.bot)
    added = {"grants-TOTAL_FORMS": "1", "grants-0-user": ana.pk, "grants-0-bot": talk.bot.pk}
    post(root, page, **bot_fields(**added))
    entry = only("botgrant.added")
    assert entry.after == {
        "bot": {"id": str(talk.bot.pk), "name": "Helper"},
        "user": {"id": str(ana.pk), "name": "Ana María"},
    }
    assert entry.subject == ana
    grant = BotGrant.objects.get(user=ana)
    gone = {"grants-TOTAL_FORMS": "1", "grants-INITIAL_FORMS": "1", "grants-0-id": grant.pk}
    post(root, page, **bot_fields(**gone, **{"grants-0-bot": talk.bot.pk, "grants-0-DELETE": "on"}))
    assert only("botgrant.deleted").before["user"]["name"] == "Ana María"


def test_groups_and_roles_are_one_entry_with_lists(root, ana):
    sales = Group.objects.create(name="Sales")
    change(root, ana, is_operator="on", groups=[sales.pk])
    entry = only("user.changed")
    assert entry.before == {"is_operator": False, "groups": []}
    assert entry.after == {"is_operator": True, "groups": [{"id": str(sales.pk), "name": "Sales"}]}
    assert entry.subject == ana


def test_permissions_of_a_group_are_named(root, talk):
    permission = Permission.objects.get(codename="view_bot")
    path = f"/admin/auth/group/{talk.group.pk}/change/"
    post(root, path, permissions=[permission.pk])
    [named] = only("group.changed").after["permissions"]
    assert "view bot" in named["name"]


def test_a_bulk_action_makes_an_entry_for_each_row(root, talk):
    other = Bot.objects.create(
        connection=talk.bot.connection, upstream_id="2", name="Other", is_enabled=False
    )
    root.post("/admin/chatweb/bot/", {"action": "disable", "_selected_action": [talk.bot.pk, other.pk]})
    entry = only("bot.changed")  # the other was off already
    assert (entry.object_name, entry.before, entry.after) == (
        "Helper",
        {"is_enabled": True},
        {"is_enabled": False},
    )


def test_deleting_several_says_what_each_was(root, talk):
    tools = [Tool.objects.create(name=f"tool_{number}") for number in range(3)]
    chosen = [tool.pk for tool in tools]
    root.post(
        "/admin/chatweb/tool/", {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    )
    assert {entry.before["name"] for entry in entries("tool.deleted")} == {"tool_0", "tool_1", "tool_2"}


def test_what_is_deleted_with_it_is_counted(root, talk):
    group = Group.objects.create(name="Sales")
    BotGrant.objects.create(bot=talk.bot, group=group)
    assert root.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 302
    entry = only("group.deleted")
    assert (entry.object_name, entry.before["also_deleted"]) == ("Sales", {"chatweb.BotGrant": 1})


def test_more_rows_than_anybody_reads_are_one_entry(superuser, monkeypatch, db):
    monkeypatch.setattr("chatweb.watching.writes.MOST_ROWS", 2)
    from chatweb.watching.scope import writes_of

    with writes_of(superuser):
        Group.objects.bulk_create(Group(name=f"g{number}") for number in range(3))
        Group.objects.filter(name__startswith="g").delete()
    assert only("group.added").after == {"rows": 3}
    assert only("group.deleted").after == {"rows": 3}
