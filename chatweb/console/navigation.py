"""The sections of the console, in the order people use them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    """`url_name` of its first page; addresses below that page belong to it."""

    url_name: str
    label: str | Promise
    icon: str  # of templates/chat/_icon.html


SECTIONS: tuple[Section, ...] = (
    Section("console_conversations", _("Conversations"), "search"),
    Section("console_reviews", _("Reviews"), "check"),
    Section("console_figures", _("Figures"), "chart"),
    Section("console_exports", _("Exports"), "export"),
)


def sections_for(request: HttpRequest) -> list[dict[str, object]]:
    """For templates/console/base.html: of addresses the path begins with, the longest is where we are."""
    places = {section: reverse(section.url_name) for section in SECTIONS}
    around = [url for url in places.values() if request.path.startswith(url)]
    here = max(around, key=len, default="")
    return [
        {"label": section.label, "url": url, "icon": section.icon, "is_here": url == here}
        for section, url in places.items()
    ]


def page(request: HttpRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    """A page of the console with its sections above it."""
    return render(request, template, {**context, "sections": sections_for(request)}, status=status)
