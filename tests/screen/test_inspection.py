"""Inspection day: from row 之家① of the board down to who signed in, the veto
at nought with its date, the list of evidence with names masked."""
import datetime
import re

import lab
from ledger_help import fill

TODAY = "2026-11-22"
ENV = {"TONGJI_TODAY": TODAY}
# Thursdays of the third quarter: 07-02 to 09-24, thirteen weeks; the first
# begins on Monday 06-29.
MONDAYS = [datetime.date(2026, 6, 29) + datetime.timedelta(7 * i)
           for i in range(13)]
POOR = 6                            # the week of 08-10 had one activity only


def ready(town):
    v, w = town.village(0)[0], town.village(1)[0]
    kids = [("王晓明", v, 1), ("阿木·呷呷", v, 2), ("李芳", w, 3)]
    fill(town, "child", [
        {"name": n, "id_number": lab.id_number("2015-05-04", i),
         "village": p, "category": "留守", "registered_on": "2025-09-01",
         "hukou_state": "已登记", "guardian_name": "王奶奶"}
        for n, p, i in kids])
    fill(town, "home", [{"name": "和平之家", "village": v,
                         "opened_on": "2025-01-01", "keeper": "赵阿姨"}])
    fill(town, "stated_value", [{"indicator": "village_children",
                                 "period": "2026", "village": v,
                                 "value": "120"}])
    fill(town, "activity", [
        {"home": "和平之家", "kind": "日常活动", "title": "活动%02d%s" % (i, x),
         "held_on": str(m + datetime.timedelta(d)), "other_children": 4}
        for i, m in enumerate(MONDAYS) for x, d in (("甲", 1), ("乙", 5))
        if not (i == POOR and x == "乙")])
    fill(town, "attendance", [
        {"activity": "活动00甲", "child": lab.id_number("2015-05-04", i),
         "present": p} for i, p in ((1, "是"), (2, "是"), (3, "否"))])
    fill(town, "attendance", [
        {"activity": "活动00甲", "person_name": "周大嫂",
         "person_kind": "家长", "present": "是"}])
    fill(town, "evidence", [
        {"held_on": "2026-03-05", "kind": "其他", "title": "王晓明家访照片"},
        {"held_on": "2026-04-05", "kind": "其他", "title": "专题会纪要"}])
    return town.village(0)[1]


def test_from_the_board_to_the_sign_ins(town, open_term):
    village = ready(town)
    t = open_term(town, env=ENV)
    t.login()
    t.type("6")
    t.choose("各项指标")
    t.wait("哪个方案")
    t.type("2")
    t.wait("指标看板", TODAY)
    t.press("left", "left")                     # to the end of September
    t.wait("2026-09-30")
    t.type("/Y38")
    t.wait("每周不少于两次活动")
    t.press("enter")
    t.wait("每周活动（村到签到）", "2026年第3季度", "和平之家")
    row = next(r for r in t.display() if "和平之家" in r)
    # 13 weeks, 12 good, 25 activities
    assert row.split()[-4:] == ["13", "12", "25", "是"], row
    assert village in row
    t.press("enter")
    t.wait("各周", "2026-06-29", "共13条")
    weeks = [r.split() for r in t.display() if "够" in r and "2026-" in r]
    assert len(weeks) == 13
    assert [w[-2] for w in weeks].count("不够") == 1
    bad = next(w for w in weeks if "不够" in w)
    assert bad[0].endswith("2026-08-10") and bad[-3:] == ["1", "不够", "0"]
    assert weeks[0][-3:] == ["2", "够", "3"]    # three came
    t.press("enter")
    t.wait("这一周的活动", "活动00甲", "活动00乙", "共2条")
    acts = [r.split() for r in t.display() if "活动00" in r]
    assert [a[-2:] for a in acts] == [["3", "4"], ["0", "4"]]
    t.press("enter")
    shown = t.wait("签到", "王**", "阿**", "李*", "周**", "共4条")
    for name in ("王晓明", "阿木", "李芳", "周大嫂"):
        assert name not in shown
    assert next(r for r in t.display() if "李*" in r).split()[2] == "没到"
    t.press("esc", "esc", "esc")
    # a quarter on: nothing was held
    t.wait("2026年第3季度")
    t.press("right")
    t.wait("2026年第4季度", "和平之家")
    row = next(r for r in t.display() if "和平之家" in r)
    assert row.split()[-3:-1] == ["0", "0"], row


def test_veto_and_evidence(town, open_term):
    ready(town)
    t = open_term(town, env=ENV)
    t.login()
    t.type("6")
    t.choose("各项指标")
    t.wait("哪个方案")
    t.type("2")
    t.wait("指标看板", TODAY)
    t.type("/户籍")
    t.wait(TODAY, "共2条")
    row = next(r for r in t.display() if "Y47" in r)
    assert "否决项 留守儿童户籍" in row and " 0 人 " in row, row
    t.press("esc", "esc", "esc", "esc")
    t.wait("走访完成率")
    t.type("7")
    t.choose("变动和交接")
    menu = t.wait("佐证材料清单")
    t.type(re.search(r"(\d) 佐证材料清单", menu).group(1))
    shown = t.wait("佐证材料清单", "王**家访照片", "2026年")
    assert "王晓明" not in shown
    t.type("p")
    t.wait("在屏幕上看")
    t.type("4")
    t.wait("这份名单给谁用")
    t.type("2")
    t.wait("给谁，做什么用")
    t.type("县考核组")
    t.press("enter")
    t.type("年度考核")
    t.press("enter")
    t.wait("放到哪里")
    t.type("1")
    t.wait("已存好")
    with open(town.path("发件箱", "佐证材料清单-%s.csv" % TODAY),
              encoding="utf-8-sig") as f:
        text = f.read()
    assert "王**家访照片" in text and "王晓明" not in text
    assert "给县考核组，用于年度考核" in text


def test_evidence_goes_out_masked(town):
    ready(town)
    out = town.run("report", "evidence_list", "--date", TODAY, "--format",
                   "csv", env=ENV, status=0).out
    assert "王**家访照片" in out and "专题会纪要" in out
    assert "王晓明" not in out
