"""Exports of the log: what is in them, who gets them, how they are made in steps."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
from datetime import timedelta
from html import unescape

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from chatweb.console.exporting import files, making
from chatweb.console.exporting.views import link_of
from chatweb.models import AuditEntry, Conversation, Deletion, LogExport, Message
from chatweb.turns.deletions import take_step as take_deletion_step
from tests.console.log.conftest import client_of

EXPORTS, NEW = "/console/exports/", "/console/exports/new/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_FOLDER = str(tmp_path)


def made(client, query="", format="conversations", **more) -> tuple[LogExport, str]:
    """The export when it is done, and the whole file as text."""
    assert client.post(NEW, {"query": query, "format": format, **more}).status_code == 303
    finish()
    export = LogExport.objects.order_by("pk").last()
    return export, fetched(client, link_in(client.get(EXPORTS)))


def finish(most=1000):
    for _ in range(most):
        if not making.take_step():
            return
    raise AssertionError("it never ends")


def link_in(page) -> str:
    return unescape(re.search(r'href="(/console/exports/[^"]+/file/[^"]+)"', page.content.decode())[1])


def fetched(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200

    async def whole() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(whole)().decode()


def rows_in(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")  # Excel reads Chinese
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestContent:
    def test_exactly_what_is_filtered_a_row_for_each_conversation(self, log):
        log.talk("a", name="bad", rating="bad", tool="get_rain")
        log.talk("b", name="good", rating="good")
        export, text = made(log.operator, "rating=bad&sort=tokens")
        rows = rows_in(text)
        assert [(row["name"], row["bad_ratings"], row["tools"]) for row in rows] == [("bad", "1", "get_rain")]
        assert (export.row_count, export.conversation_count, export.total) == (1, 1, 1)

    def test_a_row_for_each_message_with_ratings_and_cards(self, log):
        log.talk("天气怎么样", "晴", rating="bad", comment="call 13812345678", tool="get_rain")
        _, text = made(log.operator, "", "messages")
        rows = rows_in(text)
        assert [row["kind"] for row in rows] == ["question", "answer", "tool_call"]
        assert (rows[0]["text"], rows[1]["text"]) == ("天气怎么样", "晴")
        assert (rows[1]["rating"], rows[1]["comment"]) == ("bad", "call [phone]")

    def test_words_count_too(self, log):
        log.talk("the zeppelin", name="one")
        log.talk("the train", name="two")
        _, text = made(log.operator, "q=zeppelin")
        assert [row["name"] for row in rows_in(text)] == ["one"]

    @pytest.mark.parametrize("format", list(LogExport.Format.values))
    def test_nothing_personal_is_in_any_format(self, log, format):
        log.talk("Ana Lima, ana@example.com, 13812345678", "pat_aBcDeFgHiJkLmNoP1234", name="of Ana Lima")
        _, text = made(log.operator, "", format)
        for hidden in ("Ana Lima", "ana@example.com", "13812345678", "pat_aBc"):
            assert hidden not in text
        assert f"Person {log.ana.uuid.hex[:8]}" in text

    def test_names_need_a_permission(self, log):
        log.talk("a")
        assert "Ana Lima" not in made(log.operator, with_names="on")[1]
        log.olga.user_permissions.add(Permission.objects.get(codename="see_original"))
        export, text = made(client_of(User.objects.get(pk=log.olga.pk)), with_names="on")
        assert "Ana Lima" in text and export.with_names

    def test_a_line_of_json_is_a_conversation(self, log):
        log.talk("one", name="first")
        log.talk("two", name="second", tool="get_rain")
        lines = made(log.operator, "", "jsonl")[1].splitlines()
        second, first = map(json.loads, lines)
        assert (first["name"], second["name"]) == ("first", "second")
        assert [one["kind"] for one in second["messages"]] == ["question", "answer", "tool_call"]

    @pytest.mark.parametrize("said", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1"])
    def test_no_cell_is_a_formula(self, log, said):
        log.talk(said, name=said)
        for format in ("conversations", "messages"):
            for row in rows_in(made(log.operator, "", format)[1]):
                assert not [cell for cell in row.values() if cell.lstrip()[:1] in set("=+@＝")]

    def test_html_is_text(self, log):
        log.talk("<script>alert(1)</script>", name="<b>")
        text = made(log.operator, "", "html")[1]
        assert "<script>" not in text and "<b>" not in text and text.rstrip().endswith("</html>")

    def test_nothing_left_over_is_a_head(self, log):
        assert rows_in(made(log.operator, "error=nosuch")[1]) == []

    def test_the_last_days_are_those_of_the_day_it_was_asked_for(self, log):
        log.operator.post(NEW, {"query": "days=7&view=x", "format": "jsonl"})
        first = timezone.localdate() - timedelta(days=6)
        assert LogExport.objects.get().query == f"since={first.isoformat()}"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestMaking:
    def test_a_step_that_was_lost_is_taken_again(self, log, monkeypatch):
        monkeypatch.setattr(making, "CONVERSATIONS", 2)
        for number in range(7):
            log.talk("a", name=f"n{number}")
        log.operator.post(NEW, {"format": "messages"})
        making.take_step()
        export = LogExport.objects.get()
        # Killed after it wrote and before it counted: half a row lies behind what counts.
        files.append(export, export.size_bytes, b"half a r")
        finish()
        rows = rows_in(fetched(log.operator, link_in(log.operator.get(EXPORTS))))
        assert len(rows) == 14
        assert len({row["conversation"] for row in rows}) == 7

    def test_the_same_step_twice_counts_once(self, log, monkeypatch):
        monkeypatch.setattr(making, "CONVERSATIONS", 1)
        log.talk("a", name="one")
        log.talk("b", name="two")
        log.operator.post(NEW, {"format": "conversations"})
        stale = LogExport.objects.select_related("owner").get()
        making.take_step()
        making.go_on(stale)
        finish()
        text = fetched(log.operator, link_in(log.operator.get(EXPORTS)))
        assert [row["name"] for row in rows_in(text)] == ["two", "one"]
        assert LogExport.objects.get().conversation_count == 2

    def test_it_shows_how_far_it_is(self, log, monkeypatch):
        monkeypatch.setattr(making, "CONVERSATIONS", 1)
        for number in range(3):
            log.talk("a", name=f"n{number}")
        log.operator.post(NEW, {"format": "html"})
        making.take_step()
        page = log.operator.get(EXPORTS).content.decode()
        assert '<progress value="1" max="3">' in page and "data-moving" in page

    def test_one_that_fails_says_so_and_others_go_on(self, log, monkeypatch):
        log.talk("a")
        log.operator.post(NEW, {"format": "html"})
        monkeypatch.setitem(making.FORMATS, LogExport.Format.HTML, None)
        _, text = made(log.operator, "", "conversations")
        assert rows_in(text)
        assert LogExport.objects.get(format="html").state == "failed"

    def test_who_is_no_operator_any_more_gets_nothing(self, log):
        log.talk("a")
        log.operator.post(NEW, {"format": "html"})
        User.objects.filter(pk=log.olga.pk).update(is_operator=False)
        finish()
        assert LogExport.objects.get().state == "failed"
        assert not files.path_of(LogExport.objects.get()).exists()

    def test_memory_does_not_grow_with_the_log(self, log, monkeypatch):
        call_command("fill", conversations=300, messages=6000, users=5, stdout=io.StringIO())
        longest = Conversation.objects.order_by("-figures_of_all__turn_count").first()
        Message.objects.filter(conversation=longest, type="answer").update(text="long " * 20_000)
        monkeypatch.setattr(making, "CONVERSATIONS", 10)
        log.operator.post(NEW, {"format": "jsonl"})
        making.take_step()
        tracemalloc.start()
        finish()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert LogExport.objects.get().conversation_count == 300
        assert peak < 30_000_000


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestFetching:
    def test_it_is_written_down_who_exported_what(self, log):
        log.talk("a", rating="bad")
        made(log.operator, "rating=bad")
        asked, got = AuditEntry.objects.filter(action__startswith="export.").order_by("pk")
        assert (asked.action, asked.actor, asked.after["query"]) == ("export.asked", log.olga, "rating=bad")
        assert (got.action, got.actor) == ("export.downloaded", log.olga)

    def test_the_link_is_its_owners_alone(self, log):
        log.talk("a")
        made(log.operator)
        link = link_in(log.operator.get(EXPORTS))
        otto = client_of(User.objects.create(username="otto", is_operator=True))
        assert otto.get(link).status_code == 404
        assert "/file/" not in otto.get(EXPORTS).content.decode()
        assert log.owner.get(link).status_code == log.admin.get(link).status_code == 403
        assert log.stranger.get(link).status_code == 302
        assert log.operator.get(link.replace("key=", "key=x")).status_code == 404
        assert log.operator.get(link.partition("?")[0]).status_code == 404

    @pytest.mark.parametrize("who", ["owner", "admin", "stranger"])
    def test_nobody_else_exports(self, log, who):
        client = getattr(log, who)
        expected = 302 if who == "stranger" else 403
        assert client.get(EXPORTS).status_code == expected
        assert client.post(NEW, {"format": "html"}).status_code == expected
        assert not LogExport.objects.exists()

    def test_a_file_goes_when_its_time_is_over(self, log):
        log.talk("a")
        export, _ = made(log.operator)
        link = link_in(log.operator.get(EXPORTS))
        LogExport.objects.update(expires_at=timezone.now())
        assert log.operator.get(link).status_code == 404
        making.take_step()
        assert not files.path_of(export).exists()
        assert "expired" in log.operator.get(EXPORTS).content.decode()

    def test_a_deleted_account_is_in_no_file_any_more(self, log, monkeypatch):
        """One file was finished, another half made: the first ends at once, the second begins again."""
        monkeypatch.setattr(making, "CONVERSATIONS", 1)
        log.talk_of(log.bo, log.weather, "Bo's own words", name="Bo's")
        log.talk("Rain?", name="Ana's")
        finished, text = made(log.operator, format="messages")
        assert "Rain?" in text and files.path_of(finished).exists()
        log.operator.post(NEW, {"format": "messages"})
        assert making.take_step()
        half = LogExport.objects.get(state="making")
        assert "Rain?" in files.path_of(half).read_text()
        Deletion.objects.create(user=log.ana)
        while take_deletion_step(set()):
            pass
        assert link_of(finished) not in log.operator.get(EXPORTS).content.decode()
        assert log.operator.get(link_of(finished)).status_code == 404
        finish()
        assert not files.path_of(finished).exists()
        half.refresh_from_db()
        assert (half.state, half.conversation_count) == ("done", 1)
        kept = files.path_of(half).read_text()
        assert "Bo's own words" in kept and "Rain?" not in kept

    def test_a_file_goes_with_its_row(self, log):
        log.talk("a")
        export, _ = made(log.operator)
        assert files.path_of(export).exists()
        log.operator.post(f"{EXPORTS}{export.uuid}/delete/")
        assert not LogExport.objects.exists() and not files.path_of(export).exists()

    def test_no_format_is_refused(self, log):
        assert log.operator.post(NEW, {"format": "exe"}).status_code == 422
