"""Bring what an upstream publishes into the table of bots."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatweb.lists import listed
from chatweb.models import Bot, Connection
from chatweb.turns.connections import can_of
from chatweb.upstreams.client import BotInfo, FlowInfo

from .catalogue import Catalogue, read_catalogue, read_known, read_one
from .comparing import FLOWS, Found, compare, digest_of, gone, infos_of, kind_of, said_of
from .connections import call

IMPORT_SECONDS = 120.0  # a call for each bot and workflow
NO_LIST = gettext_lazy("This service does not list its bots: add them by their ids.")


class Changed(Exception):
    """The upstream says something else by now than what an admin was shown."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`is_whole`: false when something the upstream has could not be read. `sentence` is translated."""

    added: int
    updated: int
    missing: int
    sentence: str
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would do. `digest` tells it from another one; `warnings` are translated.

    `is_list`: the upstream says what it has; else these are the known ones, asked for by their ids.
    """

    found: list[Found]
    digest: str
    warnings: list[str]
    is_list: bool = True


def propose_import(connection: Connection) -> Proposal:
    """Everything the upstream publishes beside what is known of it. Raises UpstreamError."""
    catalogue = _read(connection)
    found = compare(connection, catalogue)
    return Proposal(found, digest_of(found), _unread(catalogue), lists(connection))


def lists(connection: Connection) -> bool:
    """Whether the upstream says what bots or flows it has."""
    can = can_of(connection)
    return can.lists_bots or can.lists_workflows


def _read(connection: Connection) -> Catalogue:
    if lists(connection):
        return call(connection, read_catalogue, IMPORT_SECONDS)
    known = [_wanted(bot.kind, bot.upstream_id, bot.name, bot.description) for bot in connection.bots.all()]
    return call(connection, lambda upstream: read_known(upstream, known), IMPORT_SECONDS)


def _wanted(kind: str, upstream_id: str, name: str = "", description: str = "") -> BotInfo | FlowInfo:
    if kind in FLOWS:
        return FlowInfo(upstream_id, name, description, mode=kind)
    return BotInfo(upstream_id, name, description)


def add_by_id(connection: Connection, kind: str, upstream_id: str, name: str = "") -> Bot:
    """A bot or flow that the upstream need not list, with what it says of it. Raises UpstreamError.

    `name` stands where the upstream has none. One that is here already is read again.
    """
    wanted = _wanted(kind, upstream_id, name)
    catalogue = call(connection, lambda upstream: read_one(upstream, wanted), IMPORT_SECONDS)
    (info,) = infos_of(catalogue)
    _keep(connection, info)
    return Bot.objects.get(connection=connection, kind=kind_of(info), upstream_id=info.id)


def import_bots(
    connection: Connection, only_id: str = "", chosen: Collection[str] | None = None, digest: str = ""
) -> ImportReport:
    """Bots, workflows and chatflows, or the one bot `only_id`, or those whose keys are `chosen`.

    Nothing is deleted: what is no longer listed is marked. Raises UpstreamError, and Changed if the upstream
    no longer says what `digest` was made of.
    """
    if only_id:
        wanted = BotInfo(only_id, "")
        catalogue = call(connection, lambda upstream: read_one(upstream, wanted), IMPORT_SECONDS)
    else:
        catalogue = _read(connection)
    found = compare(connection, catalogue)
    if digest and digest_of(found) != digest:
        raise Changed
    infos = infos_of(catalogue)
    if chosen is not None:
        infos = [info for info in infos if f"{kind_of(info)}:{info.id}" in chosen]
    with transaction.atomic():
        news = [_keep(connection, info) for info in infos]
        missing = 0 if only_id else _mark_gone(connection, catalogue)
    added = sum(news)
    sentences = [
        _("%(added)d added, %(updated)d updated, %(missing)d no longer published.")
        % {"added": added, "updated": len(news) - added, "missing": missing},
        *_placeless(connection, infos),
        *_unread(catalogue),
        *([] if lists(connection) else [NO_LIST]),
    ]
    is_whole = not (catalogue.refusal or catalogue.unread)
    return ImportReport(added, len(news) - added, missing, " ".join(map(str, sentences)), is_whole)


def _keep(connection: Connection, info: BotInfo | FlowInfo) -> bool:
    """Write down what is said of it; True if it is new.

    Parameters and place of a flow are set only while they are empty: an admin's word counts more. A new
    chatflow that nobody gave a place is switched off, since it cannot be asked.
    """
    kind = kind_of(info)
    said = {**said_of(info), "synced_at": timezone.now(), "unpublished_at": None}
    first = {}
    if isinstance(info, FlowInfo):
        is_askable = kind == Bot.Kind.WORKFLOW or bool(info.app_id)
        first = {"parameters": info.parameters, "app_id": info.app_id, "is_enabled": is_askable}
    bot, is_new = Bot.objects.update_or_create(
        connection=connection,
        kind=kind,
        upstream_id=info.id,
        defaults=said,
        create_defaults={**said, **first},
    )
    if isinstance(info, FlowInfo) and not is_new:
        _fill_gaps(bot, info)
    return is_new


def _fill_gaps(bot: Bot, info: FlowInfo) -> None:
    gaps: dict[str, object] = {}
    if not bot.parameters and info.parameters:
        gaps["parameters"] = info.parameters
    if not (bot.app_id or bot.host_bot_id) and info.app_id:
        gaps["app_id"] = info.app_id
    if gaps:
        Bot.objects.filter(pk=bot.pk).update(**gaps)


def _mark_gone(connection: Connection, catalogue: Catalogue) -> int:
    """How many known ones the upstream no longer lists."""
    missing = [bot.pk for bot in gone(connection.bots.all(), catalogue)]
    Bot.objects.filter(pk__in=missing, unpublished_at=None).update(unpublished_at=timezone.now())
    return len(missing)


def _placeless(connection: Connection, infos: Sequence[BotInfo | FlowInfo]) -> list[str]:
    ids = [info.id for info in infos if isinstance(info, FlowInfo)]
    chatflows = connection.bots.filter(kind=Bot.Kind.CHATFLOW, app_id="", host_bot_id="", upstream_id__in=ids)
    names = list(chatflows.values_list("name", flat=True))
    sentence = _("These chatflows need the id of a bot or an app to run in, then switch them on: %(names)s.")
    return [sentence % {"names": listed(names)}] if names else []


def _unread(catalogue: Catalogue) -> list[str]:
    sentences = []
    if catalogue.unread:
        sentences.append(
            _("Start parameters could not be read of: %(names)s.") % {"names": listed(catalogue.unread)}
        )
    if catalogue.refusal:
        sentences.append(_("Workflows could not be listed: %(error)s.") % {"error": catalogue.refusal})
    return sentences
