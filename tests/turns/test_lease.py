"""Who is dead, told by counts that stand still; and what two processes may take from each other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatweb.models import Errand, ServingProcess, Turn
from chatweb.turns import claims, errands, lease, ledger
from chatweb.turns.announce import Change
from chatweb.turns.lease import LEASE_SECONDS, Watch
from chatweb.turns.ledger import Hold, TakenOver
from chatweb.turns.probe import is_anything_due
from chatweb.turns.states import TurnState


def looks(watch: Watch, beats: list[int], every: float = 1.0, silent: float = 0.0) -> list[bool]:
    """Whether B is dead at each of some looks that far apart."""
    return ["B" in watch.look({"B": count}, {"B": silent}, at * every) for at, count in enumerate(beats)]


def test_a_process_whose_count_stands_still_is_dead_after_the_lease():
    assert looks(Watch(), [7, 7, 7, 7, 7, 7]) == [False] * 4 + [True] * 2
    assert looks(Watch(), [7, 7, 7, 8, 8, 8, 8]) == [False] * 7


def test_who_was_asleep_itself_holds_nobody_for_dead():
    assert looks(Watch(), [7, 7, 7], every=60.0) == [False] * 3


def test_one_that_is_seen_for_the_first_time_gets_the_time_of_one_beat():
    assert looks(Watch(), [7, 7, 7], silent=1e9) == [False, False, True]
    assert looks(Watch(), [7, 7, 8], silent=1e9) == [False, False, False]
    assert looks(Watch(), [7, 7, 7], silent=-1e9) == [False, False, False]  # a clock that jumped back


def test_one_that_comes_back_is_seen_anew():
    watch = Watch()
    assert looks(watch, [7] * 6)[-1]
    assert watch.look({}, {}, 9.0) == set()
    assert watch.look({"B": 7}, {"B": LEASE_SECONDS}, 10.0) == set()


def test_two_changes_are_told_as_one():
    first = Change(1, 2, "c", 5, (("t", "ready"),))
    second = Change(1, 2, "c", None)
    assert second.after(first) == Change(1, 2, "c", 5, (("t", "ready"),))
    assert Change(1, 2, "c", 3).after(first).since == 3


@pytest.fixture
def turn(conversation) -> Turn:
    for owner in ("A", "B"):
        lease.register(owner)
    return Turn.objects.create(
        conversation=conversation,
        client_id=conversation.uuid,
        ordinal=1,
        state=TurnState.RUNNING,
        owner="B",
        epoch=1,
    )


def test_only_what_a_dead_process_owned_is_taken_over_and_only_once(turn):
    assert claims.dead_turns("A", set(), lease.living()) == []
    assert not is_anything_due(0, "A")
    lease.leave("B")
    assert is_anything_due(0, "A")
    [(pk, epoch)] = claims.dead_turns("A", set(), lease.living())
    assert claims.take_over(pk, "A", epoch) is not None
    assert claims.take_over(pk, "C", epoch) is None  # it saw the same, a moment later
    assert claims.dead_turns("A", {str(turn.uuid)}, lease.living()) == []
    turn.refresh_from_db()
    assert (turn.owner, turn.epoch, turn.state) == ("A", 2, TurnState.RECOVERING)


def test_answers_that_somebody_submits_are_not_taken_up_again(turn):
    Turn.objects.filter(pk=turn.pk).update(state=TurnState.RESUMING)
    assert claims.take_up(turn.pk, "A") is None
    Turn.objects.filter(pk=turn.pk).update(owner="")
    assert claims.take_up(turn.pk, "A") is not None


def test_who_was_taken_over_writes_nothing_more(turn):
    store = ledger.store_conversation_id
    hold = Hold(turn.pk, turn.conversation_id, "B", 1)
    ledger.while_held(hold, store, turn.conversation_id, "first")
    Turn.objects.filter(pk=turn.pk).update(owner="A", epoch=2)
    with pytest.raises(TakenOver):
        ledger.while_held(hold, store, turn.conversation_id, "second")
    turn.conversation.refresh_from_db()
    assert turn.conversation.upstream_id == "first"


def test_a_look_finds_what_was_taken_over_and_what_is_to_be_stopped(turn):
    Turn.objects.filter(pk=turn.pk).update(stop_asked_at=timezone.now(), stop_shown={"shown": {}})
    mine = {str(turn.uuid): 1}
    found = lease.look(Watch(), "B", mine)
    assert (found.lost, found.stops) == (frozenset(), {str(turn.uuid): {"shown": {}}})
    assert not found.is_oldest
    Turn.objects.filter(pk=turn.pk).update(owner="A", epoch=2)
    assert lease.look(Watch(), "B", mine).lost == {str(turn.uuid)}


def test_a_process_that_beats_again_is_not_removed(turn):
    seen = ServingProcess.objects.get(owner="B")
    lease.beat("B")
    assert lease.remove(seen) == 0
    assert lease.remove(ServingProcess.objects.get(owner="B")) == 1
    lease.beat("B")  # who was taken for dead, and is not, comes back
    assert set(lease.living()) == {"A", "B"}


def test_an_errand_in_another_hand_waits_until_that_process_is_gone(turn):
    Errand.objects.put(turn.conversation, Errand.Kind.RENAME, {"name": "one"})
    [task] = errands.due((), "B")
    Errand.objects.put(turn.conversation, Errand.Kind.RENAME, {"name": "two"})  # a newer wish, due at once
    assert errands.due((), "A") == []
    errands.take_back("A")
    assert errands.due((), "A") == []
    lease.leave("B")
    [newer] = errands.due((), "A")
    assert (newer.payload, newer.revision) == ({"name": "two"}, task.revision + 1)
    errands.put_down(newer.errand_pk, "A")
    assert Errand.objects.get(pk=newer.errand_pk).taken_by == ""


def test_what_a_dead_process_had_in_hand_is_due_at_once_and_what_waits_goes_on_waiting(turn):
    Errand.objects.put(turn.conversation, Errand.Kind.RENAME, {"name": "one"})
    assert errands.due((), "B")
    Errand.objects.put(turn.conversation, Errand.Kind.CLEAR)
    Errand.objects.filter(kind=Errand.Kind.CLEAR).update(
        attempts=3, not_before=timezone.now() + timedelta(hours=1)
    )
    lease.leave("B")
    errands.take_back("A")
    assert [task.kind for task in errands.due((), "A")] == [Errand.Kind.RENAME]
