"""Every row Chatweb keeps. Import models from here."""

from .action import Action
from .bots import Bot, BotGrant, Connection, CozeIdentity
from .conversation import Conversation, ReadMark
from .errand import Errand
from .turn import Event, Leg, Message, Turn

__all__ = [
    "Action",
    "Bot",
    "BotGrant",
    "Connection",
    "Conversation",
    "CozeIdentity",
    "Errand",
    "Event",
    "Leg",
    "Message",
    "ReadMark",
    "Turn",
]
