"""What browsers are told of every page beside the Content-Security-Policy and what Django says itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# No page uses any of these, so no script that ever slipped in may ask for one.
UNUSED = (
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer",
    "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
# A tool call that asks where somebody is has a button of our own pages for it.
PERMISSIONS_POLICY = ", ".join([*(f"{feature}=()" for feature in UNUSED), "geolocation=(self)"])


class BrowserPolicyMiddleware:
    """Behind WhiteNoise: diagrams' frames have an opaque origin, and scripts must be theirs to load."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if "Cookie" in response.get("Vary", ""):
            # It depends on who asks, so no shared cache keeps it.
            response.headers.setdefault("Cache-Control", "private")
        return response
