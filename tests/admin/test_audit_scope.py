"""What is no admin's change is not in the audit log, and what is one is there once (M-118)."""

from __future__ import annotations

from chatweb import auditing
from chatweb.models import Bot, ReadMark

from .audited import bot_fields, bot_page, entries, post


def test_what_the_site_and_commands_write_is_no_admins_change(client, ana, talk, superuser):
    Bot.objects.update(name="By a command")
    client.force_login(superuser)
    client.post("/settings/", {"full_name": "Root", "language": "en"})
    client.post(f"/c/{talk.conversation.uuid}/rename/", {"name": "x"})
    assert entries() == []


def test_the_scope_ends_with_the_request(root, talk):
    post(root, bot_page(talk.bot), **bot_fields(name="Guide"))
    ReadMark.objects.create(user=talk.conversation.user, conversation=talk.conversation)
    Bot.objects.update(name="Somebody else")
    assert {entry.action for entry in entries()} == {"bot.changed"}


def test_what_the_code_tells_in_words_stands_alone(superuser, talk, rf):
    from chatweb.watching.scope import writes_of

    with writes_of(superuser):
        talk.bot.name = "Guide"
        talk.bot.save()
        auditing.record(
            superuser, "bot.renamed", talk.bot, before={"name": "Helper"}, after={"name": "Guide"}
        )
        talk.bot.save()
    assert [entry.action for entry in entries()] == ["bot.renamed"]


def test_a_change_taken_back_in_the_same_request_is_none(superuser, talk):
    from chatweb.watching.scope import writes_of

    with writes_of(superuser):
        Bot.objects.filter(pk=talk.bot.pk).update(name="Guide")
        Bot.objects.filter(pk=talk.bot.pk).update(name="Helper")
