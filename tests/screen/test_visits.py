"""Visits in a minute: keystrokes counted by typing them, six notebook visits
in a row, and what 同上次 may copy."""
import signal

import pytest

import lab
from ledger_help import ENV, TODAY, Typist, fill

NAMES = ("张晓明", "王芳", "李小龙", "赵敏", "刘洋洋", "陈静")


@pytest.fixture
def village(town):
    """Six left-behind children of one village and its director."""
    code = town.village(0)[0]
    fill(town, "staff", [{"name": "蔡艳", "role": "儿童主任", "village": code,
                          "appointed_on": "2024-03-01"}])
    fill(town, "child", [
        {"name": n, "id_number": lab.id_number("2016-0%d-15" % (i + 1), i + 1),
         "village": code, "category": "留守", "registered_on": "2025-09-01",
         "guardian_name": "祖母" + n[0], "guardian_relation": "祖母"}
        for i, n in enumerate(NAMES)])
    return town


def routine(k, mood="2"):
    """From the first field of a visit to its saving."""
    k.press("enter", "enter")           # today, at home
    k.type("1")                         # seen
    k.press("enter")
    k.type("1")                         # carer met
    k.press("enter", "enter", "enter")  # visitor, safety
    k.type("1")                         # study
    k.press("enter")
    k.type("1")                         # health
    k.press("enter")
    k.type(mood)
    k.press("enter")
    k.press("f2")


def test_routine_visit_budget(village, open_term):
    t = open_term(village, env=ENV)
    t.login()
    k = Typist(t)
    k.press("f3")
    k.wait("查找")
    k.type("zxm")
    k.wait("张晓明")
    k.press("enter")
    k.wait("儿童台账  张晓明", "监护人")
    found = k.n
    k.type("v")
    k.wait("走访记录  新增  张晓明")
    routine(k)
    k.wait("已存好", "走访记录", "1 条", gone=("新增  张晓明",))
    assert k.n - found <= 25, k.n - found
    assert k.n <= 40, k.n
    row = village.sql(
        "SELECT v.visit_date, v.method, v.seen_child, v.carer_met, v.mood,"
        " s.name, v.created_by FROM visit v JOIN staff s ON s.uid = v.visitor")
    # the director went, somebody else typed
    assert row == [(TODAY, "home", "yes", "yes", "calm", "蔡艳", "wangfang")]


def test_six_in_a_row(village, open_term):
    t = open_term(village, env=ENV)
    t.login()
    t.type("2")
    t.choose("连续记走访")
    k = Typist(t)
    for i, (name, keys) in enumerate(zip(NAMES, ("zxm", "wf", "lxl", "zm",
                                                 "lyy", "cj"))):
        k.wait("已记 %d 次" % i)
        k.type(keys)
        k.wait("筛选: " + keys, name)
        k.press("enter")
        k.wait("走访记录  新增  " + name)
        if i > 0:
            k.press("f5")
            k.wait("同上次")
        routine(k, mood="2" if i % 2 else "1")
    k.wait("已记 6 次")
    t.press("esc")
    t.wait("走访评估", "已记 6 次走访")
    assert k.n <= 6 * 25, k.n
    assert village.one("SELECT count(*) FROM visit WHERE seen_child='yes'") == 6
    assert village.one("SELECT count(DISTINCT child) FROM visit") == 6
    village.run("check", status=0)


