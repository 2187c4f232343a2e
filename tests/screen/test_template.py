"""The next unexpected request: columns chosen once and reused; the county's
empty table recognised, filled and remembered."""
import csv
import os

import lab
from ledger_help import ENV, TODAY, fill

GIRL = lab.id_number("2016-05-04", 2)


def ready(town):
    v = [town.village(i)[0] for i in range(2)]
    fill(town, "child", [
        {"name": "张晓明", "id_number": lab.id_number("2014-05-04", 1),
         "village": v[1], "category": "留守", "guardian_name": "张大山",
         "guardian_phone": "13805330001", "registered_on": "2025-09-01"},
        {"name": "王芳", "id_number": GIRL, "village": v[0],
         "category": "留守、残疾", "guardian_name": "王二",
         "guardian_phone": "13805330002", "registered_on": "2025-09-01"},
        {"name": "李小龙", "id_number": lab.id_number("2015-05-04", 3),
         "village": v[0], "category": "重病", "guardian_name": "李三",
         "guardian_phone": "13805330003", "registered_on": "2025-09-01"}])


def outbox(town, name):
    path = town.path("发件箱", name)
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.reader(f))


def to_csv(t):
    """At 「where to」: a CSV file in the outbox."""
    t.wait("在屏幕上看", "CSV")
    t.type("4")
    t.wait("放到哪里", "发件箱")
    t.type("1")
    t.wait("已存好")


def for_us(t):
    """Whom is it for: the township's own work."""
    t.wait("这份名单给谁用", "履行法定职责")
    t.type("1")


def open_templates(t):
    t.type("8")
    t.choose("模板、填县里的空表")
    t.wait("模板和空表", "新的模板")


def test_columns_chosen_and_reused(town, open_term):
    ready(town)
    t = open_term(town, env=ENV)
    t.login()
    open_templates(t)
    t.type("1")
    t.wait("给这张表起个名字")
    t.type("低保核对")
    t.press("enter")
    t.wait("要哪些列")
    for word in ("village", "name", "id_number"):
        t.type(word)
        t.wait("筛选: " + word)
        t.press("space")
        t.settle(0.1)
        t.press("^u")
        t.wait("序号", gone=("筛选: " + word,))
    t.press("enter")
    t.wait("要哪一类孩子")
    t.type("2")                         # 留守
    t.wait("证件号码怎么写")
    t.type("2")                         # in groups
    t.wait("只要一个村的")
    t.press("enter")
    for_us(t)
    to_csv(t)
    rows = outbox(town, "低保核对-%s.csv" % TODAY)
    assert ["村（社区）", "姓名", "证件号码"] in rows
    at = rows.index(["村（社区）", "姓名", "证件号码"])
    assert [r[1:] for r in rows[at + 1:at + 3]] == [
        ["王芳", "%s %s %s" % (GIRL[:6], GIRL[6:14], GIRL[14:])],
        ["张晓明", "%s %s %s" % ((lambda n: (n[:6], n[6:14], n[14:]))(
            lab.id_number("2014-05-04", 1)))]]
    assert not any("李小龙" in r for r in rows)
    # again, next month: by its name
    t.wait("模板和空表", "低保核对")
    t.type("3")
    t.wait("用这个模板做什么")
    t.press("enter")
    for_us(t)
    t.wait("在屏幕上看")
    t.type("1")
    t.wait("王芳", "张晓明")
    # every export is accounted for
    assert town.one("SELECT count(*) FROM journal WHERE op='export'") == 1


def test_county_blank_is_filled(town, open_term):
    ready(town)
    os.makedirs(town.path("收件箱"))
    blank = "沂源县儿童信息核对表,,,,,\n序号,儿童姓名,身份证号,年龄,监护人电话,核对人签字\n"
    with open(town.path("收件箱", "核对表.csv"), "wb") as f:
        f.write(blank.encode("gb18030"))
    t = open_term(town, env=ENV)
    t.login()
    open_templates(t)
    t.type("2")
    t.wait("县里给的空表", "核对表.csv")
    t.press("enter")
    t.wait("空表的列", "监护人电话", "核对人签字")
    t.press("f2")
    t.wait("要哪一类孩子")
    t.type("1")
    t.wait("证件号码怎么写")
    t.type("1")
    for_us(t)
    to_csv(t)
    rows = outbox(town, "核对表-%s.csv" % TODAY)
    head = ["序号", "儿童姓名", "身份证号", "年龄", "监护人电话", "核对人签字"]
    at = rows.index(head)
    assert any("沂源县儿童信息核对表" in c for r in rows[:at] for c in r)
    assert rows[at + 1:at + 4] == [
        ["1", "李小龙", lab.id_number("2015-05-04", 3), "11", "13805330003",
         ""],
        ["2", "王芳", GIRL, "10", "13805330002", ""],
        ["3", "张晓明", lab.id_number("2014-05-04", 1), "12", "13805330001",
         ""]]
    # remembered
    t.wait("模板和空表", "核对表")
