"""Who gets in, which pages there are, and that none of them needs what our policy forbids."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User

from .conftest import SAID, TOKEN

LISTS = sorted(
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in admin.site._registry
)
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.I
)


@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_strangers_sign_in_first(client, db, path):
    steps = client.get(path, follow=True).redirect_chain
    assert unquote(steps[-1][0]) == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("flags", [{}, {"is_operator": True}], ids=["user", "operator"])
def test_users_and_operators_stay_out(client, db, flags):
    client.force_login(User.objects.create_user("someone", **flags))
    for path in ["/admin/", *LISTS]:
        assert client.get(path, follow=True).status_code == 403


def test_staff_without_permissions_sees_nothing_of_ours(client, db):
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert client.get("/admin/").status_code == 200
    assert {client.get(path).status_code for path in LISTS} == {403}


def pages(client: Client, path: str) -> list[str]:
    """A list, and the page of the first record on it."""
    answer = client.get(path)
    found = re.search(rf'href="({path}[^/"]+/change/)', answer.content.decode())
    texts = [answer.content.decode()]
    if found:
        page = client.get(found[1])
        assert page.status_code == 200
        texts.append(page.content.decode())
    return texts


@pytest.mark.parametrize("path", LISTS)
def test_every_page_opens_without_inline_script_or_style_and_tells_no_secret(root, talk, path):
    for text in pages(root, path):
        assert INLINE.findall(text) == []
        assert TOKEN not in text
        assert SAID not in text


def test_the_index_is_cut_by_subject(root):
    index = root.get("/admin/").content.decode()
    captions = re.findall(r'class="section"[^>]*>\s*([^<]+?)\s*<', index)
    assert captions == [
        "People",
        "Bots",
        "Tools",
        "Quotas and usage",
        "Feedback and reviews",
        "Conversations and ids",
        "Privacy",
        "Retention",
        "Audit log",
    ]


@pytest.mark.parametrize(
    "model", ["conversation", "turn", "leg", "cozeidentity", "errand", "decision", "attachment", "feedback"]
)
@pytest.mark.parametrize("action", ["add", "delete"])
def test_records_are_read_only_even_for_a_superuser(root, talk, model, action):
    pk = {"cozeidentity": talk.identity.pk}.get(model) or getattr(talk, model).pk
    path = f"/admin/chatweb/{model}/add/" if action == "add" else f"/admin/chatweb/{model}/{pk}/delete/"
    assert root.post(path, {"post": "yes"}).status_code == 403
    assert root.post(f"/admin/chatweb/{model}/{pk}/change/", {"key": "u_mine"}).status_code == 403
