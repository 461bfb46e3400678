"""Which addresses of a network are connected to, whoever named them, and how much of an answer is taken.

An administrator may well name a server of the own network as a connection or as a tool's service, but none
that hands out the machine's own credentials. What a bot's maker names must be in the internet (pictures.py).
The address is checked in the moment of connecting: no second look-up, so nothing to rebind.
"""

from __future__ import annotations

import errno
import socket
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import httpx

# Link-local ones, where AWS, Azure, Google, DigitalOcean and Tencent answer; AWS by IPv6; Alibaba; Oracle.
CREDENTIALS = [
    ip_network(one)
    for one in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32", "192.0.0.192/32")
]
IN_DISGUISE = ip_network("64:ff9b::/96")
MOST_BYTES = 64 * 1024 * 1024  # of an answer that comes whole


class Refused(OSError):
    """Nothing is connected to there."""


class TooLong(httpx.HTTPError):
    """The answer does not end within MOST_BYTES."""


def hands_out_credentials(address: str) -> bool:
    """Whether a cloud's metadata service may be there, also as an IPv4 address inside an IPv6 one."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = (
            ip.ipv4_mapped
            or ip.sixtofour
            or (ip_address(int(ip) & 0xFFFFFFFF) if ip in IN_DISGUISE else None)
        )
        ip = inner or ip
    return any(ip in network for network in CREDENTIALS)


def socket_to_services(address_info: tuple[Any, ...]) -> socket.socket:
    """For aiohttp's connector, which asks for a socket with the address it is about to connect to."""
    family, kind, protocol, _, place = address_info
    if hands_out_credentials(place[0]):
        raise Refused(errno.EACCES, "an address of this machine's cloud")
    return socket.socket(family, kind, protocol)


async def whole(response: httpx.Response, most: int = MOST_BYTES) -> bytes:
    """The body of an answer that is no stream. Raises TooLong, and what httpx raises."""
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > most:
            raise TooLong(f"longer than {most} bytes")
    return bytes(content)
