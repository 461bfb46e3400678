"""What an upstream publishes, read for an admin: its bots, workflows and chatflows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from chatweb.upstreams.client import BotInfo, FlowInfo, Place, Upstream
from chatweb.upstreams.errors import Broken, Missing, Unreachable, UpstreamError


@dataclass(slots=True)
class Catalogue:
    """A list is None when the upstream has none, or does not show it to these credentials."""

    bots: list[BotInfo] | None = None
    flows: list[FlowInfo] | None = None
    refusal: str = ""  # why it does not show its workflows
    unread: list[str] = field(default_factory=list)  # names of workflows that it lists and does not describe


async def list_catalogue(upstream: Upstream) -> Catalogue:
    """What there is, by name. Raises UpstreamError; credentials without a right to workflows are no error."""
    found = Catalogue()
    can = upstream.capabilities
    if not (can.lists_bots or can.lists_workflows):
        return found
    # Where there are no workspaces, everything is in one place.
    workspaces = await upstream.workspaces() if can.lists_workspaces else [Place("", "")]
    if can.lists_bots:
        found.bots = [bot for place in workspaces for bot in await upstream.bots(place.id)]
    if can.lists_workflows:
        try:
            found.flows = [flow for place in workspaces for flow in await upstream.workflows(place.id)]
        except (Unreachable, Broken):
            raise
        except UpstreamError as error:
            found.refusal = str(error)
    return found


async def read_catalogue(upstream: Upstream) -> Catalogue:
    """What there is, with everything that is known of each. Raises UpstreamError."""
    found = await list_catalogue(upstream)
    if found.bots is not None:
        found.bots = [await upstream.bot(listed.id) for listed in found.bots]
    if found.flows is not None:
        found.flows = [await _described(upstream, listed, found) for listed in found.flows]
    return found


async def read_known(upstream: Upstream, known: Iterable[BotInfo | FlowInfo]) -> Catalogue:
    """What is known of an upstream that lists nothing, asked for one by one; without what is gone."""
    found = Catalogue(bots=[], flows=[])
    for one in known:
        try:
            whole = await read_one(upstream, one)
        except Missing:
            continue
        found.bots = [*(found.bots or []), *(whole.bots or [])]
        found.flows = [*(found.flows or []), *(whole.flows or [])]
    return found


async def read_one(upstream: Upstream, wanted: BotInfo | FlowInfo) -> Catalogue:
    """One by its id. Raises UpstreamError.

    The kind of a flow is the caller's to know; so are its words where the upstream has none, as Studio has
    none of workflows.
    """
    if isinstance(wanted, BotInfo):
        return Catalogue(bots=[await upstream.bot(wanted.id)])
    flow = await upstream.flow(wanted.id)
    known = replace(
        flow,
        name=flow.name or wanted.name,
        description=flow.description or wanted.description,
        mode=wanted.mode,
    )
    return Catalogue(flows=[known])


async def _described(upstream: Upstream, listed: FlowInfo, found: Catalogue) -> FlowInfo:
    """The list knows the kind for certain: each kind is listed apart."""
    try:
        whole = await upstream.flow(listed.id)
    except (Unreachable, Broken):
        raise
    except UpstreamError:
        found.unread.append(listed.name or listed.id)
        return listed
    return replace(whole, mode=listed.mode, app_id=whole.app_id or listed.app_id)
