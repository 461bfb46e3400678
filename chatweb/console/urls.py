"""The operators' pages, below /console/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("chatweb.console.log.urls")),
    path("exports/", include("chatweb.console.exporting.urls")),
    path("", include("chatweb.console.transcript.urls")),
    path("", include("chatweb.console.reviews.urls")),
    path("figures/", include("chatweb.console.figures.urls")),
]
