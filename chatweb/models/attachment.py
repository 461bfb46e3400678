"""Files people give to bots: uploaded to the upstream for a while, and kept here (K6, K16)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .bots import Connection
from .conversation import Conversation


def private_files() -> FileSystemStorage:
    """Outside the web root, readable by the site's own account only."""
    return FileSystemStorage(
        location=settings.FILES_FOLDER,
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


def path_of(attachment: Attachment, name: str) -> str:
    """Nothing of the name: that is somebody else's text."""
    return f"{attachment.uuid.hex[:2]}/{attachment.uuid.hex}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> AttachmentQuerySet:
        """The only way a view finds a file: the user's own, not of a conversation that was deleted."""
        return self.filter(Q(conversation=None) | Q(conversation__deleted_at=None), user=user)

    def usable_in(self, user: User, connection: Connection, conversation: Conversation | None) -> Any:
        """What a question there may take along: an upload of nowhere yet, or of this conversation."""
        return self.filter(
            Q(conversation=None) | Q(conversation=conversation), user=user, connection=connection
        )


class Attachment(models.Model):
    """A browser only ever learns `uuid`; `upstream_id` works for the connection's account alone.

    Without a conversation it was uploaded for a question that is not asked yet.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="attachments", verbose_name=_("user"))
    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="attachments", verbose_name=_("connection")
    )
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="attachments", null=True, blank=True
    )
    upstream_id = models.CharField(_("id upstream"), max_length=64)
    name = models.CharField(_("name"), max_length=255)
    mime = models.CharField(_("type"), max_length=100)
    size_bytes = models.PositiveBigIntegerField(_("size (bytes)"))
    copy = models.FileField(_("our copy"), storage=private_files, upload_to=path_of, blank=True, default="")
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    # Its life at the upstream begins anew when our copy is uploaded again (K16).
    uploaded_at = models.DateTimeField(_("uploaded last"), default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def expires_at(self) -> datetime:
        return self.uploaded_at + timedelta(days=settings.UPSTREAM_FILE_DAYS)

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()


@receiver(post_delete, sender=Attachment)
def forget_copy(instance: Attachment, **_signal: Any) -> None:
    """The copy goes with the last of its rows, once that is sure: a branch shares those of its original."""
    if instance.copy:
        storage, name = instance.copy.storage, str(instance.copy.name)

        def forget() -> None:
            if not Attachment.objects.filter(copy=name).exists():
                storage.delete(name)

        transaction.on_commit(forget)
