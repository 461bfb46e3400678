"""Every URL, GET and POST, as each role and as a stranger (M-091): who is let in, and that no door breaks.

`test_ownership.py` walks the doors to somebody's own things with ids that exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.process import Site, running_site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor

# What anybody may open: ways in, and what pages of strangers are made of.
PUBLIC = re.compile(
    r"^/(accounts/|admin/login/|healthz|readyz|metrics|jsi18n/|brand|receipts/|diagram/|pictures/)"
)
# Signing out or closing the account would end the walk.
LAST_STEPS = re.compile(r"logout/$|^/settings/my-data/delete/$|/sessions/|sign-out/$")
ROLES = ["stranger", "demo2", "operator", "admin"]


def doors(prefix: str = "/", patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """Addresses with ids of nothing in the place of every id."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from doors(route, pattern.url_patterns)
        else:
            yield address(route)


def address(route: str) -> str:
    route = re.sub(r"<uuid:\w+>", str(uuid4()), route)
    route = re.sub(r"<int:\w+>", "999999", route)
    route = re.sub(r"<(?:path|str|slug):\w+>|<id>", "999999", route)
    route = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "999999", route)
    return route.replace("^", "").replace("$", "").replace("\\", "")


DOORS = sorted({door for door in doors() if not LAST_STEPS.search(door)})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, simulator: SimulatorProcess) -> Iterator[Site]:
    """Its own: whoever knocks at every door changes settings."""
    with running_site(tmp_path_factory.mktemp("doors"), simulator.url, simulator.token) as site:
        yield site


@pytest.fixture(scope="module")
def people(site: Site) -> Iterator[dict[str, httpx.Client]]:
    visitors = {name: Visitor(site.url, name) for name in ROLES[1:]}
    stranger = httpx.Client(base_url=site.url, trust_env=False, timeout=30)
    stranger.get("/accounts/login/")
    yield {"stranger": stranger, **{name: visitor.http for name, visitor in visitors.items()}}
    stranger.close()
    for visitor in visitors.values():
        visitor.close()


def knock(person: httpx.Client, door: str, method: str) -> httpx.Response:
    token = person.cookies.get("csrftoken", "")
    return person.request(
        method, door, headers={"Accept": "text/html", "X-CSRFToken": token}, follow_redirects=False
    )


def is_kept_out(answer: httpx.Response) -> bool:
    """Sent to sign in, refused, or told that there is nothing."""
    is_sent_away = answer.is_redirect and "/login/" in answer.headers["location"]
    return is_sent_away or answer.status_code in {401, 403, 404, 405}


def test_there_are_doors_of_every_kind() -> None:
    for prefix in ("/console/", "/admin/", "/c/", "/settings/", "/accounts/"):
        assert [door for door in DOORS if door.startswith(prefix)], prefix


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ROLES)
def test_no_door_breaks(people: dict[str, httpx.Client], role: str, method: str) -> None:
    answers = {door: knock(people[role], door, method).status_code for door in DOORS}
    assert {door: status for door, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_sees_nothing_but_the_way_in(people: dict[str, httpx.Client], method: str) -> None:
    inside = [door for door in DOORS if not PUBLIC.match(door)]
    open_ones = [door for door in inside if not is_kept_out(knock(people["stranger"], door, method))]
    assert open_ones == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ["demo2", "admin"])
def test_the_console_is_for_operators_only(people: dict[str, httpx.Client], role: str, method: str) -> None:
    console = [door for door in DOORS if door.startswith("/console/")]
    statuses = {door: knock(people[role], door, method).status_code for door in console}
    assert {door: status for door, status in statuses.items() if status not in {403, 405}} == {}


def test_an_operator_is_let_into_the_console(people: dict[str, httpx.Client]) -> None:
    console = [door for door in DOORS if door.startswith("/console/")]
    refused = [door for door in console if knock(people["operator"], door, "GET").status_code == 403]
    assert refused == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ["demo2", "operator"])
def test_the_administration_is_for_admins_only(
    people: dict[str, httpx.Client], role: str, method: str
) -> None:
    inside = [door for door in DOORS if door.startswith("/admin/") and not PUBLIC.match(door)]
    open_ones = [door for door in inside if not is_kept_out(knock(people[role], door, method))]
    assert open_ones == []


def test_an_admin_meets_no_closed_door_in_the_administration(people: dict[str, httpx.Client]) -> None:
    lists = [door for door in DOORS if re.fullmatch(r"/admin/\w+/\w+/", door)]
    refused = [door for door in lists if knock(people["admin"], door, "GET").status_code != 200]
    assert refused == []
