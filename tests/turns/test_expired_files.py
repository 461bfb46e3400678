"""A file past its life at the upstream: our copy is uploaded again; without one it says so (M-027)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from chatweb.models import Attachment, Bot, Connection, Turn
from chatweb.turns import commands
from chatweb.turns.commands import Entered, Refused

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
def turn(db, simulator, tmp_path):
    """Asked with a picture that expired a day ago."""
    with override_settings(FILES_FOLDER=str(tmp_path)):
        user = User.objects.create_user("ana", password="a long passphrase")
        connection = Connection.objects.create(name="Coze", base_url=simulator.url, token=simulator.token)
        bot = Bot.objects.create(connection=connection, upstream_id="7430000000000000101", name="E")
        bot.grants.create(user=user)
        file = commands.upload_for_question(user, bot, None, "sky.png", ContentFile(PIXEL))
        entered = Entered("look", file_ids=[file.uuid])
        _conversation, turn = commands.start_conversation(user, bot, uuid4(), uuid4(), entered)
        Turn.objects.filter(pk=turn.pk).update(state="completed")
        Attachment.objects.update(uploaded_at=timezone.now() - timedelta(days=91))
        yield Turn.objects.get(pk=turn.pk)


def test_asking_again_uploads_our_copy_again(turn: Turn):
    before = turn.files.get()
    assert before.is_expired
    again = commands.again(turn, uuid4())
    after = again.files.get()
    assert after.pk == before.pk and not after.is_expired
    assert after.upstream_id not in ("", before.upstream_id)
    assert after.copy.open("rb").read() == PIXEL


def test_without_a_copy_it_says_what_has_expired_and_asks_nothing(turn: Turn):
    Attachment.objects.update(copy="")
    with pytest.raises(Refused) as refused:
        commands.again(turn, uuid4())
    assert (refused.value.reason, Turn.objects.count()) == ("file_expired", 1)
    assert "sky.png" in refused.value.sentence
    with pytest.raises(Refused) as refused:
        commands.renew(turn.files.get())
    assert refused.value.reason == "no_copy"


def test_the_copy_goes_with_its_row(turn: Turn):
    file = turn.files.get()
    storage, name = file.copy.storage, file.copy.name
    assert storage.exists(name)
    file.delete()
    assert not storage.exists(name)
