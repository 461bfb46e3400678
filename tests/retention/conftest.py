"""People of two kinds and two bots, with the site's copies of files in a folder of the test."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from chatweb.models import Attachment, Bot, Connection


@pytest.fixture
def people(db, monkeypatch, tmp_path) -> SimpleNamespace:
    storage = Attachment._meta.get_field("copy").storage
    for name in ("base_location", "location"):
        monkeypatch.setitem(storage.__dict__, name, str(tmp_path))
    coze = Connection.objects.create(name="Coze")
    return SimpleNamespace(
        coze=coze,
        ana=User.objects.create_user("ana"),
        ben=User.objects.create_user("ben"),
        helper=Bot.objects.create(connection=coze, upstream_id="1", name="Helper"),
        guide=Bot.objects.create(connection=coze, upstream_id="2", name="Guide"),
        sales=Group.objects.create(name="Sales"),
    )
