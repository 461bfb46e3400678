"""The admins' screens: people, connections, bots, grants, tools, and who is who at Coze."""

from . import (
    bots,
    connections,
    conversations,
    decisions,
    errands,
    feedback,
    identities,
    people,
    site,
    tools,
    turns,
)

__all__ = [
    "bots",
    "connections",
    "conversations",
    "decisions",
    "errands",
    "feedback",
    "identities",
    "people",
    "site",
    "tools",
    "turns",
]
