"""Stories of the ledger as they are told: Monday's due list, a mother who
cannot be found, inspection day, the audit that jumps to the field."""
import os

import pytest

import lab
from ledger_help import ENV, TODAY, fill

LABELS = ("困境", "孤儿", "高风险", "留守", "残疾", "贫困")


def kid(name, village, born="2016-05-04", **more):
    row = {"name": name, "no_id_reason": "不详", "sex": "女",
           "birth_date": born, "village": village, "category": "困境",
           "registered_on": "2026-01-05", "risk": "一般", "address": "",
           "guardian_name": "王奶奶", "guardian_relation": "祖母"}
    row.update(more)
    return row


def visit(town, name, day, seen="是"):
    child = town.one("SELECT uid FROM child WHERE name=?", name)
    return {"child": child, "visit_date": day, "method": "入户",
            "seen_child": seen, "not_seen_reason": "" if seen == "是" else
            "不在家"}


@pytest.fixture
def monday(town):
    """Three overdue in village 0 (one at high risk, nine days), one in
    village 1, one not yet due."""
    a, b = town.village(0)[0], town.village(1)[0]
    fill(town, "child", [
        kid("红儿", a, risk="高风险", category="孤儿", address="村东头"),
        kid("兰儿", a), kid("青儿", a), kid("紫儿", a), kid("黄儿", b)])
    fill(town, "visit", [
        visit(town, "红儿", "2026-11-06"),          # due 11-13
        visit(town, "红儿", "2026-11-21", "否"),    # not seen: does not count
        visit(town, "兰儿", "2026-08-01"),          # due 11-01
        visit(town, "青儿", "2026-08-10"),          # due 11-10
        visit(town, "紫儿", "2026-11-01"),          # due next year
        visit(town, "黄儿", "2026-08-20")])         # due 11-20
    fill(town, "staff", [{"name": "蔡艳", "role": "儿童主任", "village": a,
                          "appointed_on": "2024-03-01"}])
    return town


def test_story_1_due_list(monday, open_term):
    t = open_term(monday, env=ENV)
    t.login()
    shown = t.wait("走访逾期", "高风险1人")
    row = t.row(t.find("走访逾期"))
    assert " 4 人" in row, shown
    for _ in range(12):
        if "走访逾期" in t.reversed(t.find("走访逾期")):
            break
        t.press("down")
        t.settle(0.1)
    t.press("enter")
    t.wait("逾期走访（各村）", "共2条")
    name = monday.village(0)[1]
    line = t.row(t.find(name))
    assert line.startswith("!") or line.lstrip().startswith("!")
    assert line.lstrip(" !").split()[:5] == [name, "3", "1", "21", "蔡艳"]
    t.press("enter")
    t.wait("应走访名单  " + name, "共3条")
    lines = [x for x in t.display()[2:5]]
    assert ["红儿" in lines[0], "兰儿" in lines[1], "青儿" in lines[2]] == \
        [True] * 3
    assert "逾期9天" in lines[0] and lines[0].lstrip().startswith("!")
    assert "逾期21天" in lines[1] and "逾期12天" in lines[2]
    # a printed list carries no word that labels a child
    t.type("p")
    t.wait("在屏幕上看", "打印")
    t.type("1")
    sheet = t.wait("入户走访名单", "红儿", "村东头", "兰儿")
    assert not any(w in sheet for w in LABELS), sheet
    t.press("esc")
    t.wait("应走访名单")
    t.type("p")
    t.wait("在屏幕上看")
    t.type("3")
    t.wait("这份名单给谁用")
    t.press("enter")                # 本镇自己用
    t.wait("发件箱")
    t.type("1")
    t.wait("已存好")
    path = monday.path("发件箱", "入户走访名单-%s.txt" % TODAY)
    text = open(path, encoding="utf-8-sig").read()
    assert "红儿" in text and not any(w in text for w in LABELS)
    assert os.stat(path).st_mode & 0o77 == 0
    # a visit from the list: due again in a week, no longer late
    t.type("n")
    t.wait("走访记录  新增  红儿")
    t.press("enter", "enter")
    t.type("1")
    t.press("f2")
    t.wait("应走访名单", "还有7天", gone=("走访记录", "逾期9天"))


