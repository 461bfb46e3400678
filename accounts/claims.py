"""What a company's sign-in service says of somebody, as groups and roles of this site. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the service says somebody is. Groups outside `managed` and roles not named stay as they are."""

    groups: frozenset[str]
    managed: frozenset[str]
    roles: Mapping[str, bool]  # field of User -> has it


def group_map(pairs: list[str]) -> dict[str, str]:
    """{value of the claim: group} from "value=group"; a bare value is both. ValueError for an empty one."""
    found = {}
    for pair in pairs:
        value, equals, name = (part.strip() for part in pair.partition("="))
        found[value] = name if equals else value
        if not value or not found[value]:
            raise ValueError(pair)
    return found


def claim_at(claims: Claims, path: str) -> set[str]:
    """The values of a claim, `realm_access.roles` looked for inside; one word counts as a list of one."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return {found}
    return {value for value in found if isinstance(value, str)} if isinstance(found, list) else set()


def wanted(values: set[str], groups: Mapping[str, str], role_values: Mapping[str, str]) -> Wanted:
    """`role_values`: field -> the value that gives it; with "" the site decides about that role itself."""
    return Wanted(
        groups=frozenset(name for value, name in groups.items() if value in values),
        managed=frozenset(groups.values()),
        roles={field: value in values for field, value in role_values.items() if value},
    )


def claims_of(extra_data: Mapping[str, Any]) -> Claims:
    """What both the token and the service's user page said; the page counts where they differ."""
    return {**(extra_data.get("id_token") or {}), **(extra_data.get("userinfo") or {})}
