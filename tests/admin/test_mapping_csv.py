"""The mapping as a spreadsheet: nothing runs in it, nothing changes unseen, all or nothing (M-090)."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from chatweb.auditing import record
from chatweb.identity_sheet import lines_of, plain, safe
from chatweb.models import AuditEntry, CozeIdentity
from chatweb.turns import commands

EXPORT, IMPORT = "/admin/chatweb/cozeidentity/export/", "/admin/chatweb/cozeidentity/import/"
HEAD = "user,connection,Coze user_id\n"


@pytest.fixture
def bea(db) -> User:
    return User.objects.create_user("bea", "bea@example.com")


def body_of(response) -> bytes:
    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return asyncio.run(read())


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def checked(root: Client, text: str) -> tuple[str, str]:
    """The page and its digest."""
    page = root.post(IMPORT, {"text": text, "check": "1"}).content.decode()
    found = re.search(r'name="digest" value="(\w+)"', page)
    return page, found[1] if found else ""


def test_a_formula_is_text_and_comes_back_as_it_was() -> None:
    for cell in ("=HYPERLINK(1)", "+1", "-1", "@a", "\tx", "plain", "'quoted"):
        assert not safe(cell).startswith(("=", "+", "-", "@", "\t"))
    assert plain(safe("@+.eva")) == "@+.eva"
    assert plain("'quoted") == "'quoted"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_export_is_for_spreadsheets(talk, root):
    User.objects.filter(username="ana").update(username="@cmd")
    content = body_of(root.get(EXPORT))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["user", "connection", "Coze user_id", "standing"],
        ["'@cmd", "Coze", talk.identity.key, "current"],
    ]
    User.objects.filter(username="root").update(language="zh-hans")
    chinese = body_of(root.get(EXPORT, {"rows": "conversations"})).decode("utf-8-sig")
    assert chinese.startswith("用户")
    assert talk.conversation.upstream_id in chinese
    assert str(talk.conversation.uuid) in chinese
    assert [line.user for line in lines_of(chinese)] == ["@cmd"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_however_excel_saved_it(root, bea, connection, encoding, separator):
    connection.name = "扣子"
    connection.save()
    text = (
        separator.join(["用户名", "连接", "标识"])
        + "\r\n"
        + separator.join(["bea", "扣子", "crm_1"])
        + "\r\n"
    )
    file = SimpleUploadedFile("keys.csv", text.encode(encoding), "text/csv")
    page = root.post(IMPORT, {"file": file, "check": "1"}).content.decode()
    assert "new key, the first one" in page
    assert "crm_1" in re.search(r"<textarea.*?</textarea>", page, re.DOTALL)[0]


def test_a_dry_run_tells_each_line_and_changes_nothing(root, talk, ana, bea, connection, superuser):
    note = partial(record, superuser)
    old = talk.identity
    current = commands.rotate(old, note)
    cal = User.objects.create_user("cal", "cal@example.com")
    theirs = CozeIdentity.objects.current(cal, connection)
    page, _digest = checked(
        root, HEAD + f"ana,Coze,{old.key}\nbea@example.com,Coze,new_1\ncal,Coze,{theirs.key}\n"
    )
    told = words(page)
    assert f"2 ana Coze {current.key} {old.key} a key of before is the current one again" in told
    assert "3 bea@example.com Coze – new_1 new key, the first one" in told
    assert f"4 cal Coze {theirs.key} {theirs.key} nothing to do" in told
    assert "Apply all of it" in page
    assert CozeIdentity.objects.current(ana, connection) == current


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nobody,Coze,new_2", "Nobody has this user name"),
        ("bea,Elsewhere,new_2", "There is no connection with this name"),
        ("bea,Coze,a b", "A key has 3 to 64 characters"),
        ("bea,Coze", "A key has 3 to 64 characters"),
        ("bea,Coze,fine_1", "Line 2 has the same key"),
        ("ana,Coze,other_1", "Line 2 is about the same person"),
        ("bea,Coze,{taken}", "belongs to somebody, or did"),
    ],
)
def test_one_bad_line_and_nothing_is_applied(root, talk, bea, superuser, connection, line, told):
    taken = CozeIdentity.objects.current(superuser, connection).key
    text = HEAD + "ana,Coze,fine_1\n" + line.format(taken=taken) + "\n"
    page, digest = checked(root, text)
    assert f" 3 {line.split(',')[0]} " in words(page)
    assert told in page
    assert "Apply all of it" not in page
    again = root.post(IMPORT, {"text": text, "apply": "1", "digest": digest}).content.decode()
    assert "fine_1" in again
    assert not CozeIdentity.objects.filter(key="fine_1").exists()


def test_applied_all_at_once_and_each_recorded(root, talk, ana, bea, connection):
    text = HEAD + "ana,Coze,crm_1\nbea,Coze,crm_2\n"
    _page, digest = checked(root, text)
    done = root.post(IMPORT, {"text": text, "apply": "1", "digest": digest, "reason": "CRM"}, follow=True)
    assert "2 keys set." in done.content.decode()
    assert CozeIdentity.objects.current(ana, connection).key == "crm_1"
    assert CozeIdentity.objects.current(bea, connection).key == "crm_2"
    talk.conversation.refresh_from_db()
    assert talk.conversation.identity == talk.identity
    entries = AuditEntry.objects.filter(action="identity.key_set")
    assert {(one.subject, one.reason) for one in entries} == {(ana, "CRM"), (bea, "CRM")}


def test_what_was_confirmed_is_what_is_done(root, talk, bea, superuser):
    text = HEAD + "ana,Coze,crm_1\nbea,Coze,crm_2\n"
    _page, digest = checked(root, text)
    commands.rotate(talk.identity, partial(record, superuser))
    page = root.post(IMPORT, {"text": text, "apply": "1", "digest": digest}).content.decode()
    assert "Somebody changed this meanwhile" in page
    assert "crm_2" in page
    assert not CozeIdentity.objects.filter(key__startswith="crm").exists()


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00"])
def test_what_is_no_table_is_said_and_kept(root, text):
    page = root.post(IMPORT, {"text": text, "check": "1"})
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert text.strip("\x00") in page.content.decode()


def test_many_lines_take_few_queries(connection, django_assert_max_num_queries):
    User.objects.bulk_create(User(username=f"p{n}") for n in range(1200))
    lines = lines_of(HEAD + "".join(f"p{n},Coze,key_{n}\n" for n in range(1200)))
    with django_assert_max_num_queries(25):
        plan = commands.plan_keys(lines)
    assert {one.does for one in plan} == {"create"}


def test_only_with_the_permission(talk):
    clerk = User.objects.create_user("clerk", is_staff=True)
    client = Client()
    client.force_login(clerk)
    assert client.get(EXPORT).status_code == 403
    assert client.post(IMPORT, {"text": HEAD}).status_code == 403
