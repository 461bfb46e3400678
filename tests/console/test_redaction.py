import pytest

from chatweb.console.redaction import BUILT_IN, redactor


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("call 13812345678 now", "call [phone] now"),
        ("打 +86 138-1234-5678。", "打 [phone]。"),
        ("+44 20 7946 0958", "[phone]"),
        ("身份证11010519491231002X。", "身份证[id card]。"),
        ("write to ana.b@example.co.uk, please", "write to [mail], please"),
        ("发给ana@b.cn吧", "发给[mail]吧"),
        ("token pat_aBcDeFgHiJkLmNoP1234 leaked", "token [key] leaked"),
        ("sk-13812345678abcdefghi", "[key]"),
    ],
)
def test_personal_data_is_named_instead_of_shown(said, shown):
    assert redactor(BUILT_IN)(said) == shown


@pytest.mark.parametrize(
    "said",
    ["the year 2026-11-21", "3.14159265358979", "order 20261121000123456789", "a@b", "patience_is_good"],
)
def test_what_only_looks_alike_stays(said):
    assert redactor(BUILT_IN)(said) == said


def test_patterns_of_the_site_stand_beside_each_other():
    assert redactor({"badge": r"B-\d+", "room": r"R\d"})("B-12 in R4") == "[badge] in [room]"