def test_story_4_mother_out_of_contact(town, open_term):
    a = town.village(0)[0]
    fill(town, "child", [kid("小石头", a, category="家庭贫困")])
    child = town.one("SELECT uid FROM child")
    fill(town, "guardian", [
        {"child": child, "name": "石父", "relation": "父亲", "status": "服刑在押",
         "status_from": "2026-03-01", "is_current": "否"},
        {"child": child, "name": "石母", "relation": "母亲", "status": "失联",
         "status_from": "2026-05-10", "is_current": "否"}])
    day = {"TONGJI_TODAY": "2026-11-09"}
    assert "共 0 条" in town.run("report", "de_facto", env=day, status=0).out
    day = {"TONGJI_TODAY": "2026-11-10"}
    t = open_term(town, env=day)
    t.login()
    t.type("2")
    t.choose("提醒和建议")
    t.wait("可能符合事实无人抚养")
    t.type("1")
    t.settle(0.2)
    if "小石头" not in t.text():        # another list stands first
        t.press("esc")
        t.wait("提醒和建议", "可能符合事实无人抚养")
        for line in t.display():
            if "可能符合事实无人抚养" in line:
                t.type(line.strip(" |>").split()[0])
    t.wait("可能符合事实无人抚养", "小石头", "2026-11-10")
    t.type("n")
    t.wait("受理单  新增  小石头")
    out = town.run("report", "de_facto", "--format", "csv", env=day,
                   status=0).out
    assert "派出所" in out and "判决书" in out


def week(home, monday, times):
    return [{"home": home, "held_on": monday, "kind": "日常活动",
             "title": "活动%d" % i} for i in range(times)]


def test_story_10_weeks_of_a_home(town, open_term):
    """Q3 of 2026 has the thirteen weeks whose Thursdays lie in it: Mondays
    06-29 to 09-21.  Twelve have two activities, one (08-03) has one; the week
    of 07-06 is closed for harvest, so twelve are open and eleven suffice.  Activities are counted by
    their day: 23, less the two of 06-29."""
    import datetime
    a = town.village(0)[0]
    fill(town, "home", [{"name": "东悦庄之家", "village": a,
                         "opened_on": "2025-01-01", "kind": "儿童之家"}])
    home = town.one("SELECT uid FROM home")
    rows, day = [], datetime.date(2026, 6, 29)
    for i in range(13):
        monday = (day + datetime.timedelta(7 * i)).isoformat()
        rows += week(home, monday, 1 if monday == "2026-08-03" else
                     0 if monday == "2026-07-06" else 2)
    fill(town, "activity", rows)
    fill(town, "closed_week", [{"home": home, "starts_on": "2026-07-06",
                                "ends_on": "2026-07-12", "reason": "农忙"}])
    on = {"TONGJI_TODAY": "2026-09-30"}
    out = town.run("report", "homes", env=on, status=0).out
    line = [x for x in out.splitlines() if "东悦庄之家" in x][0].split()
    assert line[-5:-1] == ["12", "11", "21", "0"]
    out = town.run("report", "home_weeks", env=on, status=0).out
    assert "共 1 条" in out and "2026-08-03" in out
    t = open_term(town, env=on)
    t.login()
    t.type("3")
    t.choose("开展情况、村表")
    t.wait("活动不足的周")
    t.type("1")
    t.wait("活动不足的周", "2026-08-03", "共1条")
    t.press("enter")
    t.wait("儿童之家  东悦庄之家", "活动")


def test_audit_jumps_to_the_field(monday, open_term):
    monday.sql("UPDATE child SET health='healthy', category=';disabled;',"
               " hukou_kind='rural' WHERE name='青儿'")
    t = open_term(monday, env=ENV)
    t.login()
    t.type("8")
    t.choose("核查：数据问题、疑似重复")
    t.wait("数据核查")
    t.type("1")
    t.wait("数据核查", "写健康却是残疾", "青儿")
    for _ in range(10):
        if "写健康" in t.reversed(t.find("写健康却是残疾")):
            break
        t.press("down")
        t.settle(0.1)
    t.press("enter")
    t.wait("儿童台账  修改  青儿", "健康状况")
    t.type("5")                         # 残疾
    t.press("f2")
    t.wait("数据核查", gone=("写健康却是残疾", "修改  青儿"))
