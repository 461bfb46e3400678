"""What one question used, told to whoever asked it (M-093)."""

from __future__ import annotations


def test_a_person_sees_what_their_question_used(demo, echo) -> None:
    conversation, turn = demo.begin(echo, "count me rate=0 tokens=7")
    demo.wait_for(conversation, turn, "completed")
    answer = demo.http.get(f"/c/{conversation}/turns/{turn}/usage/")
    rows = dict(answer.json()["rows"])
    used = {name: int(rows[name]) for name in ("Tokens", "of the question and what it knew", "of the answer")}
    assert used["Tokens"] == sum(list(used.values())[1:]) > 0
    assert rows["Whole answer after"].endswith(" s")
    assert "Waited for you" not in rows
