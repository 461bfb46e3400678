"""Pictures of bots: icons and backgrounds, painted here and served to anybody who has the address."""

from __future__ import annotations

import asyncio
import math
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from simulator.envelope import ApiError
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

routes = Routes(needs_token=False)
Color = tuple[int, int, int]
Painter = Callable[[float, float], Color]  # x and y from 0 to 1, y downwards

NIGHT, DAY, SUN, SEA, SAND = (22, 60, 102), (244, 190, 140), (255, 236, 170), (28, 98, 120), (222, 178, 130)
GREY, MIST, RAIN = (70, 92, 118), (176, 196, 214), (216, 230, 242)


def mixed(one: Color, other: Color, share: float) -> Color:
    """`share` from 0, all `one`, to 1, all `other`."""
    share = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def sunset(x: float, y: float) -> Color:
    """A sun over the sea, and hills before it."""
    hill = 0.78 + 0.06 * math.sin(x * 7) + 0.03 * math.sin(x * 17 + 1)
    if y > hill:
        return mixed((60, 84, 74), (24, 40, 44), (y - hill) * 5)
    if y > 0.62:
        return mixed(SEA, SAND, max(0.0, 0.5 - abs(x - 0.68) * 2.5))
    glow = math.hypot((x - 0.68) * 1.6, y - 0.5)
    return SUN if glow < 0.09 else mixed(SUN, mixed(NIGHT, DAY, y * 1.7), glow * 2.2)


def shower(x: float, y: float) -> Color:
    """Clouds, and rain that falls aslant."""
    cloud = 0.3 + 0.05 * math.sin(x * 9) + 0.03 * math.sin(x * 23 + 2)
    if y < cloud:
        return mixed((44, 58, 80), MIST, y / cloud * 0.6)
    sky = mixed(MIST, GREY, (y - cloud) * 1.3)
    is_drop = (x * 26 + y * 7) % 1 < 0.09 and (x * 9.1 + y * 13) % 1 < 0.55
    return mixed(sky, RAIN, 0.5) if is_drop else sky


# Name -> who paints it, width, height.
PICTURES: dict[str, tuple[Painter, int, int]] = {
    "sunset-icon": (sunset, 72, 72),
    "sunset-web": (sunset, 400, 250),
    "sunset-mobile": (sunset, 210, 350),
    "shower-icon": (shower, 72, 72),
    "shower-web": (shower, 400, 250),
    "shower-mobile": (shower, 210, 350),
}


@cache
def painted(name: str) -> bytes:
    paint, width, height = PICTURES[name]
    rows, above = bytearray(), bytes(3 * width)
    for y in range(height):
        row = bytes(part for x in range(width) for part in paint(x / width, y / height))
        rows.append(2)  # kept as the difference to the row above, which packs well
        rows += bytes((one - other) & 255 for one, other in zip(row, above, strict=True))
        above = row
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunks(width, height, bytes(rows)))


def _chunks(width: int, height: int, rows: bytes) -> Iterator[bytes]:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, red green blue
    for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
        check = zlib.crc32(kind + content)
        yield struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def address_of(request: Request, name: str) -> str:
    return f"http://{request.headers['host']}/pictures/{name}.png"


def icon_of(request: Request, scene: str) -> str:
    return address_of(request, f"{scene}-icon") if scene else ""


def background_of(request: Request, scene: str) -> dict[str, object]:
    """`background_image_info` as bots and chatflows have it (seed 002); {} without a scene."""
    if not scene:
        return {}
    return {
        f"{screen}_background_image": {
            "image_url": address_of(request, f"{scene}-{screen}"),
            "theme_color": "#1c6278" if scene == "sunset" else "#465c76",
            "canvas_position": {"left": 0, "top": 0, "width": width, "height": height},
            "gradient_position": {"left": 0, "right": width},
        }
        for screen, width, height in (("web", 400, 250), ("mobile", 210, 350))
    }


@routes.get("/pictures/{name}.png")
async def show(simulator: Simulator, request: Request) -> Answer:
    name = request.path_values["name"]
    if name not in PICTURES:
        raise ApiError(4200, f"Requested resource {request.path} does not exist", 404)
    content = await asyncio.to_thread(painted, name)  # nobody who streams should wait for it
    return Reply(content, content_type="image/png")
