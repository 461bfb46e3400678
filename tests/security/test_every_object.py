"""Every address with an id in it, with the ids of somebody's own things, asked by others.

A new address is walked as soon as it is there: an id that this walk has no object for fails it.
`tests/live/test_every_door.py` walks all doors by role, without objects.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLResolver, get_resolver, path

from accounts.models import SignIn, User
from chatweb.models import (
    Action,
    Annotation,
    Attachment,
    Bot,
    BotGrant,
    Conversation,
    CozeIdentity,
    Draft,
    Event,
    Feedback,
    Leg,
    LogExport,
    Message,
    ReviewItem,
    ReviewQueue,
    SavedView,
    Turn,
)
from chatweb.picture_links import link_to
from chatweb.views import pages

pytestmark = pytest.mark.django_db
SECRET = "hushhush"
JSON, PAGE, FORM = "application/json", "text/html", "application/x-www-form-urlencoded"
KNOCKS = [("GET", JSON), ("GET", PAGE), ("POST", JSON), ("POST", PAGE), ("PUT", JSON), ("DELETE", JSON)]
# Nobody's own: whoever has such a link is meant by it; the figures' keys and the admin's apps are words.
NO_OBJECTS = {
    "receipt", "account_confirm_email", "account_reset_password_from_key", "console_figure_table", "app_list",
}  # fmt: skip
CATCH_ALL = "admin/(?P<url>.*)$"

Objects = dict[str, Any]


@pytest.fixture
def ana(db) -> User:
    return User.objects.create_user("ana", f"{SECRET}@example.com", full_name=SECRET)


@pytest.fixture
def theirs(ana: User, connection, files) -> Objects:
    """One of everything of Ana's, and of an operator's, by the names the addresses have for them."""
    bot = Bot.objects.create(connection=connection, upstream_id="7001", name="Private")
    BotGrant.objects.create(bot=bot, user=ana)
    identity = CozeIdentity.objects.current(ana, connection)
    talk = Conversation.objects.create(user=ana, bot=bot, identity=identity, name=SECRET)
    turn = Turn.objects.create(conversation=talk, client_id=uuid4(), ordinal=1, state="completed")
    Leg.objects.create(turn=turn)
    Event.objects.create(turn=turn, name=SECRET)
    messages = [
        Message.objects.create(conversation=talk, turn=turn, type=kind, text=SECRET, ordinal=n)
        for n, kind in enumerate(["question", "answer"])
    ]
    waiting = Turn.objects.create(conversation=talk, client_id=uuid4(), ordinal=2, state="waiting")
    action = Action.objects.create(turn=waiting, kind="tool", name=SECRET, arguments=SECRET)
    Feedback.objects.create(message=messages[1], user=ana, rating="bad", comment=SECRET)
    Draft.objects.create(user=ana, conversation=talk, text=SECRET)
    file = Attachment(
        user=ana,
        connection=connection,
        name=f"{SECRET}.png",
        mime="image/png",
        size_bytes=8,
        conversation=talk,
    )
    file.copy.save("x", ContentFile(SECRET.encode()), save=False)
    file.save()
    session = SessionStore()
    session.create()
    sign_in = SignIn.objects.create(
        user=ana, session=Session.objects.get(pk=session.session_key), agent=SECRET
    )
    key = Authenticator.objects.create(user=ana, type="webauthn", data={"name": SECRET, "credential": {}})
    olga = User.objects.create_user("olga", is_operator=True)
    queue = ReviewQueue.objects.create(name=SECRET)
    item = ReviewItem.objects.create(queue=queue, turn=turn, conversation=talk)
    remark = Annotation.objects.create(message=messages[1], author=olga, author_name=SECRET, note=SECRET)
    view = SavedView.objects.create(owner=olga, name=SECRET)
    export = LogExport.objects.create(owner=olga, format="csv")
    return {
        "conversation_id": talk.uuid,
        "turn_id": turn.uuid,
        "action_id": action.uuid,
        "message_id": messages[1].uuid,
        "attachment_id": file.uuid,
        "bot_id": bot.uuid,
        "person_id": ana.uuid,
        "sign_in_id": sign_in.uuid,
        "queue_id": queue.uuid,
        "item_id": item.uuid,
        "annotation_id": remark.uuid,
        "view_id": view.uuid,
        "export_id": export.uuid,
        "number": 1,
        "pk": key.pk,
        "token": link_to(ana.pk, f"https://x.example/{SECRET}.png").rstrip("/").rpartition("/")[2],
        "content_type_id": 1,
        "object_id": 1,
        "id": ana.pk,
    }


def routes(patterns: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address with an id, and its name."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif "<" in route and pattern.name not in NO_OBJECTS and route != CATCH_ALL:
            yield route, pattern.name or ""


def address(route: str, objects: Objects) -> str:
    """KeyError for an id that no object is known for."""
    plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(objects[match[1]]), route)
    assert not set(plain) & set("<>()^$"), f"{route}: this walk does not know how to fill it in"
    return "/" + plain


def own_rows() -> dict[str, list[Any]]:
    """Everything in the database but what tells that somebody was here."""
    models = [model for model in apps.get_models() if model not in (Session, SignIn)]
    rows = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
    for row in rows["accounts.User"]:
        row.pop("last_login")
    return {**rows, "sign-ins": list(SignIn.objects.filter(user__username="ana").values_list("uuid"))}


def browser_of(name: str) -> Client:
    """Signed in just now, so that nothing is refused only because a password would be asked for again."""
    browser = Client(raise_request_exception=False)
    browser.force_login(User.objects.get(username=name))
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session.save()
    return browser


def knock(browser: Client, where: str, method: str, objects: Objects, accept: str) -> Any:
    """With a body that would be right for somebody whose it is."""
    body = {
        "text": "mine now",
        "client_id": str(uuid4()),
        "name": "mine",
        "on": True,
        "outputs": {str(objects["action_id"]): "x"},
        "draft": {"text": "mine"},
        "draft_version": 1,
        "rating": "good",
        "tab": "mine",
        "message": str(objects["message_id"]),
        "addresses": ["https://x.example/a.png"],
        "parameters": {},
        "reason": "curious",
        "note": "mine",
    }
    content, kind = (json.dumps(body), "application/json") if accept == JSON else ("name=mine", FORM)
    return browser.generic(method, where, "" if method == "GET" else content, kind, HTTP_ACCEPT=accept)


def walk(who: str, objects: Objects, wanted: set[int], only: str) -> dict[str, str]:
    """What went otherwise than it should, by method and address."""
    browser, wrong = browser_of(who), {}
    for route, _name in routes():
        if not re.match(only, route):
            continue
        where = address(route, objects)
        for method, accept in KNOCKS:
            answer = knock(browser, where, method, objects, accept)
            status = answer.status_code
            said = b"".join(answer) if answer.streaming else answer.content
            is_sent_away = status == 302 and "/admin/login/" in answer["Location"]
            if SECRET.encode() in said or not (status in wanted or is_sent_away):
                wrong[f"{method} {route} {accept}"] = f"{status} {said[:80]!r}"
    return wrong


OWN = r"(?!admin/|console/)"


def test_a_colleague_with_the_same_bot_finds_nothing_and_changes_nothing(theirs) -> None:
    ben = User.objects.create_user("ben")
    mine = Bot.objects.get()
    BotGrant.objects.create(bot=mine, user=ben)
    other = Bot.objects.create(connection=mine.connection, upstream_id="7002", name="Not Ben's")
    before = own_rows()
    assert walk("ben", theirs | {"bot_id": other.uuid}, {404, 405}, OWN) == {}
    assert own_rows() == before


def test_the_administration_shows_nobody_else_a_thing(theirs) -> None:
    before = own_rows()
    assert walk("olga", theirs, {403, 404, 405}, "admin/") == {}
    assert own_rows() == before


def test_the_console_shows_a_person_nothing(theirs) -> None:
    User.objects.create_user("ben")
    before = own_rows()
    assert walk("ben", theirs, {403, 405}, "console/") == {}
    assert own_rows() == before


def test_an_operator_owns_no_conversation_and_no_colleagues_view_or_export(theirs) -> None:
    User.objects.create_user("omar", is_operator=True)
    before = own_rows()
    assert walk("omar", theirs, {404, 405}, rf"{OWN}|console/(views|exports)/<") == {}
    assert own_rows() == before


def test_ana_herself_is_let_in(theirs) -> None:
    """The ids are right: what others do not find is there."""
    browser = browser_of("ana")
    for route, _name in routes():
        if re.fullmatch(r"c/<uuid:conversation_id>/(turns/|asked/)?", route):
            answer = browser.get(address(route, theirs))
            assert answer.status_code == 200, route
            assert SECRET.encode() in answer.content or "asked" in route, route


def test_an_address_with_an_id_nobody_knows_fails_the_walk(theirs) -> None:
    new = [path("c/<uuid:conversation_id>/gifts/<uuid:gift_id>/", pages.start, name="gift")]
    [(route, _)] = routes(new)
    with pytest.raises(KeyError, match="gift_id"):
        address(route, theirs)
    assert [name for _, name in routes() if name == "conversation"] == ["conversation"]
