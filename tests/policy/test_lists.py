"""`tongji form check` on lists and scales that a county wrote wrongly."""
import os
import shutil

import pytest

import lab

GOOD = """[mine]
title = 我的
rows = SELECT 'child' AS form, c.uid, c.name AS 姓名
\tFROM child c
"""

BAD = [
    (GOOD.replace("c.name AS", "c.nmae AS"), "lists/mine.ini:3:"),
    (GOOD.replace("FROM child", "FROM chld"),
     "lists/mine.ini:3:8: 没有这个表或片段：chld，是不是 child"),
    (GOOD.replace("'child' AS form, c.uid, c.name AS 姓名",
                  "'child' AS form, c.uid"), "没有一列中文列名"),
    (GOOD.replace("c.uid, c.name", "c.uid, 1 AS colour, c.name"),
     "不认得的英文列：colour"),
    (GOOD + "menu = nowhere\n", "没有这个菜单：nowhere"),
    (GOOD + "action = vist\n", "action 没有这种表单：vist"),
    (GOOD + "opens = nothing\n", "opens 没有这张名单：nothing"),
    (GOOD + "pairs = true\n", "pairs 要有 other 列"),
    (GOOD + "colour = red\n", "lists/mine.ini:5:1: 没有“colour”这种属性"),
    ("[mine]\ntitle = 我的\n", "要有 title 和 rows"),
    (GOOD.replace("SELECT", "DELETE FROM child; SELECT"),
     "lists/mine.ini:3:"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    shutil.copytree(os.path.join(lab.TOP, "data"), folder / "data")
    return folder


def check(home):
    return lab.run([lab.BIN, "-C", str(home), "form", "check"])


def test_shipped_and_own_pass(home):
    path = home / "data" / "lists" / "mine.ini"
    path.write_text(GOOD, encoding="utf-8")
    r = check(home)
    assert "lists/" not in r.err and "scales/" not in r.err, r
    path.unlink()


@pytest.mark.parametrize("text,said", BAD, ids=range(len(BAD)))
def test_wrong_list_is_named(home, text, said):
    path = home / "data" / "lists" / "mine.ini"
    path.write_text(text, encoding="utf-8")
    r = check(home)
    path.unlink()
    assert r.rc == 1 and said in r.err, r


def test_wrong_scale_is_named(home):
    path = home / "data" / "scales" / "three_level.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("level,,一般,4,9", "level,,一般,5,9"),
                    encoding="utf-8")
    r = check(home)
    path.write_text(text, encoding="utf-8")
    assert r.rc == 1 and "scales/three_level.csv:" in r.err, r
    assert "等级的分数没有接上" in r.err
