"""Where a request comes from: this computer itself or anywhere else, and its address."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

# Whatever a proxy leaves on a request it passes on. One of them is enough: behind a proxy on the same
# machine every stranger has a loopback address.
PROXY_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_CLIENT_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CF_CONNECTING_IP",
    "HTTP_VIA",
)


def is_from_this_computer(meta: Mapping[str, Any]) -> bool:
    """Whether a request's META names a loopback peer and no proxy. A Unix socket has no peer: False."""
    if any(header in meta for header in PROXY_HEADERS):
        return False
    try:
        address = ip_address(meta.get("REMOTE_ADDR") or "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def address_of(request: HttpRequest) -> str | None:
    """As the sign-in limits count it: behind `TRUSTED_PROXIES` proxies the address those name."""
    try:
        return get_adapter(request).get_client_ip(request) or None
    except PermissionDenied:
        return None
