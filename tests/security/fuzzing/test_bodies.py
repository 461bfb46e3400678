"""Every POST of docs/openapi.json with bodies near and far from its schema: no 500, 4xx changes nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from chatweb.rates import DEFAULTS, Rate
from tests.openapi import FILE
from tests.security.test_every_object import browser_of, own_rows, theirs  # noqa: F401 - a fixture

from .conftest import PROFILE
from .test_streams import JSON

pytestmark = pytest.mark.django_db
OPENAPI = json.loads(FILE.read_text())
# The file itself is a form's; what ends the account or the looking would end the run.
LEFT_OUT = re.compile("delete/$|download/$|viewing/")
POSTS = {
    where: item["post"]
    .get("requestBody", {})
    .get("content", {})
    .get("application/json", {})
    .get("schema", {})
    for where, item in OPENAPI["paths"].items()
    if "post" in item and not LEFT_OUT.search(where)
}
STRANGE = st.sampled_from(
    ["", "\0", "\ud800", "😀" * 40, "x" * 3000, -1, 0, 1e308, 2**70, True, None, [], {}, [[]]]
)


def near(schema: Any) -> st.SearchStrategy[Any]:
    """Values of the schema, or almost."""
    kind = schema.get("type")
    if "properties" in schema:
        fields = {name: near(one) | STRANGE for name, one in schema["properties"].items()}
        return st.fixed_dictionaries({}, optional=fields)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if kind == "array":
        return st.lists(near(schema.get("items", {})), max_size=3)
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    return {"string": st.text(max_size=20), "boolean": st.booleans(), "integer": st.integers()}.get(
        kind, JSON
    )


def sent(browser: Client, where: str, body: Any, *, is_form: bool) -> Any:
    if is_form and isinstance(body, dict):
        fields = {name: str(value) for name, value in body.items()}
        return browser.post(where, fields, HTTP_ACCEPT="text/html")
    content = body if isinstance(body, bytes) else json.dumps(body)
    return browser.generic("POST", where, content, "application/json", HTTP_ACCEPT="application/json")


@pytest.fixture
def person(theirs, settings) -> Client:  # noqa: F811
    """Ana herself, so that the bodies are read and not only the door looked at; as often as she likes."""
    settings.RATE_LIMITS = {name: Rate(0, 60) for name in DEFAULTS}
    return browser_of("ana")


@st.composite
def posts(draw: st.DrawFn) -> tuple[str, Any]:
    where = draw(st.sampled_from(sorted(POSTS)))
    return where, draw(near(POSTS[where]) | JSON | st.binary(max_size=30))


@PROFILE
@given(posts(), st.booleans())
def test_a_body_is_taken_or_refused_and_nothing_breaks(theirs, person, post, is_form: bool) -> None:  # noqa: F811
    where, body = post
    path = re.sub(r"\{(\w+)\}", lambda match: str(theirs[match[1]]), where)
    before = own_rows()
    with transaction.atomic():
        answer = sent(person, path, body, is_form=is_form)
        after = own_rows() if 400 <= answer.status_code < 500 else before
        transaction.set_rollback(True)
    assert answer.status_code < 500, (where, body, answer.content[:300])
    assert after == before, (where, body, answer.status_code)


def test_every_command_is_among_them() -> None:
    assert len(POSTS) > 25 and "/c/{conversation_id}/ask/" in POSTS
    assert [where for where, schema in POSTS.items() if schema.get("properties")]
