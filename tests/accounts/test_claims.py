"""From what a sign-in service says to groups and roles."""

import pytest

from accounts.claims import claim_at, claims_of, group_map, wanted


@pytest.mark.parametrize(
    ("claims", "path", "values"),
    [
        ({"groups": ["a", "b"]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        ({"https://corp.example/groups": ["a"]}, "https://corp.example/groups", {"a"}),
        ({"groups": ["a", 7, None]}, "groups", {"a"}),
        ({"groups": {"a": 1}}, "groups", set()),
        ({"groups": "a"}, "groups.inside", set()),
        ({}, "groups", set()),
    ],
)
def test_the_values_of_a_claim(claims, path, values):
    assert claim_at(claims, path) == values


def test_the_user_page_counts_before_the_token():
    assert claims_of({"id_token": {"a": 1, "b": 1}, "userinfo": {"b": 2}}) == {"a": 1, "b": 2}


def test_a_map_of_groups():
    assert group_map(["cn=dev = Developers", "ops"]) == {"cn": "dev = Developers", "ops": "ops"}
    with pytest.raises(ValueError):
        group_map(["=Developers"])


def test_only_what_the_map_names_is_wanted():
    target = wanted(
        {"dev", "boss"}, {"dev": "Developers", "qa": "Testers"}, {"is_staff": "boss", "is_operator": ""}
    )
    assert target.groups == {"Developers"}
    assert target.managed == {"Developers", "Testers"}
    assert target.roles == {"is_staff": True}
