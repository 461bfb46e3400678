"""The pages of the audit log: who may read it, its filters, one entry, the history of a thing, the export."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection as database
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from chatweb import auditing
from chatweb.admin.differences import difference, readable
from chatweb.models import AuditEntry

LOG = "/admin/chatweb/auditentry/"


@pytest.fixture
def log(superuser, helpdesk, ana, talk) -> list[AuditEntry]:
    record = auditing.record
    return [
        record(superuser, "bot.changed", talk.bot, before={"name": "Old"}, after={"name": "Helper"}),
        record(helpdesk, "user.changed", ana, subject=ana, after={"password": {"secret": "changed"}}),
        record(helpdesk, "conversation.opened", talk.conversation, subject=ana, reason="ticket 7"),
        record(None, "session.refused", ana, subject=ana),
    ]


def shown(client: Client, query: str = "") -> list[str]:
    """The actions on the list, newest first."""
    answer = client.get(f"{LOG}?{query}")
    assert answer.status_code == 200, answer.headers
    return [entry.action for entry in answer.context["cl"].result_list]


def body(answer) -> str:
    return b"".join(answer.streaming_content).decode()


@pytest.fixture
def in_this_thread(monkeypatch):
    """The pieces come from a thread of their own, which does not see a test's transaction. How they are
    really sent is tested in tests/live/test_audit.py."""

    def download(pieces, name, content_type):
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)

    monkeypatch.setattr("chatweb.admin.audit_export.download", download)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["session.refused", "conversation.opened", "user.changed", "bot.changed"]),
        ("who={helpdesk}", ["conversation.opened", "user.changed"]),
        ("action=bot.changed", ["bot.changed"]),
        ("kind=conversation", ["conversation.opened"]),
        ("whose={ana}", ["session.refused", "conversation.opened", "user.changed"]),
        ("thing=bot:{bot}", ["bot.changed"]),
        ("q=help", ["conversation.opened", "user.changed", "bot.changed"]),  # the clerk, and the bot
        ("q={bot}", ["bot.changed"]),
        ("q=oslo", ["conversation.opened"]),
        ("q=nobody", []),
        ("who=nonsense", ["session.refused", "conversation.opened", "user.changed", "bot.changed"]),
    ],
)
def test_filters_and_search(root, log, helpdesk, ana, talk, query, expected):
    ids = {"helpdesk": helpdesk.pk, "ana": ana.pk, "bot": talk.bot.uuid}
    assert shown(root, query.format(**ids)) == expected


def test_words_of_people_are_for_those_who_may_see_them(root, superuser, ana, talk, in_this_thread):
    """A clerk of the log alone, one who may see conversations, and one who may read them unredacted."""
    talk.conversation.name = "Ring 13812345678 in Oslo"
    named = {"name": "was 13812345678", "key": "pat_abcdefghijkl0123"}
    auditing.record(
        superuser, "conversation.changed", talk.conversation, before=named, reason="mail ana@example.com"
    )
    auditing.record(superuser, "user.changed", ana, after={"email": "new@example.com"})
    clerk = User.objects.create_user("clerk", is_staff=True)
    client = Client()
    client.force_login(clerk)

    def may(permission: str) -> str:
        clerk.user_permissions.add(Permission.objects.get(codename=permission))
        list_page = client.get(f"{LOG}?kind=conversation").content.decode()
        entry = AuditEntry.objects.get(action="conversation.changed")
        page = client.get(f"{LOG}{entry.pk}/change/").content.decode()
        return list_page + page + body(client.get(f"{LOG}export/?format=csv"))

    alone = may("view_auditentry")
    assert shown(client, "q=oslo") == []
    assert "Oslo" not in alone and "was" not in alone.partition('class="audit"')[2].split("</table>")[0]
    assert "mail [mail]" in alone and "new@example.com" in alone
    sees = may("view_conversation")
    assert "Ring [phone] in Oslo" in sees and "was [phone]" in sees
    assert shown(client, "q=oslo") == ["conversation.changed"]
    original = may("see_original")
    assert "Ring 13812345678 in Oslo" in original and "ana@example.com" in original
    for page in (alone, sees, original):
        assert "pat_abcdef" not in page
    assert "13812345678" not in alone + sees


def test_by_date(root, log):
    AuditEntry.objects.filter(pk=log[0].pk).update(created_at=timezone.now() - timedelta(days=40))
    since = (timezone.now() - timedelta(days=7)).isoformat()
    assert "bot.changed" not in shown(root, f"created_at__gte={since.replace('+', '%2B')}")


def test_only_who_may_reads_it(client, log, ana):
    clerk = User.objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    paths = [LOG, f"{LOG}{log[0].pk}/change/", f"{LOG}export/?format=csv", f"{LOG}{log[0].pk}/thing/"]
    assert {client.get(path).status_code for path in paths} == {403}
    clerk.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    assert {client.get(path).status_code for path in paths[:3]} == {200}
    for flags in ({}, {"is_operator": True}):
        other = Client()
        other.force_login(User.objects.create_user(f"someone{len(flags)}", **flags))
        assert {other.get(path, follow=True).status_code for path in paths} == {403}


def test_nobody_changes_or_deletes_an_entry(root, log):
    page = f"{LOG}{log[0].pk}/"
    for path in (f"{page}change/", f"{page}delete/", f"{LOG}add/"):
        assert root.post(path, {"post": "yes", "action": "x"}).status_code == 403
    root.post(LOG, {"action": "delete_selected", "_selected_action": [log[0].pk], "post": "yes"})
    assert AuditEntry.objects.filter(pk=log[0].pk).exists()


def test_an_entry_shows_both_sides_and_marks_what_differs(root, log, talk):
    page = root.get(f"{LOG}{log[0].pk}/change/").content.decode()
    assert "<del>Old</del>" in page
    assert "<ins>Helper</ins>" in page
    assert f"/admin/chatweb/bot/{talk.bot.pk}/change/" in page
    assert f"?thing=bot%3A{talk.bot.uuid}" in page
    secret = root.get(f"{LOG}{log[1].pk}/change/").content.decode()
    assert "changed; never shown" in secret
    assert "ticket 7" in root.get(f"{LOG}{log[2].pk}/change/").content.decode()


def test_names_in_an_entry_are_text(root, superuser, talk):
    talk.bot.name = "<b>x</b>"
    entry = auditing.record(superuser, "bot.changed", talk.bot, before={"name": "<i>"}, after={"name": "<b>"})
    page = root.get(f"{LOG}{entry.pk}/change/").content.decode()
    assert "<i>" not in page.partition('class="audit"')[2]
    assert "&lt;b&gt;x" in page


def test_the_thing_of_an_entry_or_the_entry_where_it_is_gone(root, log, talk):
    path = f"{LOG}{log[0].pk}/thing/"
    assert root.get(path).headers["location"] == f"/admin/chatweb/bot/{talk.bot.pk}/change/"
    auditing.AuditEntry.objects.filter(pk=log[0].pk).update(object_id="gone")
    assert root.get(path).headers["location"] == f"{LOG}{log[0].pk}/change/"


def test_history_of_a_thing_leads_to_the_log(root, log, talk):
    page = root.get(f"/admin/chatweb/bot/{talk.bot.pk}/change/").content.decode()
    path = f"/admin/chatweb/bot/{talk.bot.pk}/history/"
    assert path in page
    answer = root.get(path, follow=True)
    assert [entry.action for entry in answer.context["cl"].result_list] == ["bot.changed"]


def test_history_is_for_who_may_see_the_thing(client, log, talk):
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert client.get(f"/admin/chatweb/bot/{talk.bot.pk}/history/").status_code == 403


def test_export_as_csv_holds_what_is_filtered_and_is_recorded(root, log, superuser, ana, in_this_thread):
    answer = root.get(f"{LOG}export/?whose={ana.pk}&format=csv")
    assert answer.headers["content-disposition"].startswith("attachment;")
    rows = list(csv.DictReader(io.StringIO(body(answer).removeprefix("\ufeff"))))
    assert [row["action"] for row in rows] == ["session.refused", "conversation.opened", "user.changed"]
    assert rows[1]["reason"] == "ticket 7"
    assert json.loads(rows[2]["after"]) == {"password": {"secret": "changed"}}
    made = AuditEntry.objects.get(action="auditentry.exported")
    assert made.actor == superuser
    assert made.after == {"format": "csv", "filters": f"whose={ana.pk}"}


def test_export_as_jsonl_in_pages(root, log, monkeypatch, in_this_thread):
    monkeypatch.setattr("chatweb.admin.audit_export.LINES_A_PIECE", 2)
    same = timezone.now() - timedelta(minutes=1)
    AuditEntry.objects.update(created_at=same)  # the key decides where the time does not
    lines = body(root.get(f"{LOG}export/?format=jsonl")).splitlines()
    assert [json.loads(line)["action"] for line in lines] == [entry.action for entry in reversed(log)]


def test_a_cell_is_no_formula(root, superuser, in_this_thread):
    auditing.record(superuser, "bot.changed", reason="=HYPERLINK(1)")
    assert "'=HYPERLINK" in body(root.get(f"{LOG}export/?format=csv"))


@pytest.mark.parametrize("kind", ["", "?format=xml"])
def test_no_other_format(root, log, kind):
    assert root.get(f"{LOG}export/{kind}").status_code == 404


def test_a_long_list_costs_no_more_queries_and_no_full_count(root, log, superuser):
    def count() -> int:
        with CaptureQueriesContext(
            database,
        ) as seen:
            root.get(LOG)
        assert not [one for one in seen if "COUNT(*)" in one["sql"] and "auditentry" in one["sql"]
                    and "LIMIT" not in one["sql"]]  # fmt: skip
        return len(seen)

    root.get(LOG)  # what a process keeps of the site's rules is read once
    before = count()
    for _time in range(60):
        auditing.record(superuser, "user.changed", superuser, subject=superuser)
    assert count() == before


def test_what_an_account_leaves_behind_names_nobody(superuser, ana, talk):
    auditing.record(ana, "session.begun", ana, subject=ana)
    auditing.record(ana, "bot.changed", talk.bot)
    auditing.record(superuser, "user.changed", ana, subject=ana, after={"email": "ana@example.com"})
    auditing.forget_person(ana)
    left = str(list(AuditEntry.objects.values_list()))
    for word in ("ana", "Ana", "example.com"):
        assert word not in left
    assert AuditEntry.objects.filter(action="bot.changed", actor_name__startswith="deleted-").count() == 1


def test_readable_values():
    assert readable(True) == "yes"
    assert readable([{"id": "1", "name": "Sales"}]) == "Sales (1)"
    assert readable({"a": 1}) == '{\n  "a": 1\n}'
    assert readable(None) == ""


def test_a_value_that_came_or_went_is_new_or_gone_as_a_whole():
    assert difference("name", None, "x").after == [("x", True)]
    assert difference("name", "x", None).before == [("x", True)]
