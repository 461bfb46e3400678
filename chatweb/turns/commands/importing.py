"""Bring what an upstream publishes into the table of bots."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chatweb.lists import listed
from chatweb.models import Bot, Connection
from chatweb.upstreams.client import BotInfo, FlowInfo

from .catalogue import Catalogue, read_bot, read_catalogue
from .connections import call

IMPORT_SECONDS = 120.0  # a call for each bot and workflow
NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`is_whole`: false when something the upstream has could not be read. `sentence` is translated."""

    added: int
    updated: int
    missing: int
    sentence: str
    is_whole: bool = True


def import_bots(connection: Connection, only_id: str = "") -> ImportReport:
    """Bots, workflows and chatflows, or the one bot `only_id`. Nothing is deleted; raises UpstreamError."""
    if only_id:
        found = call(connection, lambda upstream: read_bot(upstream, only_id), IMPORT_SECONDS)
    else:
        found = call(connection, read_catalogue, IMPORT_SECONDS)
    added = updated = 0
    with transaction.atomic():
        for is_new in [
            *(_keep_bot(connection, info) for info in found.bots or []),
            *(_keep_flow(connection, info) for info in found.flows or []),
        ]:
            added += is_new
            updated += not is_new
    missing = 0 if only_id else _missing(connection, found)
    sentences = [
        _("%(added)d added, %(updated)d updated, %(missing)d no longer published.")
        % {"added": added, "updated": updated, "missing": missing},
        *_warnings(connection, found),
    ]
    is_whole = not (found.refusal or found.unread)
    return ImportReport(added, updated, missing, " ".join(sentences), is_whole)


def _keep_bot(connection: Connection, info: BotInfo) -> bool:
    """Write down what is said of a bot; True if it is new."""
    said = {
        "name": info.name[:NAME_LENGTH] or info.id,
        "description": info.description,
        "prologue": info.prologue,
        "suggested_questions": list(info.suggested_questions),
        "shortcut_commands": list(info.shortcut_commands),
        **_looks(info),
        "synced_at": timezone.now(),
    }
    return Bot.objects.update_or_create(
        connection=connection, kind=Bot.Kind.BOT, upstream_id=info.id, defaults=said
    )[1]


def _keep_flow(connection: Connection, info: FlowInfo) -> bool:
    """Write down what is said of a workflow or chatflow; True if it is new.

    Parameters and place are set only while they are empty: an admin's word counts more. A new chatflow that
    nobody gave a place is switched off, since it cannot be asked.
    """
    kind = Bot.Kind.CHATFLOW if info.mode == "chatflow" else Bot.Kind.WORKFLOW
    said = {
        "name": info.name[:NAME_LENGTH] or info.id,
        "description": info.description,
        "prologue": info.prologue,
        "suggested_questions": list(info.suggested_questions),
        **_looks(info),
        "synced_at": timezone.now(),
    }
    first = {
        "parameters": info.parameters,
        "app_id": info.app_id,
        "is_enabled": kind == Bot.Kind.WORKFLOW or bool(info.app_id),
    }
    bot, is_new = Bot.objects.update_or_create(
        connection=connection,
        kind=kind,
        upstream_id=info.id,
        defaults=said,
        create_defaults={**said, **first},
    )
    if not is_new:
        _fill_gaps(bot, info)
    return is_new


def _looks(info: BotInfo | FlowInfo) -> dict[str, object]:
    return {
        "icon_url": info.icon_url,
        "background": info.background,
        "default_input_mode": info.default_input_mode,
    }


def _fill_gaps(bot: Bot, info: FlowInfo) -> None:
    gaps: dict[str, object] = {}
    if not bot.parameters and info.parameters:
        gaps["parameters"] = info.parameters
    if not (bot.app_id or bot.host_bot_id) and info.app_id:
        gaps["app_id"] = info.app_id
    if gaps:
        Bot.objects.filter(pk=bot.pk).update(**gaps)


def _missing(connection: Connection, found: Catalogue) -> int:
    """How many known ones the upstream no longer lists; what it does not list at all cannot be missing."""
    known = connection.bots.all()
    missing = 0
    if found.bots is not None:
        ids = [info.id for info in found.bots]
        missing += known.filter(kind=Bot.Kind.BOT).exclude(upstream_id__in=ids).count()
    if found.flows is not None:
        ids = [info.id for info in found.flows]
        flows = known.filter(kind__in=[Bot.Kind.CHATFLOW, Bot.Kind.WORKFLOW])
        missing += flows.exclude(upstream_id__in=ids).count()
    return missing


def _warnings(connection: Connection, found: Catalogue) -> list[str]:
    sentences = []
    placeless = connection.bots.filter(
        kind=Bot.Kind.CHATFLOW,
        app_id="",
        host_bot_id="",
        upstream_id__in=[info.id for info in found.flows or []],
    )
    if names := list(placeless.values_list("name", flat=True)):
        sentences.append(
            _("These chatflows need the id of a bot or an app to run in, then switch them on: %(names)s.")
            % {"names": listed(names)}
        )
    if found.unread:
        sentences.append(
            _("Start parameters could not be read of: %(names)s.") % {"names": listed(found.unread)}
        )
    if found.refusal:
        sentences.append(_("Workflows could not be listed: %(error)s.") % {"error": found.refusal})
    return sentences
