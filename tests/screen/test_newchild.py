"""A new child with traps: the number against sex and check digit, the same
number in another village, names that sound alike."""
import pytest

import lab
from ledger_help import ENV, fill

GIRL = "990323201603150122"     # belongs to nobody (area 99)


@pytest.fixture
def two(town):
    """A girl in the first village."""
    fill(town, "child", [{
        "name": "单春花", "id_number": GIRL, "category": "留守",
        "village": town.village(0)[0], "registered_on": "2025-09-01",
        "guardian_name": "单大山", "guardian_relation": "祖父"}])
    return town


def start(t, name):
    t.type("1")
    t.wait("儿童台账", "共")
    t.type("n")
    t.wait("先查有没有")
    t.type(name)
    t.wait("筛选: " + name)
    t.press("f2")
    t.wait("新增", "证件号码")


def test_sex_against_number_and_check_digit(town, open_term):
    t = open_term(town, env=ENV)
    t.login()
    start(t, "单春花")
    t.press("enter")
    t.type(GIRL[:-1] + "3")             # wrong check digit
    t.press("enter")
    t.wait("校验不对")
    # the right digit is never offered
    assert GIRL not in t.text() and "应为" not in t.text()
    t.press("^u")
    t.type(GIRL)
    t.press("enter")
    t.wait("2016-03-15")
    t.type("1")                         # a boy
    t.wait("性别与证件号码不符")
    t.type("2")
    t.wait("女", gone=("不符",))


def number_again(t):
    start(t, "单小花")
    t.press("enter")
    t.type(GIRL)
    t.press("enter")
    t.wait("是不是同一个孩子", "证件号码相同", "单春花", "单大山")


def test_same_number_opens_the_record(two, open_term):
    t = open_term(two, env=ENV)
    t.login()
    number_again(t)
    t.type("o")
    t.wait("儿童台账  单春花", "监护人")
    t.press("esc")
    t.wait("共1条")
    assert two.one("SELECT count(*) FROM child") == 1
    assert two.one("SELECT count(*) FROM draft") == 0


def test_same_number_transfers(two, open_term):
    t = open_term(two, env=ENV)
    t.login()
    number_again(t)
    t.type("t")
    t.wait("转到哪个村")
    code, name = two.village(3)
    t.type(name)
    t.wait("筛选: " + name)
    t.press("enter")
    t.wait("已转村，没有重复登记")
    assert two.sql("SELECT c.name, v.code FROM child c JOIN village v"
                   " ON v.uid = c.village") == [("单春花", code)]


@pytest.mark.parametrize("typed", ("单春花", "善春华"))
def test_sounds_alike_on_the_same_day(two, open_term, typed):
    t = open_term(two, env=ENV)
    t.login()
    start(t, typed)
    t.press("enter")
    t.press("enter")                    # no number
    t.type("1")                         # why
    t.press("enter")
    t.type("2")
    t.press("enter")
    t.type("20160315")
    t.press("enter")
    t.wait("是不是同一个孩子", "同日出生", "单春花")
    t.type("n")
    t.wait("新增", gone=("是不是同一个孩子",))


@pytest.mark.parametrize("words", ("sch", "dch", "cch", "shanchunhua",
                                   "danchunhua", "0122", "单春花", "单大山",
                                   "sds"))
def test_found_by_any_reading(two, open_term, words):
    t = open_term(two, env=ENV)
    t.login()
    t.press("f3")
    t.wait("查找")
    t.type(words)
    t.wait("单春花")
    t.press("enter")
    t.wait("儿童台账  单春花")


def test_director_is_told_only_to_ask(two, open_term):
    two.add_user("director", "director", "--village", two.village(1)[0])
    t = open_term(two, env=ENV)
    t.login("director")
    start(t, "别的名")
    t.press("enter")
    t.type(GIRL)
    t.press("enter")
    t.wait("该证件号已在本镇登记，请联系督导员")
    assert "单春花" not in t.text()
