"""Ids like Coze's: 19 digits, growing, derived from the clock so that a restart never repeats one."""

from __future__ import annotations

import base64
import secrets
import time
from itertools import count

_SECOND = 1 << 32  # ids of the cloud hold the seconds in their upper half
_last = 0
_log_counter = count()


def new_id() -> str:
    """19 digits, larger than every id given before, also by an earlier process on this clock."""
    global _last
    _last = max(_last + 1, time.time_ns() * _SECOND // 1_000_000_000)
    return str(_last)


def new_log_id() -> str:
    """Shaped like the cloud's: time, then hexadecimal digits."""
    stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime())
    return f"{stamp}{next(_log_counter) & 0xFFFF:04X}{secrets.token_hex(8).upper()}"


def new_call_id() -> str:
    """An opaque base64 id of a tool call: case matters, another at each asking (wire-chat 4)."""
    return base64.b64encode(b"\x05" + secrets.token_bytes(40)).decode("ascii")


def now() -> int:
    """Unix seconds, as all times of the wire."""
    return int(time.time())
