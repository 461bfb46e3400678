import uuid

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import User
from chatweb.auditing import record
from chatweb.console import names
from chatweb.console.access import operator
from chatweb.models import AuditEntry, Conversation

pytestmark = pytest.mark.django_db


@operator
def page(request):
    return HttpResponse("the log")


def asked_by(user, accept="text/html"):
    request = RequestFactory().get("/console/", headers={"accept": accept})
    request.user, request.session = user, SessionStore()
    return request


@pytest.fixture
def olga():
    return User.objects.create(username="olga", is_operator=True)


@pytest.fixture
def ana():
    return User.objects.create(username="ana", full_name="Ana Lima")


def test_an_operator_gets_in(olga):
    assert page(asked_by(olga)).content == b"the log"


def test_anybody_else_is_told_that_they_may_not(ana):
    with pytest.raises(PermissionDenied):
        page(asked_by(ana))
    answer = page(asked_by(ana, "application/json"))
    assert answer.status_code == 403
    assert b"not_operator" in answer.content


def test_an_admin_is_no_operator_by_being_one():
    admin = User.objects.create(username="root", is_superuser=True, is_staff=True)
    with pytest.raises(PermissionDenied):
        page(asked_by(admin))
    assert not Conversation.objects.reviewable_by(admin).exists()


def test_a_person_is_a_code_until_the_name_is_revealed(olga, ana, monkeypatch):
    request = asked_by(olga)
    assert names.label_of(request, ana) == f"Person {ana.uuid.hex[:8]}"
    names.reveal(request, ana)
    assert names.label_of(request, ana) == "Ana Lima"
    later = names.time.time() + names.REVEALED_SECONDS + 1
    monkeypatch.setattr(names.time, "time", lambda: later)
    assert names.label_of(request, ana) == f"Person {ana.uuid.hex[:8]}"


def test_what_was_done_outlives_who_did_it(olga, ana):
    request = asked_by(olga)
    record(olga, "name.revealed", ana, subject=ana, reason="a complaint", request=request)
    ana_uuid = str(ana.uuid)
    olga.delete()
    ana.delete()
    entry = AuditEntry.objects.get()
    assert (entry.actor_name, entry.object_name, entry.object_id) == ("olga", "Ana Lima", ana_uuid)
    assert (entry.action, entry.reason, entry.address) == ("name.revealed", "a complaint", "127.0.0.1")
    assert uuid.UUID(entry.object_id)
