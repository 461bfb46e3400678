"""The log that is exported."""

from tests.console.log.conftest import log

__all__ = ["log"]
