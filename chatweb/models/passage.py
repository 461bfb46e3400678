"""What search looks through: every question, answer, card and name, folded, in a row of its own."""

from __future__ import annotations

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .action import Action
from .conversation import Conversation
from .turn import Message, Turn

GRAM = 3  # characters of a word that the index can narrow down by, on both databases


class PassageQuerySet(models.QuerySet["Passage"]):
    def visible_to(self, user: User) -> PassageQuerySet:
        """The user's own, of conversations that are not deleted."""
        return self.within(user, Conversation.objects.visible_to(user))

    def reviewable_by(self, user: User) -> PassageQuerySet:
        """An operator's: everybody's, deleted conversations too; nothing for anybody else."""
        return self if user.is_operator else self.none()

    def within(self, user: User, conversations: models.QuerySet[Conversation]) -> PassageQuerySet:
        """Of some of the user's conversations.

        EXISTS and not IN: from IN, SQLite would begin with all conversations instead of the newest passages.
        """
        return self.filter(Exists(conversations.filter(pk=OuterRef("conversation"))), user=user)

    def holding(self, user: User, words: tuple[str, ...]) -> PassageQuerySet:
        """With every one of some folded words. LIKE decides; where a word is long enough, an index narrows.

        PostgreSQL's trigram index serves LIKE by itself. SQLite's is a table to be asked.
        """
        found = self
        for word in words:
            found = found.filter(folded__contains=word)
        grams = {word[at : at + GRAM] for word in words for at in range(len(word) - GRAM + 1)}
        if grams and connection.vendor == "sqlite":
            match = " AND ".join(quoted_gram(gram) for gram in [owner_of(user.pk), *sorted(grams)])
            narrowed = RawSQL("SELECT rowid FROM chatweb_gram WHERE chatweb_gram MATCH %s", [match])
            found = found.filter(pk__in=narrowed)
        return found


class Passage(models.Model):
    """Written by chatweb/search/index.py when a question is asked or a leg is over, not while text streams.

    On SQLite triggers keep the table `chatweb_gram` in step (migration 0010): a migration that makes this
    table anew must make them anew. The pk orders passages by when they were said.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("name")
        QUESTION = "question", _("question")
        ANSWER = "answer", _("answer")
        ACTION = "action", _("action")

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    owner = models.CharField(max_length=GRAM)  # the user again, as a gram of the index: see owner_of
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="passages")
    turn = models.ForeignKey(Turn, models.CASCADE, null=True, related_name="passages")  # none: its name
    message = models.OneToOneField(Message, models.CASCADE, null=True, related_name="passage")
    action = models.OneToOneField(Action, models.CASCADE, null=True, related_name="passage")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    folded = models.TextField()  # as chatweb/search/fold.py does it
    said_at = models.DateTimeField()

    objects = PassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(kind="name"), name="passage_one_name"
            )
        ]
        # Words too short for the index: the user's own, newest first.
        indexes = [models.Index(fields=["user", "id"], name="passage_of_user")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.conversation_id}"


FIRST_OWNER, OWNERS = 0xF0000, 65_000  # private use: no text has them, and if one has, `user` decides


def owner_of(user_pk: int) -> str:
    """A user as one gram: a search so reads one short list beside those of its words, and of nobody else.

    >>> owner_of(7) != owner_of(8), len(owner_of(7))
    (True, 3)
    """
    digits = (user_pk // OWNERS**2, user_pk // OWNERS % OWNERS, user_pk % OWNERS)
    return "".join(chr(FIRST_OWNER + digit) for digit in digits)


def quoted_gram(gram: str) -> str:
    """As FTS5's query language writes a string."""
    return '"' + gram.replace('"', '""') + '"'
