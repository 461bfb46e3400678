"""A server dies while it deletes an account: it is deleted all the same, and Coze is asked (M-113)."""

from __future__ import annotations

from tests.leaving import finished, leave, new_person, tables_with
from tests.live.upstream import rows
from tests.process import Site
from tests.simulator.process import SimulatorProcess


def test_a_killed_process_finishes_what_was_asked_of_coze(mortal_site: Site, simulator: SimulatorProcess):
    leaver = new_person(mortal_site, "mleaver")
    begun = [leaver.begin(leaver.bot("Echo"), f"mleaver {number} rate=0") for number in range(3)]
    for conversation, turn in begun:
        leaver.wait_for(conversation, turn, "completed")
    simulator.fault("/v1/conversations/*", method="DELETE", count=3, hold="leaving")
    path = leave(leaver)
    simulator.reached("leaving", count=1)
    mortal_site.kill()
    simulator.control("POST", "faults/clear")
    simulator.release("leaving")
    mortal_site.start()
    receipt = finished(mortal_site.url, path)
    assert len(receipt["calls"]) == 3
    assert {call["outcome"] for call in receipt["calls"]} <= {"done", "gone"}
    assert tables_with(mortal_site, "mleaver") == {}


def test_an_account_that_was_only_closed_is_taken_apart_at_the_next_start(mortal_site: Site):
    new_person(mortal_site, "mclosed").close()
    mortal_site.kill()
    mortal_site.shell(
        "from accounts.models import User\nfrom chatweb.turns.commands import delete_account\n"
        "print(delete_account(User.objects.get(username='mclosed')).token)",
    )
    assert tables_with(mortal_site, "mclosed") != {}
    mortal_site.start()
    token = rows(mortal_site, "print(Deletion.objects.order_by('pk').last().token)")
    finished(mortal_site.url, f"/receipts/{token}/")
    assert tables_with(mortal_site, "mclosed") == {}
