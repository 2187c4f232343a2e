"""Policy data with each kind of mistake: refused with its place."""
import os
import shutil

import pytest

import lab

DATA = os.path.join(lab.TOP, "data")


@pytest.fixture
def home(tmp_path):
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns(
        "divisions", "pinyin", "demo", "norm", "terminfo"))
    return tmp_path


def change(home, name, old, new):
    path = home / "data" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def check(home):
    return lab.tongji("-C", home, "form", "check")


def test_shipped_data_is_clean(home):
    r = check(home)
    assert r.rc == 0 and "0 处错误" in r.err, r


@pytest.mark.parametrize("name,old,new,message", [
    ("indicators/sichuan.ini", "FROM left_kid k", "FROM left_kidd k",
     "没有这个表或片段：left_kidd，是不是 left_kid"),
    ("indicators/sichuan.ini", "mode    = entered", "mode    = enterd",
     "是不是想写：entered"),
    ("indicators/sichuan.ini", "measure = ratio", "measur = ratio",
     "是不是想写：measure"),
    ("indicators/sichuan.ini", "[S9]", "[S8]", "编号重复：S8"),
    ("indicators/yiyuan.ini", ":from", ":fron", "是不是 :from"),
    ("indicators/yiyuan.ini", "1 AS d", "1 AS e", "比率的 rows 还要有 d 列"),
    ("indicators/yiyuan.ini", "period = year", "period = yeer",
     "期间应是 as_of week"),
    ("indicators/yiyuan.ini", "stated = y2", "stated = y99",
     "填报指标的码表里没有：y99"),
    ("indicators/yiyuan.ini", "SELECT 'meeting' AS form",
     "DELETE FROM meeting", "indicators/yiyuan.ini:"),
    ("indicators/home.ini", "words   = 本月应走访", "word    = 本月应走访",
     "是不是想写：words"),
    ("rules/visits.csv", "visit,high,7,day,", "visit,high,7,days,",
     "rules/visits.csv:4: 不认识这个单位"),
    ("rules/visits.csv", "visit,high,7,day,,2022-01-01",
     "visit,high,7,day,,2022-13-01", "生效日期"),
    ("rules/visits.csv", "visit,key,1", "visit,high,1", "已有一行"),
    ("rules/visits.csv", "visit,high,7,day,", "visit,high,7,", "应有 9 格"),
])
def test_mistakes(home, name, old, new, message):
    change(home, name, old, new)
    r = check(home)
    assert r.rc == 1
    assert message in r.err.replace(":0: ", ": "), r


def test_a_county_adds_a_scheme_without_c(home):
    (home / "data" / "indicators" / "lushan.ini").write_text("""
[scheme]
name  = lushan
title = 庐山县自己的方案

[L1]
section = 走访
item    = 走访次数
words   = 全年走访不少于一次。
mode    = computed
level   = town
measure = count
target  = 1
unit    = 次
period  = year
rows    = SELECT 'visit' AS form, uid, 1 AS n FROM visit
	WHERE visit_date BETWEEN :from AND :to
""", encoding="utf-8")
    shutil.copytree(os.path.join(DATA, "divisions"),
                    home / "data" / "divisions")
    shutil.copytree(os.path.join(DATA, "pinyin"), home / "data" / "pinyin")
    assert check(home).rc == 0
    lab.tongji("-C", home, "init", "--division", lab.TOWN, status=0)
    text = lab.tongji("-C", home, "indicators", "--scheme", "lushan",
                      status=0).out
    assert "走访次数" in text and "还差 1 次" in text


def test_a_later_document_supersedes_from_its_day(home):
    path = home / "data" / "rules" / "visits.csv"
    with open(path, "a", encoding="utf-8") as f:
        f.write("visit,high,3,day,某县〔2026〕9号,2026-07-01,,县里的文件,\n")
    assert check(home).rc == 0


@pytest.mark.parametrize("sql", [
    "SELECT 'user' AS form, login AS uid, 1 AS n FROM user",
    "SELECT 'user' AS form, login AS uid, 1 AS n FROM x",
    "SELECT 'child' AS form, uid, 1 AS n FROM main.child",
    "SELECT 'child' AS form, uid, 1 AS n FROM y",
    "WITH child AS (SELECT * FROM MAIN.child)"
    " SELECT 'child' AS form, uid, 1 AS n FROM child",
    "SELECT 'j' AS form, seq AS uid, 1 AS n FROM journal",
    "SELECT 'c' AS form, name AS uid, 1 AS n FROM sqlite_schema",
    "INSERT INTO child(uid) VALUES('x') RETURNING 'child' AS form, uid, 1 n",
])
def test_data_files_read_only_what_the_session_may(home, sql):
    """Not the users, not the journal, not the tables behind the views."""
    for part in ("divisions", "pinyin"):
        shutil.copytree(os.path.join(DATA, part), home / "data" / part)
    lab.tongji("-C", home, "init", "--division", lab.TOWN, status=0)
    lab.tongji("-C", home, "user", "add", "yicun", "--role", "reader",
               "--password-stdin", stdin=lab.PASSWORD + "\n", status=0)
    (home / "data" / "indicators" / "bad.ini").write_text("""
[scheme]
name  = bad
title = 试探
[with x]
sql = SELECT * FROM user
[with y]
sql = SELECT * FROM main.child
[L1]
section = 甲
item    = 乙
words   = 丙
mode    = computed
measure = count
rows    = %s
""" % sql, encoding="utf-8")
    r = lab.tongji("-C", home, "--as", "yicun", "indicators", "--scheme",
                   "bad")
    assert r.rc != 0 and "bad.ini" in r.err, r
