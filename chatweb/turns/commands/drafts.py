"""Drafts of questions: kept, shown in the person's other tabs, over when they are sent (M-024)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from chatweb import frames
from chatweb.file_frames import unsent_object
from chatweb.models import Attachment, Conversation, Draft
from chatweb.turns.crossing import tell_user


def keep_question_draft(
    user: User, conversation: Conversation | None, text: str, file_ids: Collection[UUID], tab: str
) -> int:
    """Its new version. Files that are not there, or not the user's, are left out: a draft is no promise."""
    files = Attachment.objects.visible_to(user).filter(uuid__in=file_ids)
    with transaction.atomic():
        draft = _of(user, conversation)
        Draft.objects.filter(pk=draft.pk).update(text=text, version=F("version") + 1)
        draft.files.set(files)
        _tell(draft, tab)
    draft.refresh_from_db()
    return draft.version


def forget_draft(
    user: User, conversation: Conversation | None, text: str, file_ids: Collection[UUID]
) -> None:
    """The question was sent. A draft that says something else was begun meanwhile, and stays."""
    draft = Draft.objects.filter(user=user, conversation=conversation).first()
    if draft is None or not text.startswith(draft.text):
        return
    if not {file.uuid for file in draft.files.all()} <= set(file_ids):
        return
    with transaction.atomic():
        mine = Draft.objects.filter(pk=draft.pk, version=draft.version)
        if mine.update(text="", version=F("version") + 1):
            draft.files.clear()
            _tell(draft, "")


def _of(user: User, conversation: Conversation | None) -> Draft:
    try:
        with transaction.atomic():
            return Draft.objects.get_or_create(user=user, conversation=conversation)[0]
    except IntegrityError:  # another tab began it
        return Draft.objects.get(user=user, conversation=conversation)


def _tell(draft: Draft, tab: str) -> None:
    """After the commit, every tab of the person, the one that said `tab` included."""

    def tell() -> None:
        draft.refresh_from_db()
        where = str(draft.conversation.uuid) if draft.conversation else None
        frame = frames.question_draft(where, unsent_object(draft), tab)
        tell_user(draft.user_id, frame)

    transaction.on_commit(tell)
