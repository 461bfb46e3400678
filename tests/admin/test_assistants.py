"""A connection to an Assistants-style service: made, tested, imported from and read again in the admin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatweb.models import Bot, Connection
from chatweb.turns.connections import settings_of
from tests.simulator.process import BOT_IDS, SimulatorProcess, simulator_process

from .test_connections import FIELDS
from .test_importing import PAGE, import_all

ECHO = f"asst_{BOT_IDS['Echo']}"


@pytest.fixture(scope="module")
def service() -> Iterator[SimulatorProcess]:
    with simulator_process(dialect="assistants") as service:
        yield service


@pytest.fixture
def fields(service: SimulatorProcess) -> dict[str, str]:
    """As the form sends them; `beta` as it stands there from the beginning."""
    return {
        **FIELDS, "name": "Assistants", "dialect": "assistants", "base_url": f"{service.url}/v1/",
        "token": service.token, "beta": "assistants=v2",
    }  # fmt: skip


@pytest.fixture
def connection(root, fields) -> Connection:
    assert root.post(f"{PAGE}add/", fields).status_code == 302
    return Connection.objects.get(name="Assistants")


def test_it_is_made_and_tested_with_one_press(root, fields, service):
    text = root.post(f"{PAGE}add/", {**fields, "_test": "1"}, follow=True).content.decode()
    host = service.url.partition("//")[2]
    assert f"Connected as {host}; within reach: 5 bots." in text
    assert service.token not in text


def test_a_wrong_token_is_said_in_words(root, fields):
    text = root.post(f"{PAGE}add/", {**fields, "token": "wrong", "_test": "1"}, follow=True).content.decode()
    assert "Code invalid_api_key." in text
    assert "The site is not allowed to talk to this bot right now." in text


@pytest.mark.parametrize("beta", ["", "assistants=v1", "assistants=v2"])
def test_the_header_is_a_setting_of_this_dialect(root, fields, beta):
    root.post(f"{PAGE}add/", {**fields, "beta": beta})
    connection = Connection.objects.get(name="Assistants")
    assert settings_of(connection).beta == beta
    page = root.get(f"{PAGE}{connection.pk}/change/").content.decode()
    assert f'<option value="{beta}" selected>' in page
    connection.dialect = "coze"
    assert settings_of(connection).beta == ""


def test_a_new_connection_speaks_the_newer_version(root):
    assert '<option value="assistants=v2" selected>' in root.get(f"{PAGE}add/").content.decode()


def test_it_takes_tokens_only(root, fields):
    page = root.post(f"{PAGE}add/", {**fields, "auth": "oauth_jwt"}).content.decode()
    assert not Connection.objects.filter(name="Assistants").exists()
    assert 'id="id_auth_error"' in page


def test_assistants_come_as_such_and_again_without_a_change(root, connection):
    assert "5 added, 0 updated" in import_all(root, connection)
    bots = connection.bots.all()
    assert {bot.kind for bot in bots} == {Bot.Kind.ASSISTANT}
    assert bots.get(name="Echo").upstream_id == ECHO
    page = root.get(f"{PAGE}{connection.pk}/import/").content.decode()
    assert page.count("import__row--same") == 5


def test_what_changed_and_what_is_gone_is_shown_before_it_is_taken(root, connection, service):
    import_all(root, connection)
    connection.bots.filter(name="Weather").update(name="Rain", description="Old")
    service.control("POST", f"bots/{ECHO}", {"is_deleted": True})
    try:
        page = root.get(f"{PAGE}{connection.pk}/import/").content.decode()
        assert (page.count("import__row--changed"), page.count("import__row--gone")) == (1, 1)
        assert "<del>Rain</del>" in page
        assert "1 no longer published" in import_all(root, connection)
    finally:
        service.control("POST", f"bots/{ECHO}", {"is_deleted": False})
    assert connection.bots.get(upstream_id=ECHO).unpublished_at is not None
    assert connection.bots.filter(name="Weather").exists()
    import_all(root, connection)
    assert connection.bots.get(upstream_id=ECHO).unpublished_at is None
