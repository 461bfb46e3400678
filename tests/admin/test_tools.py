"""The registry of tools: inbox, the form of each mode, which entry holds (M-049, M-051, M-054, M-094)."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from chatweb.models import Allowance, Bot, Tool

LIST, ADD, CHECK = "/admin/chatweb/tool/", "/admin/chatweb/tool/add/", "/admin/chatweb/tool/check/"
APPROVES = {"approve_output": '{"approved": true}', "decline_output": '{"approved": false}'}
FIELDS = {"name": "read_meter", "bot": "", "mode": "form", **APPROVES}
SCHEMA = {"type": "object", "properties": {"rain": {"type": "number"}}, "required": ["rain"]}


def page_of(tool: Tool) -> str:
    return reverse("admin:chatweb_tool_change", args=[tool.pk])


def error_of(client, **fields: str) -> str:
    page = client.post(ADD, {**FIELDS, **fields})
    assert page.status_code == 200, "it was saved"
    return json.dumps(page.context["adminform"].form.errors)


class TestInbox:
    def test_the_index_says_how_many_wait_and_leads_there(self, root, talk):
        index = root.get("/admin/").content.decode()
        assert "1 tool was called that nobody has registered" in " ".join(index.split())
        assert "read_meter" in root.get(f"{LIST}?standing=seen").content.decode()
        Tool.objects.update(is_registered=True)
        assert "nobody has registered" not in root.get("/admin/").content.decode()

    def test_who_may_not_see_tools_is_not_told_of_them(self, client, talk, ana):
        ana.is_staff = True
        ana.save()
        client.force_login(ana)
        assert "nobody has registered" not in client.get("/admin/").content.decode()

    def test_what_was_seen_stands_before_what_is_registered(self, root, talk):
        Tool.objects.create(name="a_known_one")
        names = [tool.name for tool in root.get(LIST).context["cl"].result_list]
        assert names == ["read_meter", "a_known_one"]

    def test_its_page_is_filled_in_and_saving_it_registers(self, root, talk):
        page = root.get(page_of(talk.tool)).content.decode()
        assert 'value="Read meter"' in page
        assert "&lt;b&gt;7&lt;/b&gt;" in page
        assert 'value="Register"' in page
        root.post(page_of(talk.tool), {**FIELDS, "bot": talk.bot.pk, "title_en": "Meter"})
        talk.tool.refresh_from_db()
        assert (talk.tool.is_registered, talk.tool.title_en, talk.tool.seen_count) == (True, "Meter", 3)

    def test_several_are_registered_at_once(self, root, talk):
        other = Tool.objects.create(bot=talk.bot, name="open-door", is_registered=False)
        fields = {"action": "register", "_selected_action": [talk.tool.pk, other.pk]}
        assert "2 tools registered." in root.post(LIST, fields, follow=True).content.decode()
        assert set(Tool.objects.values_list("title_en", "is_registered")) == {
            ("Read meter", True),
            ("Open door", True),
        }
        assert LogEntry.objects.count() == 2

    def test_an_entry_for_all_bots_empties_the_inbox_of_that_name(self, root, talk):
        second = Bot.objects.create(connection=talk.bot.connection, upstream_id="2", name="Second")
        Tool.objects.create(bot=second, name="read_meter", is_registered=False, seen_count=4)
        root.post(page_of(talk.tool), FIELDS)
        tool = Tool.objects.get()
        assert (tool.bot, tool.is_registered, tool.seen_count) == (None, True, 7)

    def test_registering_needs_the_permission_to_change(self, client, talk, ana):
        ana.is_staff = True
        ana.save()
        ana.user_permissions.set(Permission.objects.filter(codename="view_tool"))
        client.force_login(ana)
        client.post(LIST, {"action": "register", "_selected_action": [talk.tool.pk]})
        assert client.post(page_of(talk.tool), FIELDS).status_code == 403
        assert client.post(CHECK, FIELDS).status_code == 403
        assert not Tool.objects.get().is_registered


class TestForm:
    def test_each_mode_is_kept_with_what_it_needs(self, root, db):
        root.post(ADD, {**FIELDS, "name": "a", "schema": json.dumps(SCHEMA), "time_limit_seconds": "90"})
        root.post(ADD, {**FIELDS, "name": "b", "mode": "approve", "may_be_allowed": "on"})
        root.post(ADD, {**FIELDS, "name": "c", "mode": "auto", "template": '{"city": "{city}"}'})
        root.post(ADD, {**FIELDS, "name": "d", "mode": "refuse"})
        kept = {tool.name: tool for tool in Tool.objects.all()}
        assert (kept["a"].schema, kept["a"].time_limit_seconds) == (SCHEMA, 90)
        assert kept["b"].may_be_allowed
        assert kept["b"].approve_output == APPROVES["approve_output"]
        assert (kept["a"].approve_output, kept["a"].decline_output) == ("", "")
        assert kept["c"].template == '{"city": "{city}"}'
        assert (kept["d"].mode, kept["d"].decline_output) == ("refuse", APPROVES["decline_output"])
        assert "1 minute 30 seconds" in root.get(LIST).content.decode()

    def test_a_new_one_offers_both_outputs(self, root, db):
        page = root.get(ADD).content.decode()
        assert "{&quot;approved&quot;: true}" in page
        assert ">\nnull" not in page
        assert "{&quot;approved&quot;: false, &quot;reason&quot;: &quot;{reason}&quot;}" in page

    def test_only_what_is_approved_can_be_allowed(self, root, db):
        root.post(ADD, {**FIELDS, "may_be_allowed": "on"})
        assert not Tool.objects.get().may_be_allowed

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"mode": "approve", "approve_output": ""}, "what is sent when somebody approves"),
            ({"mode": "approve", "decline_output": ""}, "what is sent when somebody declines"),
            ({"mode": "auto"}, "needs what it answers"),
            ({"mode": "auto", "template": "{two words}"}, "A place is written"),
            ({"mode": "auto", "template": '{"a": }'}, "looks like JSON"),
            ({"mode": "approve", "approve_output": '{"approved": yes}'}, "looks like JSON"),
            ({"time_limit_seconds": "3"}, "greater than or equal to 10"),
        ],
    )
    def test_what_a_mode_needs(self, root, db, fields, sentence):
        assert sentence in error_of(root, **fields)

    @pytest.mark.parametrize(
        ("schema", "sentence"),
        [
            ("{", "Not JSON, line 1, column 2"),
            ("[]", "A schema is a JSON object"),
            ('{"type": "strnig"}', "strnig"),
            ('{"properties": {"a": {"type": 7}}}', "properties.a.type"),
            ('{"pattern": "("}', "is not a 'regex'"),
            ('{"$ref": "https://example.com/s.json"}', "is elsewhere"),
            ('{"items": [{"$ref": "other.json#/a"}]}', "is elsewhere"),
            ('{"$dynamicRef": "//example.com"}', "is elsewhere"),
            ('{"$ref": "#/$defs/missing"}', "leads to nothing"),
            ('{"$ref": "#"}', "without end"),
            ('{"description": "' + "x" * 65_536 + '"}', "At most 64 KB"),
            ("[" * 60_000, "nested too deep"),
            ('{"not": ' * 5000 + "{}" + "}" * 5000, "nested too deep"),
        ],
        ids=lambda value: value[:30],
    )
    def test_a_schema_that_is_none_or_needs_something_from_elsewhere(self, root, db, schema, sentence):
        assert sentence in error_of(root, schema=schema).replace("\\u2019", "'")
        assert not Tool.objects.exists()

    def test_references_within_the_schema_are_fine(self, root, db):
        schema = {"$defs": {"a/b": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a~1b"}}}
        root.post(ADD, {**FIELDS, "schema": json.dumps(schema)})
        assert Tool.objects.get().schema == schema

    def test_a_sample_shows_whether_outputs_fit(self, root, db):
        schema = json.dumps(SCHEMA)
        assert "rain: 'much' is not of type 'number'" in error_of(
            root, schema=schema, sample_output='{"rain": "much"}'
        )
        assert "Not JSON" in error_of(root, schema=schema, sample_output="rain")
        assert "is not of type 'object'" in error_of(root, schema=schema, sample_output="null")
        assert root.post(ADD, {**FIELDS, "schema": schema, "sample_output": '{"rain": 1}'}).status_code == 302

    def test_one_entry_for_all_bots_and_one_a_bot(self, root, talk):
        Tool.objects.create(name="read_meter")
        assert "There is an entry for all bots already." in error_of(root)
        assert "already exists" in error_of(root, bot=str(talk.bot.pk))


class TestCheckWhileTyping:
    def test_it_says_what_is_wrong_and_saves_nothing(self, root, db):
        fields = {**FIELDS, "mode": "auto", "template": "{", "schema": "{", "time_limit_seconds": "5400"}
        answer = root.post(CHECK, fields).json()
        assert "A place is written" in answer["errors"]["template"][0]
        assert "Not JSON" in answer["errors"]["schema"][0]
        assert answer["errors"]["sample_output"] == []
        assert answer["time_limit"] == "1 hour 30 minutes"
        assert not Tool.objects.exists()

    def test_it_is_a_post_of_an_admin(self, root, client, db):
        assert root.get(CHECK).status_code == 405
        assert client.post(CHECK, FIELDS).status_code == 302


class TestWhatHolds:
    def rules(self, client, tool: Tool) -> str:
        return " ".join(client.get(page_of(tool)).content.decode().split())

    def test_the_bots_own_entry_counts_before_the_one_for_all(self, root, talk):
        general = Tool.objects.create(name="m", mode="auto")
        own = Tool.objects.create(name="m", bot=talk.bot, mode="form")
        assert "Helper: a person fills in the output (this entry)" in self.rules(root, own)
        assert "Helper: a person fills in the output (another entry)" in self.rules(root, general)
        assert "all other bots: answered at once, from a template (this entry)" in self.rules(root, general)

    def test_refusing_wins(self, root, talk):
        Tool.objects.create(name="m", mode="refuse")
        own = Tool.objects.create(name="m", bot=talk.bot, mode="form")
        assert "Helper: refused at once (the entry for all bots)" in self.rules(root, own)

    def test_nothing_holds_before_it_is_registered(self, root, talk):
        assert ">nobody has registered it<" in self.rules(root, talk.tool)


def test_a_service_needs_an_address_and_a_secret_that_no_page_shows(root, db):
    assert "Say where the service is." in error_of(root, mode="webhook")
    assert "needs a secret" in error_of(root, mode="webhook", webhook_url="https://tools.example/rain")
    fields = {**FIELDS, "mode": "webhook", "webhook_url": "https://tools.example/rain"}
    root.post(ADD, {**fields, "webhook_secret": "so secret"})
    tool = Tool.objects.get()
    assert (tool.webhook_secret, tool.webhook_timeout_seconds) == ("so secret", 10)
    assert "so secret" not in root.get(page_of(tool)).content.decode()
    root.post(page_of(tool), {**fields, "webhook_timeout_seconds": "3"})
    tool.refresh_from_db()
    assert (tool.webhook_secret, tool.webhook_timeout_seconds) == ("so secret", 3)


def test_an_allowance_is_revoked_and_never_made_or_changed_here(root, talk):
    page = f"/admin/chatweb/allowance/{talk.allowance.pk}/"
    assert "open_door" in root.get("/admin/chatweb/allowance/").content.decode()
    assert root.post("/admin/chatweb/allowance/add/", {"name": "x"}).status_code == 403
    assert root.post(f"{page}change/", {"name": "x"}).status_code == 403
    assert root.post(f"{page}delete/", {"post": "yes"}).status_code == 302
    assert not Allowance.objects.exists()
