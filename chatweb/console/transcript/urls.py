"""Addresses below /console/ of conversations as operators read them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from . import pages, reasons

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "conversations/<uuid:conversation_id>/",
        include(
            [
                path("", pages.conversation, name="console_conversation"),
                path("look/", reasons.look, name="console_look"),
                path("original/", reasons.original, name="console_original"),
                path("redact/", reasons.redact, name="console_redact"),
                path("pictures/", pages.pictures, name="console_pictures"),
                path("turns/<uuid:turn_id>/events/<int:number>/", pages.event, name="console_event"),
                path("turns/<uuid:turn_id>/steps/", pages.steps, name="console_steps"),
            ]
        ),
    ),
    path("people/<uuid:person_id>/reveal/", reasons.reveal, name="console_reveal_name"),
    path("people/<uuid:person_id>/mask/", reasons.mask, name="console_mask_name"),
]
