"""Remote pictures: what is fetched, and everything that is not. A server on loopback plays the internet."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from chatweb.upstreams import pictures
from chatweb.upstreams.catalog import _bot, _whole_flow
from chatweb.upstreams.pictures import NoPicture, Picture, fetch_picture, is_public, type_of_picture

from .canned import Answer, Request, canned

PNG = b"\x89PNG\r\n\x1a\n" + b"IHDR" * 8
AVIF = b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00avifmif1miaf" + b"\x00" * 20
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + b"\x00" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
Script = Callable[[Answer], Awaitable[None]]


async def a_picture(answer: Answer) -> None:
    await answer.send(PNG, "text/html", Set_Cookie="seen=1")


@asynccontextmanager
async def server(script: Script = a_picture) -> AsyncIterator[tuple[str, list[Request]]]:
    """host:port of a server, and what it was asked."""
    async with canned(script) as internet:
        yield internet.url.removeprefix("http://"), internet.requests


# --- what is fetched -------------------------------------------------------------------------------


async def test_a_picture_is_what_its_bytes_say_and_nothing_of_ours_goes_along() -> None:
    async with server() as (place, requests):
        found = await fetch_picture(f"http://{place}/a/icon.png?sign=1#there", [place])
    assert found == Picture(PNG, "image/png")
    [request] = requests
    assert (request.path, request.query) == ("/a/icon.png", {"sign": "1"})
    assert request.headers["user-agent"] == "chatweb-pictures"
    assert not request.headers.keys() & {"cookie", "referer", "authorization"}


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (AVIF, "image/avif"),
        (MP4, ""),
        (SVG, ""),
        (b"<!doctype html><title>x</title>", ""),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", ""),
        (b"", ""),
    ],
)
def test_types_are_told_by_the_first_bytes(content: bytes, mime: str) -> None:
    assert type_of_picture(content) == mime


async def test_redirects_are_followed_three_times_and_no_cookie_with_them() -> None:
    async def hop(answer: Answer) -> None:
        left = int(answer.request.path.strip("/"))
        if left:
            await answer.send(b"", "text/plain", 302, Location=f"/{left - 1}", Set_Cookie="seen=1")
        else:
            await answer.send(PNG, "image/png")

    async with server(hop) as (place, requests):
        assert await fetch_picture(f"http://{place}/3", [place]) == Picture(PNG, "image/png")
        assert not any("cookie" in request.headers for request in requests)
        with pytest.raises(NoPicture, match="too many redirects"):
            await fetch_picture(f"http://{place}/4", [place])


# --- where nothing is fetched from -----------------------------------------------------------------

DISGUISES = [
    "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "0.0.0.0",
    "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]  # fmt: skip


@pytest.mark.parametrize("host", DISGUISES)
async def test_no_name_of_this_computer_leads_to_it(host: str, monkeypatch) -> None:
    async with server() as (place, requests):
        port = int(place.rpartition(":")[2])
        monkeypatch.setitem(pictures.PORTS, "http", port)
        with pytest.raises(NoPicture):
            await fetch_picture(f"http://{host}:{port}/icon.png")
    assert requests == []


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "127.0.0.53", "0.0.0.0",
        "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9", "192.88.99.1", "224.0.0.251", "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::808:808",
        "64:ff9b:1::1", "2002:808:808::1", "2001:0:808:808::1", "2001:db8::1", "fc00::1", "fd12::1",
        "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "5f00::1",
    ],
)  # fmt: skip
def test_addresses_that_are_nobodys_in_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2606:4700::1111", "2408:8000::1"])
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.com/a.png", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("data:image/png;base64,iVBORw0KGgo=", "neither http nor https"),
        ("//example.com/a.png", "neither http nor https"),
        ("icon url", "neither http nor https"),
        ("", "neither http nor https"),
        ("http://user:secret@example.com/a.png", "credentials"),
        ("http://127.0.0.1@example.com/a.png", "credentials"),
        ("http://example.com:22/a.png", "port"),
        ("https://example.com:8443/a.png", "port"),
        ("http://[x/a.png", "no host's name"),
        ("http://exa%6dple.com/a.png", "no host's name"),
        ("http://exam\nple.com/a.png", "InvalidURL"),
        ("http://example.com\\@127.0.0.1/a.png", "credentials"),
    ],
)
async def test_addresses_that_are_refused_as_they_are_written(url: str, reason: str, resolver) -> None:
    with pytest.raises(NoPicture, match=reason):
        await fetch_picture(url)
    assert resolver == []


@pytest.fixture
def resolver(monkeypatch) -> list[str]:
    """Every name is on this computer; the names that were asked for."""
    asked: list[str] = []

    def answer(host, port, *args, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


async def test_a_name_that_resolves_to_this_computer_is_refused(resolver, monkeypatch) -> None:
    async with server() as (place, requests):
        port = int(place.rpartition(":")[2])
        monkeypatch.setitem(pictures.PORTS, "http", port)
        with pytest.raises(NoPicture, match="not a public address"):
            await fetch_picture(f"http://pictures.example:{port}/icon.png?sign=secret")
        assert (resolver, requests) == (["pictures.example"], [])
        assert await fetch_picture(f"http://pictures.example:{port}/icon.png", [f"pictures.example:{port}"])


@pytest.mark.parametrize(
    "target", ["http://{place}/x", "//localhost:{port}/x", "ftp://{place}/x", "http://a:b@{place}/"]
)
async def test_a_redirect_is_checked_like_the_first_address(target: str, monkeypatch) -> None:
    async with server() as (hidden, requests):
        monkeypatch.setitem(pictures.PORTS, "http", int(hidden.rpartition(":")[2]))

        async def elsewhere(answer: Answer) -> None:
            location = target.format(place=hidden, port=hidden.rpartition(":")[2])
            await answer.send(b"", "text/plain", 302, Location=location)

        async with server(elsewhere) as (place, _):
            with pytest.raises(NoPicture):
                await fetch_picture(f"http://{place}/icon.png", [place])
    assert requests == []


# --- what is not taken -----------------------------------------------------------------------------


async def test_what_is_larger_than_the_cap_is_left_before_its_end(monkeypatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 100_000)
    written = 0

    async def endless(answer: Answer) -> None:
        nonlocal written
        await answer.head("image/png")
        await answer.write(PNG)
        while written < 50_000_000:
            await answer.write(bytes(65536))
            written += 65536

    async with server(endless) as (place, _):
        with pytest.raises(NoPicture, match="larger than"):
            await fetch_picture(f"http://{place}/", [place])
    assert written < 50_000_000


@pytest.mark.parametrize("content", [SVG, b"<html>" + b" " * 9000, b"", MP4])
async def test_what_is_no_picture_is_not_taken_whatever_it_is_called(content: bytes) -> None:
    async with server(lambda answer: answer.send(content, "image/png")) as (place, _):
        with pytest.raises(NoPicture, match="no known type"):
            await fetch_picture(f"http://{place}/icon.png", [place])


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (404, {}, "status 404"),
        (206, {}, "status 206"),
        (302, {}, "status 302"),
        (200, {"Content_Encoding": "gzip"}, "compressed"),
    ],
)
async def test_only_a_whole_plain_answer_counts(status: int, headers: dict[str, str], reason: str) -> None:
    async with server(lambda answer: answer.send(PNG, "image/png", status, **headers)) as (place, _):
        with pytest.raises(NoPicture, match=reason):
            await fetch_picture(f"http://{place}/", [place])


async def test_a_server_that_never_ends_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(pictures, "TOTAL_SECONDS", 0.2)
    gone = asyncio.Event()

    async def stalls(answer: Answer) -> None:
        await answer.head("image/png")
        await answer.write(PNG)
        await gone.wait()

    async with server(stalls) as (place, _):
        with pytest.raises(NoPicture, match="not within"):
            await fetch_picture(f"http://{place}/", [place])
        gone.set()


async def test_a_server_that_is_not_there_is_told_without_its_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(NoPicture) as refused:
            await fetch_picture(f"http://{place}/icon.png?sign=secret", [place])
    assert "secret" not in str(refused.value)


# --- what an upstream says -------------------------------------------------------------------------


def test_a_bot_tells_how_it_wants_to_be_met() -> None:
    found = _bot(
        {
            "bot_id": "7001",
            "icon_url": "https://x.example/icon.png",
            "background_image_info": {
                "web_background_image": {
                    "image_url": "https://x.example/web.png",
                    "theme_color": "#FFFFFF",
                    "canvas_position": {"left": 50},
                },
                "mobile_background_image": {"image_url": "", "theme_color": "red;} body{"},
            },
            "default_user_input_type": "call",
        }
    )
    assert found.icon_url == "https://x.example/icon.png"
    assert found.background == {"web": {"url": "https://x.example/web.png", "theme_color": "#FFFFFF"}}
    assert found.default_input_mode == "call"


def test_a_chatflow_tells_it_in_its_role() -> None:
    role = {
        "avatar": {"image_url": "//x.example/icon.png"},
        "background_image_info": {
            "mobile_background_image": {
                "origin_image_url": "https://x.example/m.png",
                "theme_color": "url(x)",
            }
        },
        "user_input_config": {"default_input_mode": 2},
    }
    found = _whole_flow("7002", {"role": role})
    assert found.icon_url == "https://x.example/icon.png"
    assert found.background == {"mobile": {"url": "https://x.example/m.png", "theme_color": ""}}
    assert found.default_input_mode == "voice"


@pytest.mark.parametrize(
    "value", [None, [], "x", {"web_background_image": None}, {"web_background_image": ["x"]}]
)
def test_a_bot_without_pictures_has_none(value: object) -> None:
    found = _bot({"bot_id": "7001", "icon_url": "javascript:alert(1)", "background_image_info": value})
    assert (found.icon_url, found.background, found.default_input_mode) == ("", {}, "text")
