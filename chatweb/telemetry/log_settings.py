"""Which loggers speak, how loud, and in which format: Django's LOGGING."""

from __future__ import annotations

from typing import Any


def logging_settings(format_: str, level: str) -> dict[str, Any]:
    """`format_`: json | line. Read by the settings, so it imports nothing of Django."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "chatweb.telemetry.logs.JsonLines"},
            "line": {"()": "chatweb.telemetry.logs.PlainLines"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": format_}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # A line for every upstream request would drown what matters.
            "httpx": {"level": "WARNING"},
            "aiohttp": {"level": "WARNING"},
            # Below INFO these quote frames and rows, whatever LOG_LEVEL says.
            "websockets": {"level": "INFO"},
            "django.db.backends": {"level": "INFO"},
            "uvicorn": {"handlers": [], "level": "INFO", "propagate": True},
            "uvicorn.error": {"level": "INFO"},
            "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": True},  # its lines hold paths
            # Django's own handlers say again what ours says, one of them by mail with all a request holds.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "django.request": {"level": "ERROR"},  # what browsers asked wrongly is in our own lines
        },
    }
