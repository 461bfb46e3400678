"""Wherever the site connects to an address from outside; pictures: tests/upstreams/test_pictures.py."""

from __future__ import annotations

import gzip
import socket

import pytest
import requests

from accounts.social_adapter import SocialAdapter
from chatweb.upstreams import addresses, webhook
from chatweb.upstreams.addresses import hands_out_credentials
from chatweb.upstreams.client import HttpClient
from chatweb.upstreams.errors import Broken, Unreachable
from chatweb.upstreams.pictures import NoPicture, fetch_picture
from chatweb.upstreams.webhook import NoAnswer, ask_service
from tests.upstreams.canned import Canned, canned

METADATA = [
    "169.254.169.254", "169.254.170.2", "::ffff:169.254.169.254", "2002:a9fe:a9fe::", "64:ff9b::a9fe:a9fe",
    "fe80::a9fe:a9fe", "fd00:ec2::254", "100.100.100.200", "192.0.0.192",
]  # fmt: skip


@pytest.mark.parametrize("address", METADATA)
def test_no_machines_credentials_are_asked_for(address: str) -> None:
    assert hands_out_credentials(address)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.7", "192.168.1.5", "fd12::1", "::1", "8.8.8.8", "100.64.0.1"]
)
def test_a_server_of_the_own_network_is_an_administrators_to_name(address: str) -> None:
    assert not hands_out_credentials(address)


@pytest.fixture
def rebound(monkeypatch) -> list[str]:
    """A name that is harmless when it is checked and the metadata service's when it is connected to."""
    asked: list[str] = []

    def answer(host, port, *args, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


async def test_a_tools_service_is_no_way_to_them(rebound) -> None:
    with pytest.raises(NoAnswer, match="ClientConnectorError"):
        await ask_service("http://tools.example/rain", "secret", {}, 5)
    assert rebound == ["tools.example"]


async def test_a_connection_is_no_way_to_them(rebound) -> None:
    http = HttpClient()
    with pytest.raises(Unreachable, match="cloud"):
        await Canned("http://coze.example").upstream(http).me()
    await http.close()
    assert rebound == ["coze.example"]


async def test_a_picture_is_no_way_to_them(rebound) -> None:
    with pytest.raises(NoPicture, match="not a public address"):
        await fetch_picture("http://pictures.example/icon.png")


async def test_a_service_leads_nowhere_else() -> None:
    async with canned(lambda answer: answer.send(b'{"output": "hidden"}', "application/json")) as hidden:
        async with canned(lambda answer: answer.send(b"", "text/plain", 307, Location=hidden.url)) as service:
            with pytest.raises(NoAnswer, match="HTTP 307"):
                await ask_service(service.url, "secret", {}, 5)
        assert hidden.requests == []


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (b'{"output": "' + b"x" * 300_000 + b'"}', {}, "TooLong"),
        (gzip.compress(b'{"output": "' + b"x" * 300_000 + b'"}'), {"Content_Encoding": "gzip"}, "compressed"),
        (b"[" * 100_000, {}, "no output"),
        (b'{"output": ', {}, "no output"),
        (b"\xff\xfe", {}, "no output"),
    ],
)
async def test_a_services_answer_is_taken_only_as_far_as_it_is_one(body, headers, why) -> None:
    async with canned(lambda answer: answer.send(body, "application/json", **headers)) as service:
        with pytest.raises(NoAnswer, match=why):
            await ask_service(service.url, "secret", {}, 5)


async def test_a_service_is_still_heard() -> None:
    async with canned(lambda answer: answer.json({"output": {"rain": 7}})) as service:
        assert await ask_service(service.url, "secret", {"tool": "rain"}, 5) == '{"rain": 7}'
    [request] = service.requests
    moment, _ = request.headers["x-chatweb-signature"].split(",")
    signed = webhook.signature("secret", int(moment.removeprefix("t=")), request.body)
    assert request.headers["x-chatweb-signature"] == signed


async def test_an_upstream_that_never_ends_an_answer_is_left(monkeypatch) -> None:
    monkeypatch.setattr(addresses.whole, "__defaults__", (100_000,))
    written = 0

    async def endless(answer) -> None:
        nonlocal written
        await answer.head("application/json")
        while written < 50_000_000:
            await answer.write(b" " * 65536)
            written += 65536

    http = HttpClient()
    async with canned(endless) as server:
        with pytest.raises(Broken, match="longer than"):
            await server.upstream(http).me()
    await http.close()
    assert written < 50_000_000


async def test_the_sign_in_service_leads_nowhere_and_stays_on_https(settings) -> None:
    settings.OIDC_ISSUER = "https://sso.example"
    with SocialAdapter().get_requests_session() as session, pytest.raises(requests.exceptions.InvalidSchema):
        session.get("http://sso.example/.well-known/openid-configuration")
