"""What a dry run of the retention says is what a run removes, while the site serves (M-114)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.leaving import new_person, tables_with
from tests.live.upstream import a_mark, rows
from tests.process import Site
from tests.visitor import Visitor

DAYS = 30
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
COUNTED = ("conversations", "messages", "files", "events")


@contextmanager
def rule(site: Site, group: str, name: str) -> Iterator[None]:
    """For one person only: others of this site keep what they have."""
    rows(
        site,
        "from accounts.models import User\nfrom django.contrib.auth.models import Group\n"
        f"group = Group.objects.create(name={group!r})\n"
        f"User.objects.get(username={name!r}).groups.add(group)\n"
        f"RetentionRule.objects.create(group=group, conversation_days={DAYS})",
    )
    try:
        yield
    finally:
        rows(
            site,
            "from django.contrib.auth.models import Group\n"
            f"LegalHold.objects.all().delete(); Group.objects.filter(name={group!r}).delete()",
        )


def talk(visitor: Visitor, bot: str, text: str) -> str:
    """A conversation of two questions, the first with a file."""
    picture = visitor.attach_to_bot(bot, "map.png", PIXEL)
    conversation, turn = visitor.begin(bot, text, files=[picture["id"]])
    visitor.wait_for(conversation, turn, "completed")
    visitor.wait_for(conversation, visitor.ask(conversation, "and more"), "completed")
    return conversation


def counts(line: str) -> dict[str, int]:
    return {name: int(number) for number, name in re.findall(rf"(\d+) ({'|'.join(COUNTED)})\b", line)}


def status_of(visitor: Visitor, conversation: str) -> int:
    return visitor.http.get(f"/c/{conversation}/").status_code


def test_a_run_removes_what_the_dry_run_counted_and_a_held_conversation_stays(site) -> None:
    person, mark = new_person(site, "rita"), a_mark()
    echo = person.bot("Echo")
    old, held, young = talk(person, echo, mark), talk(person, echo, "held"), talk(person, echo, "young")
    with rule(site, "Short memory", "rita"):
        rows(
            site,
            "from datetime import timedelta\nfrom django.utils import timezone\n"
            f"long_ago = timezone.now() - timedelta(days={DAYS + 1})\n"
            f"Conversation.objects.filter(uuid__in=['{old}', '{held}']).update(last_asked_at=long_ago)\n"
            f"one = Conversation.objects.get(uuid='{held}')\n"
            "LegalHold.objects.create(conversation=one, reason='case 7')",
        )
        [told] = site.manage("retention", "--dry-run").splitlines()
        assert told.startswith("Short memory: 1 conversations, ") and told.endswith(
            "1 held conversations stay"
        )
        promised = counts(told.partition(" would go")[0])
        assert promised["messages"] >= 2 and promised["files"] == 1 and promised["events"] > 0
        assert [status_of(person, one) for one in (old, held, young)] == [200, 200, 200]

        assert counts(site.manage("retention")) == promised
        assert [status_of(person, one) for one in (old, held, young)] == [404, 200, 200]
        assert tables_with(site, mark) == {}
        assert [turn["question"] for turn in person.turns(held)] == ["held", "and more"]
        [again] = site.manage("retention", "--dry-run").splitlines()
        assert set(counts(again.partition(" would go")[0]).values()) == {0}
    person.close()
