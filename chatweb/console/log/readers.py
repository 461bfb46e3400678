"""How texts of many people are read at once: redacted, and without the name of whoever they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.http import HttpRequest

from accounts.models import User
from chatweb.console.masks import unnaming
from chatweb.console.names import is_revealed, label_of
from chatweb.console.redaction import Redact, redactor
from chatweb.models import CozeIdentity


def readers_in(request: HttpRequest, people: Iterable[User]) -> dict[int, Redact]:
    """By the person's pk, as this session may read; two queries for all of them."""
    return readers_for(
        people, lambda person: None if is_revealed(request, person) else label_of(request, person)
    )


def readers_for(people: Iterable[User], label: Callable[[User], str | None]) -> dict[int, Redact]:
    """`label`: what stands in the place of a person's name; None where the name may be read."""
    redact = redactor()
    distinct = {person.pk: person for person in people}
    keys: dict[int, list[str]] = defaultdict(list)
    for pk, key in CozeIdentity.objects.filter(user__in=distinct).values_list("user_id", "key"):
        keys[pk].append(key)
    return {pk: reader(redact, person, keys[pk], label(person)) for pk, person in distinct.items()}


def reader(redact: Redact, person: User, keys: list[str], label: str | None) -> Redact:
    if label is None:
        return redact
    unnamed = unnaming(person, keys, label)
    return lambda text: redact(unnamed(text))
