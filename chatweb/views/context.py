"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest

from chatweb.views.catalogue import address_query


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "site_name": settings.SITE_NAME,
        "brand": settings.BRAND,
        "catalogue": address_query,
        "looks_shown": settings.LOOKS_SHOWN_TO_USERS,
        "viewing": getattr(request, "viewing", None),  # chatweb/viewing.py
    }
