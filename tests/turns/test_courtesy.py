from chatweb.turns.courtesy import LEAVE_SECONDS, Courtesy


def nobody(user_pk: int) -> bool:
    return False


def test_a_question_that_was_asked_elsewhere_is_left_to_others_for_a_moment():
    courtesy = Courtesy()
    assert courtesy.choice(nobody, 50.0)([(1, 7)]) == []
    assert courtesy.choice(nobody, 50.0 + LEAVE_SECONDS)([(1, 7), (2, 7)]) == [1]
    assert courtesy.choice(nobody, 60.0)([]) == []
    assert courtesy.choice(nobody, 70.0)([(1, 7)]) == []  # due once more: seen anew


def test_what_was_asked_here_or_is_looked_at_here_is_taken_at_once():
    courtesy = Courtesy()
    courtesy.asked_here()
    assert courtesy.choice(nobody, 50.0)([(1, 7)]) == [1]
    assert courtesy.choice(nobody, 50.0)([(2, 7)]) == []
    assert courtesy.choice(lambda user_pk: user_pk == 8, 50.0)([(1, 7), (2, 8)]) == [2]


def test_a_queue_goes_on_at_once_where_its_last_turn_ended():
    courtesy = Courtesy()
    courtesy.served_here(7)
    choice = courtesy.choice(nobody, 50.0)
    courtesy.served_here(8)  # after the look had begun
    assert choice([(1, 7), (2, 8)]) == [1]
    assert courtesy.choice(nobody, 50.0)([(2, 8), (3, 7)]) == [2]
