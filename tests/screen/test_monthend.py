"""Month's end (story 8): the survey table with its cells, the names behind
them, the aged-out list, this month against the last.  Counted by hand:

    village 0: 甲 (girl, born 2010-11-30), 乙 (boy 2014), 丙 (girl 2022)
    village 1: 丁 (boy 2012), 戊 (girl 2016, came 2026-11-05),
               己 (boy 2015, came 2026-11-06), 庚 (boy 2016, came 2026-11-09)
    gone in November: 辛 (moved), 壬 (parents back)
"""
import pytest

import lab

ENV = {"TONGJI_TODAY": "2026-11-30"}
HEALTHY = {"health": "健康", "hukou_kind": "农村", "care_kind": "祖辈",
           "study_status": "在学", "stage": "小学", "boarding": "否",
           "guardianship": "较好", "relief": "无",
           "away_reason": "双方同时外出"}


def kid(name, sex, birth, village, since="2025-09-01", **more):
    row = {"name": name, "no_id_reason": "不详", "sex": sex,
           "birth_date": birth, "village": village, "category": "留守",
           "registered_on": since, "guardian_name": "祖母",
           "guardian_relation": "祖母", "left_on": "", "left_reason": ""}
    row.update(HEALTHY)
    row.update(more)
    return row


@pytest.fixture
def november(town):
    a, b = town.village(0)[0], town.village(1)[0]
    rows = [
        kid("甲甲", "女", "2010-11-30", a),
        kid("乙乙", "男", "2014-05-01", a),
        kid("丙丙", "女", "2022-05-01", a, health=""),
        kid("丁丁", "男", "2012-05-01", b, care_kind=""),
        kid("戊戊", "女", "2016-05-01", b, "2026-11-05"),
        kid("己己", "男", "2015-05-01", b, "2026-11-06", boarding=""),
        kid("庚庚", "男", "2016-07-01", b, "2026-11-09", hukou_kind=""),
        kid("辛辛", "男", "2015-01-01", b, left_on="2026-11-20",
            left_reason="迁出本镇"),
        kid("壬壬", "女", "2015-02-01", b, left_on="2026-11-21",
            left_reason="父母返乡"),
    ]
    r = town.import_csv("child", lab.csv_text(rows), env=ENV)
    assert lab.counts(r) == (9, 0, 0, 0), repr(r)
    return town


def open_table(t):
    t.login()
    t.type("7")
    t.choose("排查汇总表")
    return t.wait("截止 2026-11-30", "共 6 人", "未采集 4 人",
                  "各块合计都等于总数")


def test_wide_blocks_say_so(november, open_term):
    t = open_term(november, env=ENV)
    assert "农村留守儿童基本情况排查汇总表" in open_table(t)
    assert "还有" not in t.row(1)                   # all of it is seen
    t.press("tab")
    shown = t.wait("2/9 就学情况", "右边还有")
    hidden = int(shown.split("右边还有")[1].split("列")[0])
    drawn = len(t.row(3).split()) - 2               # name and sum
    assert "左边还有" not in shown
    t.press("left")                                 # to the last column
    shown = t.wait("左边还有", gone=("右边还有",))
    assert int(shown.split("左边还有")[1].split("列")[0]) >= hidden
    assert drawn + hidden == 11, (drawn, hidden)


def test_cells_and_names(november, open_term):
    t = open_term(november, env=ENV)
    open_table(t)
    # 甲 is sixteen this very day: not among them
    assert t.row(3).split()[1:] == ["2", "0", "1", "1", "0", "0", "0", "0"]
    assert t.row(4).split()[1:] == ["4", "0", "0", "2", "1", "1", "0", "0"]
    assert t.row(5).split() == ["合计", "6", "0", "1", "3", "1", "1", "0",
                                "0"]
    t.press("end", "right", "right", "right")       # 6-13岁男
    t.press("enter")
    t.wait("合计  年龄和性别  6-13岁男  3 人", "乙乙", "己己", "庚庚")
    t.press("esc")
    t.wait("1/9 年龄和性别", gone=("庚庚",))
    t.press("tab", "tab", "tab")
    t.wait("4/9 健康状况")
    # the one whose health nobody wrote down; Enter goes to her
    t.press("left", "enter")
    t.wait("未采集  1 人", "丙丙")
    t.press("enter")
    t.wait("儿童台账  丙丙")


def test_against_last_month(november, open_term):
    t = open_term(november, env=ENV)
    open_table(t)
    t.type("c")
    t.wait("与上月比", "在屏幕上看")
    t.type("1")
    shown = t.wait("戊戊", "己己", "庚庚", "辛辛", "壬壬")
    assert "迁出本镇" in shown and "父母返乡" in shown
    assert "甲甲" in shown          # sixteen
    assert "丁丁" not in shown.split("未采集")[0]


def test_aged_out_and_changes(november):
    out = november.run("report", "满龄名单", env=ENV, status=0).out
    assert "甲甲" in out and "满16周岁" in out and "共 1 条" in out
    out = november.run("report", "changes", env=ENV, status=0).out
    lines = [x.split() for x in out.splitlines() if "-11-" in x and
             x.split()[0].isdigit()]
    signs = [(x[1], x[2]) for x in lines]
    assert sorted(signs) == sorted([
        ("+", "戊戊"), ("+", "己己"), ("+", "庚庚"), ("-", "辛辛"),
        ("-", "壬壬"), ("满", "甲甲")])


def test_month_by_command(november):
    out = november.run("report", "排查汇总表", "--month", "2026-11",
                       "--names", env=ENV, status=0).out
    assert "共 6 人" in out and "未采集 4 人" in out
    for name in ("丙丙", "丁丁", "己己", "庚庚"):
        assert name in out
