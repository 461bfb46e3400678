"""Every row Chatweb keeps. Import models from here."""

from .action import Action, Decision
from .attachment import Attachment
from .bots import Bot, BotGrant, Connection, CozeIdentity, StartParameters
from .conversation import Conversation, ReadMark
from .deletion import Deletion, DeletionCall
from .draft import Draft
from .errand import Errand
from .feedback import Feedback, FeedbackReason, GivenReason
from .passage import Passage
from .tool import Allowance, Tool
from .turn import Copied, Event, Leg, Message, Turn

__all__ = [
    "Action",
    "Allowance",
    "Attachment",
    "Bot",
    "BotGrant",
    "Connection",
    "Conversation",
    "Copied",
    "CozeIdentity",
    "Decision",
    "Deletion",
    "DeletionCall",
    "Draft",
    "Errand",
    "Event",
    "Feedback",
    "FeedbackReason",
    "GivenReason",
    "Leg",
    "Message",
    "Passage",
    "ReadMark",
    "StartParameters",
    "Tool",
    "Turn",
]
