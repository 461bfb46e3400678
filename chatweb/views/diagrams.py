"""The frame in which diagrams are drawn: an origin of its own that can reach nothing."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

# Mermaid writes styles into its drawings, so it gets a page where that harms nobody. Who opens it alone
# is in the sandbox too.
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "font-src": ["data:"],
    "connect-src": [NONE],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-scripts"],
}


@require_GET
@xframe_options_sameorigin
@csp(POLICY)
def diagram(request: HttpRequest) -> HttpResponse:
    """The same for everybody: what is to be drawn comes by message, from the page around it."""
    return render(request, "chat/diagram.html")
