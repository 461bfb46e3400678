from chatweb.turns.courtesy import LEAVE_SECONDS, Courtesy


def nobody(user_pk: int) -> bool:
    return False


def test_a_question_that_was_asked_elsewhere_is_left_to_others_for_a_moment():
    courtesy = Courtesy()
    assert courtesy.ours([(1, 7)], False, nobody, 50.0) == []
    assert courtesy.ours([(1, 7), (2, 7)], False, nobody, 50.0 + LEAVE_SECONDS) == [1]
    assert courtesy.ours([], False, nobody, 60.0) == []
    assert courtesy.ours([(1, 7)], False, nobody, 70.0) == []  # due once more: seen anew


def test_what_was_asked_here_or_is_looked_at_here_is_taken_at_once():
    assert Courtesy().ours([(1, 7)], True, nobody, 50.0) == [1]
    assert Courtesy().ours([(1, 7), (2, 8)], False, lambda user_pk: user_pk == 8, 50.0) == [2]
