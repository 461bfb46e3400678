"""A picture from an address that a bot's maker wrote: fetched without trusting the address or what is there.

The page itself talks to no other host (design, section 8). Whatever a name resolves to, the address that is
really connected to is checked, in the moment of connecting: no second look-up, so nothing to rebind.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from ssl import SSLContext
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from .http import CONNECT_SECONDS, CONNECT_WITH_DNS_SECONDS, FAILURES, is_plain

MOST_BYTES = 10 * 1024 * 1024
TOTAL_SECONDS = 15.0
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
HEAD_BYTES = 4096  # by then it is known whether it is a picture
HEADERS = {
    "User-Agent": "chatweb-pictures",
    "Accept": "image/avif,image/webp,image/png,image/jpeg,image/gif",
    "Accept-Encoding": "identity",
}
GLOBAL_UNICAST = ip_network("2000::/3")
# What some versions of ipaddress take for hosts of the internet: Teredo and its neighbours, 6to4, protocols.
NO_HOSTS = [ip_network(one) for one in ("2001::/23", "2002::/16", "192.88.99.0/24", "192.0.0.0/24")]
HOST_NAME = re.compile(r"[a-z0-9._-]+")  # after IDNA; engines disagree about anything else

SocketFactory = Callable[[tuple[Any, ...]], socket.socket]


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    mime: str  # what the bytes are, whatever the server called them


class NoPicture(Exception):
    """Says why, without the address: its query may be a credential."""


class NotPublic(OSError):
    """The address is one of this network, or nobody's."""


async def fetch_picture(url: str, private_hosts: Collection[str] = ()) -> Picture:
    """Get it, over at most MOST_REDIRECTS redirects. Raises NoPicture.

    `private_hosts`: "host:port" of servers that may have any address and port, in lower case.
    """
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            return await _follow(httpx.URL(url), private_hosts)
    except TimeoutError as error:
        raise NoPicture(f"not within {TOTAL_SECONDS:.0f} s") from error
    except FAILURES as error:
        raise NoPicture(_reason(error)) from error


async def _follow(url: httpx.URL, private_hosts: Collection[str]) -> Picture:
    for _ in range(MOST_REDIRECTS + 1):
        new_socket = socket_to_anywhere if _place(url) in private_hosts else socket_to_the_public
        _check(url, is_private=new_socket is socket_to_anywhere)
        async with _opened(url, new_socket) as response:
            if not response.has_redirect_location:
                return await _read(response)
            url = url.join(response.headers["location"])
    raise NoPicture("too many redirects")


def _place(url: httpx.URL) -> str:
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}:{url.port or PORTS.get(url.scheme, 0)}".lower()


def _check(url: httpx.URL, *, is_private: bool) -> None:
    if url.scheme not in PORTS or not url.host:
        raise NoPicture("neither http nor https")
    if ":" not in url.host and not HOST_NAME.fullmatch(url.raw_host.decode().lower()):
        raise NoPicture("no host's name")
    if url.userinfo:
        raise NoPicture("credentials in its address")
    if not is_private and url.port not in (None, *PORTS.values()):
        raise NoPicture("a port that is not the web's")


def is_public(address: str) -> bool:
    """Whether an IP address is a host's in the internet: not private, loopback, link-local, multicast or
    reserved, and no IPv4 address in disguise (mapped, compatible, NAT64, 6to4, Teredo)."""
    ip = ip_address(address)
    if any(ip in network for network in NO_HOSTS) or ip.is_multicast or ip.is_reserved or not ip.is_global:
        return False
    return not isinstance(ip, IPv6Address) or ip in GLOBAL_UNICAST


def socket_to_the_public(address_info: tuple[Any, ...]) -> socket.socket:
    """For aiohttp's connector, which asks for a socket with the address it is about to connect to."""
    host, port = address_info[4][:2]
    if not is_public(host) or port not in PORTS.values():
        raise NotPublic("not a public address")
    return socket_to_anywhere(address_info)


def socket_to_anywhere(address_info: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol = address_info[:3]
    return socket.socket(family, kind, protocol)


@cache
def _ssl_context() -> SSLContext:
    return httpx.create_ssl_context()


@asynccontextmanager
async def _opened(url: httpx.URL, new_socket: SocketFactory) -> AsyncIterator[httpx.Response]:
    """A client of its own for every request: no connection, cookie or cached name is shared with another."""
    connector = aiohttp.TCPConnector(
        ssl=_ssl_context(),
        socket_factory=new_socket,
        resolver=aiohttp.ThreadedResolver(),
        use_dns_cache=False,
        force_close=True,
    )
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    timeout = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_WITH_DNS_SECONDS)
    async with (
        httpx.AsyncClient(
            transport=AiohttpTransport(verify=_ssl_context(), client=session),
            headers=HEADERS,
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        ) as client,
        client.stream("GET", url) as response,
    ):
        yield response


async def _read(response: httpx.Response) -> Picture:
    if response.status_code != httpx.codes.OK:
        raise NoPicture(f"status {response.status_code}")
    if not is_plain(response):
        raise NoPicture("compressed")  # a few bytes can unfold to any size
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > MOST_BYTES:
            raise NoPicture(f"larger than {MOST_BYTES} bytes")
        if len(content) >= HEAD_BYTES and not type_of_picture(content):
            break
    mime = type_of_picture(content)
    if not mime:
        raise NoPicture("of no known type")
    return Picture(bytes(content), mime)


def type_of_picture(content: bytes | bytearray) -> str:
    """The MIME type by the first bytes; "" for anything but PNG, JPEG, GIF, WebP, AVIF. An SVG is a page."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        box = content[8 : min(int.from_bytes(content[:4]), HEAD_BYTES)]
        brands = {bytes(box[at : at + 4]) for at in range(0, len(box), 4)}
        return "image/avif" if brands & {b"avif", b"avis"} else ""
    return ""


def _reason(error: Exception) -> str:
    """Engines put whole addresses into their messages: only our own words are told."""
    cause = error.__cause__ or error
    under = getattr(cause, "os_error", cause)
    return str(under) if isinstance(under, NotPublic) else type(cause).__name__
