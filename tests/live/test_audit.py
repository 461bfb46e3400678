"""The audit log under the real server: who is at the door, and whose change it was when two work at once."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.leaving import PASSWORD, new_person
from tests.live.upstream import rows
from tests.visitor import Visitor


def log(site, query: str = "") -> list[dict]:
    """The audit log as an admin exports it, oldest first."""
    admin = Visitor(site.url, "admin")
    answer = admin.http.get(f"/admin/chatweb/auditentry/export/?format=jsonl&{query}")
    assert answer.status_code == 200, answer.text[-500:]
    return [json.loads(line) for line in reversed(answer.text.splitlines())]


def add_group(visitor: Visitor, name: str) -> None:
    page = visitor.http.get("/admin/auth/group/add/", headers={"Accept": "text/html"})
    fields = dict(re.findall(r'name="([^"]+_FORMS)" value="([^"]*)"', page.text))
    token = visitor.http.cookies["csrftoken"]
    answer = visitor.http.post(
        "/admin/auth/group/add/", data={**fields, "name": name, "csrfmiddlewaretoken": token}
    )
    assert answer.status_code == 302, answer.text[-2000:]


def test_two_admins_at_once_are_not_mixed_up(site):
    rows(
        site,
        "from accounts.models import User\n"
        "from django.contrib.auth.models import Permission\n"
        "chief = User.objects.create_user('chief', 'chief@example.com', 'a long passphrase', is_staff=True)\n"
        "chief.user_permissions.set(Permission.objects.filter(codename__endswith='_group'))",
    )
    admins = {"admin": Visitor(site.url, "admin"), "chief": Visitor(site.url, "chief", PASSWORD)}
    jobs = [(name, f"mixed {name} {number}") for number in range(8) for name in admins]
    with ThreadPoolExecutor(2) as pool:
        for name, work in [(name, [g for n, g in jobs if n == name]) for name in admins]:
            pool.submit(lambda name=name, work=work: [add_group(admins[name], one) for one in work])
    found = [entry for entry in log(site, "kind=group") if entry["name"].startswith("mixed ")]
    assert {entry["action"] for entry in found} == {"group.added"}
    assert sorted((entry["who"], entry["name"]) for entry in found) == sorted(jobs)


def test_the_door_is_watched(site):
    person = new_person(site, "doris")
    with httpx.Client(base_url=site.url, trust_env=False) as stranger:
        for login in ("doris", "pat_typedIntoTheWrongField"):
            stranger.get("/accounts/login/")
            form = {"login": login, "password": "wrong", "csrfmiddlewaretoken": stranger.cookies["csrftoken"]}
            assert stranger.post("/accounts/login/", data=form).status_code == 200
    answer = person.http.post(
        "/accounts/logout/", data={"csrfmiddlewaretoken": person.http.cookies["csrftoken"]}
    )
    assert answer.is_success
    seen = [entry for entry in log(site, "q=doris") if entry["action"].startswith("session.")]
    assert [(entry["action"], entry["who"], entry["address"]) for entry in seen] == [
        ("session.begun", "doris", "127.0.0.1"),
        ("session.refused", "", "127.0.0.1"),
        ("session.ended", "doris", "127.0.0.1"),
    ]
    everything = json.dumps(log(site))
    assert "auditentry.exported" in everything
    assert "pat_typed" not in everything
    assert PASSWORD not in everything