def test_same_copies_only_circumstances(village, open_term):
    child = village.one("SELECT uid FROM child WHERE name='王芳'")
    fill(village, "visit", [{
        "child": child, "visit_date": "2026-11-01", "method": "school",
        "seen_child": "yes", "safety": "electric", "mood": "good",
        "findings": "成绩进步", "companions": "村医"}])
    village.sql("UPDATE visit SET created_by='wangfang'")
    t = open_term(village, env=ENV)
    t.login()
    t.press("f3")
    t.wait("查找")
    t.type("zxm")
    t.wait("张晓明")
    t.press("enter")
    t.wait("儿童台账  张晓明")
    t.type("v")
    t.wait("走访记录  新增")
    t.press("f5")
    t.wait("同上次", "方式", "学校")
    t.press("f2")
    t.wait("已存好")
    new = village.sql("SELECT method, companions, seen_child, safety, mood,"
                      " findings, visit_date FROM visit WHERE visit_date=?",
                      TODAY)
    assert new == [("school", "村医", None, None, None, None, TODAY)]


def test_parents_not_heard_of(village, open_term):
    t = open_term(village, env=ENV)
    t.login()
    t.press("f3")
    t.wait("查找")
    t.type("zxm")
    t.wait("张晓明")
    t.press("enter")
    t.wait("儿童台账  张晓明")
    t.type("v")
    t.wait("走访记录  新增")
    for _ in range(9):          # to 父母上次联系
        t.press("enter")
    t.type("20261102")          # 20 days ago
    t.press("enter")
    t.wait("?父母上次联系")
    t.press("up")
    t.wait("至少每周要与孩子联系一次")
    t.press("f2")
    t.wait("已存好")            # a warning never refuses
    assert village.one("SELECT last_parent_contact FROM visit") == "2026-11-02"


def test_danger_sign_opens_the_report(village, open_term):
    t = open_term(village, env=ENV)
    t.login()
    t.press("f3")
    t.wait("查找")
    t.type("zxm")
    t.wait("张晓明")
    t.press("enter")
    t.wait("儿童台账  张晓明")
    t.type("v")
    t.wait("走访记录  新增")
    for _ in range(11):         # to 危险情形
        t.press("enter")
    t.type("4")
    t.wait("立即打 110", "不追问细节")
    t.press("enter")
    t.wait("强制报告  新增  张晓明", "多处损伤")
    t.press("f2")
    t.wait("走访记录  新增  张晓明", gone=("强制报告  新增",))
    # the report is saved though the visit is not
    assert village.one("SELECT count(*) FROM visit") == 0
    assert village.sql(
        "SELECT m.situation, c.name FROM mandatory_report m"
        " JOIN child c ON c.uid = m.child") == [("4", "张晓明")]
    t.press("f2")
    t.wait("已存好", gone=("新增  张晓明",))
    assert village.one("SELECT danger_signs FROM visit") == ";4;"


def test_visit_sheet_labels_nobody(village, open_term):
    village.sql("UPDATE child SET risk='high', category=';orphan;',"
                " address='村东头' WHERE name='张晓明'")
    t = open_term(village, env=ENV)
    t.login()
    t.press("f3")
    t.wait("查找")
    t.type("zxm")
    t.wait("张晓明")
    t.press("enter")
    t.wait("儿童台账  张晓明")
    t.type("p")
    t.wait("入户走访单", "在屏幕上看")
    t.type("1")
    sheet = t.wait("入户走访单", "村东头", "见到孩子", "签字")
    for word in ("孤儿", "困境", "留守", "风险", "残疾"):
        assert word not in sheet


def test_an_interrupted_visit_says_whose_it_is(village, open_term):
    """A visit has no name of its own: the child's and the day stand for it."""
    t = open_term(village, env=ENV)
    t.login()
    t.press("f3")
    t.wait("查找")
    t.type("zxm")
    t.wait("张晓明")
    t.press("enter")
    t.wait("儿童台账  张晓明")
    t.type("v")
    t.wait("走访记录  新增")
    t.press("enter", "enter")
    t.type("1")
    t.press("enter")
    t.settle()
    t.kill(signal.SIGKILL)
    t.wait_end()
    again = open_term(village, env=ENV)
    again.wait("用户名")
    again.type("wangfang\r%s\r" % lab.PASSWORD)
    again.wait("有没存完的", "走访记录  张晓明 %s" % TODAY, "停在")
