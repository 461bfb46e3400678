"""Every row Chatweb keeps. Import models from here."""

from .action import Action, Decision
from .annotation import Annotation, Label, Mention, PutLabel
from .attachment import Attachment
from .audit import AuditEntry
from .bots import Bot, BotGrant, Connection, CozeIdentity, StartParameters
from .conversation import Conversation, ReadMark
from .conversation_figures import ConversationFigures, ConversationMark
from .deletion import Deletion, DeletionCall
from .draft import Draft
from .errand import Errand
from .feedback import Feedback, FeedbackReason, GivenReason
from .figures import TurnFigures
from .log_export import LogExport
from .look import Look
from .passage import Passage
from .price import Price
from .process import ServingProcess
from .quota import Quota
from .reconciliation import Reconciliation
from .redaction import RedactionPattern
from .retention import LegalHold, RetentionRule
from .review import ItemState, ReviewItem, ReviewQueue
from .rollup import ChangedHour, HourFigures, UsageFigures
from .saved_view import SavedView
from .tool import Allowance, Tool
from .turn import Copied, Event, Leg, Message, Turn

__all__ = [
    "Action",
    "Allowance",
    "Annotation",
    "Attachment",
    "AuditEntry",
    "Bot",
    "BotGrant",
    "ChangedHour",
    "Connection",
    "Conversation",
    "ConversationFigures",
    "ConversationMark",
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
    "HourFigures",
    "ItemState",
    "Label",
    "Leg",
    "LegalHold",
    "LogExport",
    "Look",
    "Mention",
    "Message",
    "Passage",
    "Price",
    "PutLabel",
    "Quota",
    "ReadMark",
    "Reconciliation",
    "RedactionPattern",
    "RetentionRule",
    "ReviewItem",
    "ReviewQueue",
    "SavedView",
    "ServingProcess",
    "StartParameters",
    "Tool",
    "Turn",
    "TurnFigures",
    "UsageFigures",
]
