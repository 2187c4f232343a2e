"""An assessment item by item: digits, the level, the next day, and a case
proposed when it has become worse."""
import lab
from ledger_help import ENV, TODAY, fill


def open_child(t, initials, name):
    t.press("f3")
    t.wait("查找")
    t.type(initials)
    t.wait(name)
    t.press("enter")
    t.wait("儿童台账  " + name)


def test_fall_proposes_a_case(town, open_term):
    fill(town, "child", [{
        "name": "张晓明", "id_number": lab.id_number("2016-05-04"),
        "village": town.village(0)[0], "category": "留守",
        "registered_on": "2025-09-01"}])
    child = town.one("SELECT uid FROM child")
    fill(town, "assessment", [{"child": child, "assessed_on": "2026-05-01",
                               "level": "一般"}])
    t = open_term(town, env=ENV)
    t.login()
    open_child(t, "zxm", "张晓明")
    t.wait("评估 2026-11-01 逾期21天", "监护一般")
    t.choose("监护评估")
    t.wait("监护评估  张晓明", "共1条")
    t.type("n")
    t.wait("用哪个量表", "三级量表", "四级量表")
    t.type("2")
    t.wait("四级监护评估表", "监护人在位")
    t.type("0122")
    t.press("f2")
    t.wait("还有没评的项")
    t.type("223131")             # 医疗 3 … 17 points
    t.wait("17 分  失当")
    t.press("f2")
    t.wait("监护评估  新增  张晓明", "失当", "2027-02-22")
    t.press("f2")
    t.wait("监护变差", "开一张受理单")
    t.press("enter")
    t.wait("受理单  新增  张晓明")
    assert town.sql(
        "SELECT level, level4, score, next_due, risk, item_scores FROM"
        " assessment WHERE assessed_on=?", TODAY) == [
            ("poor", "improper", 17.0, "2027-02-22", "high",
             "present=0;will=1;ability=2;money=2;home=2;care=2;health=3;"
             "school=1;bond=3;harm=1")]
