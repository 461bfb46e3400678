"""The admins' screens: people, connections, bots, grants, and who is who at Coze."""

from . import bots, connections, conversations, errands, identities, people, site, turns

__all__ = ["bots", "connections", "conversations", "errands", "identities", "people", "site", "turns"]
