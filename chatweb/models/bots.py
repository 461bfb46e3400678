"""Connections, bots, who may use them, and who people are at Coze."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .encrypted import EncryptedTextField

is_base_url = RegexValidator(
    r"^https?://[^\s/?#]+(/[^\s?#]*)?$", _("Enter the address of an API, without a query.")
)


class Connection(models.Model):
    """One upstream: where it is, what it speaks, and the credentials for it."""

    class Dialect(models.TextChoices):
        COZE = "coze", _("Coze cloud")
        STUDIO = "studio", _("Coze Studio")
        ASSISTANTS = "assistants", _("Assistants-style service")

    class Beta(models.TextChoices):
        """Values of the `OpenAI-Beta` header (wire-workflows 5.1)."""

        NONE = "", _("no header")
        V1 = "assistants=v1", "assistants=v1"
        V2 = "assistants=v2", "assistants=v2"

    class Auth(models.TextChoices):
        TOKEN = "token", _("Access token")
        OAUTH_JWT = "oauth_jwt", _("OAuth app (JWT)")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100, unique=True)
    dialect = models.CharField(_("dialect"), max_length=20, choices=Dialect.choices, default=Dialect.COZE)
    # No URLField: that refuses host names without a dot, which a Studio in the same network has.
    base_url = models.CharField(
        _("base URL"), max_length=200, default="https://api.coze.cn", validators=[is_base_url]
    )
    # Of Assistants-style services alone.
    beta = models.CharField(
        _("OpenAI-Beta header"),
        max_length=20,
        choices=Beta.choices,
        default=Beta.V2,
        db_default=Beta.V2,
        blank=True,
    )
    auth = models.CharField(_("authentication"), max_length=20, choices=Auth.choices, default=Auth.TOKEN)
    token = EncryptedTextField(_("access token"), blank=True, default="")
    # No upstream tells when a token ends: its admin copies the date from where it was made.
    token_expires_at = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("As Coze showed it when the token was made.")
    )
    # In overlap with the first, which it replaces when that one expires, or when an admin says so.
    next_token = EncryptedTextField(_("next access token"), blank=True, default="")
    next_token_expires_at = models.DateTimeField(_("next one expires"), null=True, blank=True)
    expiry_told_days = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # the last reminder: 14, 3 or 1
    oauth_app_id = models.CharField(_("OAuth app id"), max_length=100, blank=True, default="")
    oauth_key_id = models.CharField(_("public key fingerprint"), max_length=200, blank=True, default="")
    oauth_private_key = EncryptedTextField(_("private key"), blank=True, default="")
    is_enabled = models.BooleanField(_("enabled"), default=True)
    pushes_names = models.BooleanField(
        _("push names"),
        default=True,
        help_text=_("Send the names people give conversations to the upstream."),
    )
    keeps_files = models.BooleanField(
        _("keep copies of files"),
        default=True,
        help_text=_("What people attach is kept here too, so that it can be opened and uploaded again."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BotQuerySet(models.QuerySet["Bot"]):
    def usable_by(self, user: User) -> BotQuerySet:
        """Bots the user may ask right now: enabled, connected, and granted to them or a group of theirs.

        Those one talks to come first, then those that are started.
        """
        granted = BotGrant.objects.filter(Q(user=user) | Q(group__in=user.groups.all()))
        return (
            self.filter(is_enabled=True, connection__is_enabled=True, pk__in=granted.values("bot"))
            .select_related("connection")
            .order_by(
                Case(When(kind=Bot.Kind.CHATFLOW, then=1), When(kind=Bot.Kind.WORKFLOW, then=2), default=0),
                "name",
            )
        )


def all_file_kinds() -> list[str]:
    return [kind.value for kind in Bot.FileKind]


class Bot(models.Model):
    """What a user talks to, with what the upstream says of it: the start page needs no call."""

    class Kind(models.TextChoices):
        BOT = "bot", _("bot")
        CHATFLOW = "chatflow", _("chatflow")
        WORKFLOW = "workflow", _("workflow")
        ASSISTANT = "assistant", _("assistant")

    class InputMode(models.TextChoices):
        TEXT = "text", _("text")
        VOICE = "voice", _("voice")
        CALL = "call", _("call")

    class FileKind(models.TextChoices):
        IMAGE = "image", _("pictures")
        DOCUMENT = "document", _("documents")
        AUDIO = "audio", _("sound")
        VIDEO = "video", _("videos")
        OTHER = "other", _("anything else")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="bots", verbose_name=_("connection")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.BOT)
    upstream_id = models.CharField(_("id upstream"), max_length=64)
    # A chatflow runs in an app or in a bot of the upstream, never in both (wire-workflows 2.1).
    app_id = models.CharField(_("app id"), max_length=64, blank=True, default="")
    host_bot_id = models.CharField(_("id of the bot it runs in"), max_length=64, blank=True, default="")
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True, default="")
    prologue = models.TextField(_("prologue"), blank=True, default="")
    suggested_questions = models.JSONField(_("suggested questions"), blank=True, default=list)
    shortcut_commands = models.JSONField(_("shortcut commands"), blank=True, default=list)
    # Remote addresses: browsers get them as signed links of this site (picture_links.py).
    icon_url = models.TextField(_("address of the icon"), blank=True, default="")
    # Behind the start screen: {"web": {"url", "theme_color"}, "mobile": the same}; both may be missing.
    background = models.JSONField(_("background pictures"), blank=True, default=dict)
    default_input_mode = models.CharField(
        _("default input"), max_length=10, choices=InputMode.choices, default=InputMode.TEXT
    )
    # JSON Schema of what a workflow is started with; null: it is started with nothing.
    parameters = models.JSONField(_("start parameters"), null=True, blank=True)
    # What people are asked before a conversation begins, as JSON Schema of an object; null: nothing.
    asked_parameters = models.JSONField(_("parameters asked of the user"), null=True, blank=True)
    asked_variables = models.JSONField(_("variables asked of the user"), null=True, blank=True)
    runs_in_background = models.BooleanField(
        _("runs in the background"),
        default=False,
        help_text=_("For workflows that run long or cannot stream: started, then asked for their outcome."),
    )
    # No upstream says which files its bots can read: an admin does.
    file_kinds = models.JSONField(_("files it takes"), blank=True, default=all_file_kinds)
    most_files = models.PositiveSmallIntegerField(
        _("files with one question"), default=10, validators=[MaxValueValidator(50)]
    )
    pushes_feedback = models.BooleanField(
        _("push feedback"),
        default=True,
        help_text=_("Send what people say of its answers to the upstream, where it takes that."),
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    synced_at = models.DateTimeField(_("last read from the upstream"), null=True, blank=True)
    # Missing from the last list. Grey for admins and no more: a list may be wrong, an answer says so itself.
    unpublished_at = models.DateTimeField(_("no longer published since"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = BotQuerySet.as_manager()

    class Meta:
        verbose_name = _("bot")
        verbose_name_plural = _("bots")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "upstream_id"], name="bot_once_a_connection"
            )
        ]

    def __str__(self) -> str:
        return self.name


class BotGrant(models.Model):
    """A user or a group may use a bot. Exactly one of the two is set."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="grants", verbose_name=_("bot"))
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="bot_grants", verbose_name=_("user")
    )
    group = models.ForeignKey(
        Group, models.CASCADE, null=True, blank=True, related_name="bot_grants", verbose_name=_("group")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, group__isnull=True)
                | Q(user__isnull=True, group__isnull=False),
                name="grant_to_a_user_or_a_group",
                violation_error_message=_("Choose a user or a group, not both."),
            ),
            models.UniqueConstraint(fields=["bot", "user"], name="grant_once_a_user"),
            models.UniqueConstraint(fields=["bot", "group"], name="grant_once_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.bot} → {self.user or self.group}"


class StartParameters(models.Model):
    """What a user started a workflow with last, or was asked by a bot ({"parameters", "variables"}): the form
    begins with it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="start_parameters")
    bot = models.ForeignKey(Bot, models.CASCADE, related_name="kept_parameters")
    values = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("start parameters")
        verbose_name_plural = _("start parameters")
        constraints = [models.UniqueConstraint(fields=["user", "bot"], name="parameters_once_a_bot")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.bot_id}"


class CozeIdentityManager(models.Manager["CozeIdentity"]):
    def current(self, user: User, connection: Connection) -> CozeIdentity:
        """The user's identity at a connection, made on first use. Safe when two requests race."""
        found = self.filter(user=user, connection=connection, is_current=True).first()
        if found:
            return found
        try:
            with transaction.atomic():
                return self.create(user=user, connection=connection)
        except IntegrityError:
            return self.get(user=user, connection=connection, is_current=True)

    def held(self, user: User, connection: Connection) -> CozeIdentity:
        """`current`, and it stays the user's and current until the transaction is over: a conversation that
        begins under it cannot fall between two owners while an admin moves or rotates it."""
        while True:
            known = self.current(user, connection)
            mine = self.filter(pk=known.pk, user=user, is_current=True)
            if found := mine.select_for_update(no_key=True).first():
                return found


# What every upstream takes as a user id and a session name, and no spreadsheet for a formula.
is_identity_key = RegexValidator(
    r"^[A-Za-z0-9_][A-Za-z0-9_.:-]{2,63}\Z",
    _(
        "A key has 3 to 64 characters: letters, digits, dots, colons, hyphens and underscores. "
        "The first is a letter, a digit or an underscore."
    ),
)


def new_identity_key() -> str:
    """Random, so that it can be derived from nothing the site knows (design, section 2)."""
    return "u_" + secrets.token_urlsafe(18)


class CozeIdentity(models.Model):
    """A site user's opaque key at a connection: `user_id` of every call, `session_name` of a JWT token.

    A key is never changed: another one is another row, which becomes the current one. The old row keeps its
    conversations, which upstream belong to its key (turns/commands/identities.py).
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="coze_identities", verbose_name=_("user"))
    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="identities", verbose_name=_("connection")
    )
    key = models.CharField(
        _("Coze user_id"),
        max_length=64,
        default=new_identity_key,
        unique=True,
        validators=[is_identity_key],
    )
    is_current = models.BooleanField(_("current"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: Any = CozeIdentityManager()

    class Meta:
        verbose_name = _("Coze identity")
        verbose_name_plural = _("Coze identities")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "connection"], condition=Q(is_current=True), name="one_current_identity"
            )
        ]

    def __str__(self) -> str:
        return self.key
