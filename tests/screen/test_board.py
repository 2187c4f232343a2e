"""The first screen's figures and the indicator board of the hand-counted
township (tests/policy/township.py), read in UTF-8 and, monochrome, in GBK."""
import os
import shutil
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "policy"))

import lab  # noqa: E402
import township  # noqa: E402

ENV = township.ENV


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    site = township.make(tmp_path_factory.mktemp("board"))
    site.add_user("zhuan", "special")   # else the first to-do says so
    return site


def test_first_screen(counted, open_term):
    t = open_term(counted, env=ENV)
    t.login()
    text = t.wait("走访完成率", "按时办结率")
    # 丁一 lives alone and has no hukou, 乙三 has nobody; case 三 since 11-27
    # (one working day); referrals 教体局 since 11-16 (ten working days).
    for row in ("监护未落实", "留守无户籍", "受理单逾期", "转办逾期未回"):
        line = next(x for x in text.splitlines() if row in x)
        assert line.lstrip().startswith("!"), line
    assert "最久1工作日" in text and "最久10工作日" in text
    # H1 3/6, H2 2/8, H3 2/3, H4 2/5.
    for bar, percent in (("走访完成率", "50%"), ("之家周活动", "25%"),
                         ("参训率", "67%"), ("按时办结率", "40%")):
        line = next(x for x in text.splitlines() if bar in x)
        assert line.rstrip().endswith(percent), line
    # A restricted report that nobody called in is not an administrator's.
    assert "强制报告未报案" not in text
    rows = text.splitlines()
    first = next(i for i, r in enumerate(rows) if "待办" in r) + 1
    at = next(i for i, r in enumerate(rows) if "监护未落实" in r)
    t.press(*["down"] * (at - first), "enter")
    t.wait("监护未落实", "丁一", "乙三", "共2条")


@pytest.mark.parametrize("encoding,term", [("utf-8", "xterm-256color"),
                                           ("gbk", "vt100")])
def test_board_to_the_record(counted, open_term, encoding, term):
    t = open_term(counted, env=ENV, encoding=encoding, term=term)
    t.login()
    t.type("6")
    t.choose("各项指标")
    t.wait("哪个方案", "征求意见稿")
    t.type("2")
    text = t.wait("Y45", "Y47", "多出 2 人", "还差 3 周")
    rows = text.splitlines()
    veto = [i for i, r in enumerate(rows) if "否决项" in r]
    short = [i for i, r in enumerate(rows) if "还差" in r]
    assert len(veto) == 3 and max(veto) < min(short)
    assert any("!Y46" in r for r in rows)
    t.press("down", "enter")                    # Y46
    t.wait("乙三", "没有监护人", "丁一", "独自居住")
    t.press("enter")
    t.wait("儿童台账", gone=("没有监护人",))
    t.press("esc")
    t.wait("没有监护人")
    t.press("esc")
    t.wait("Y45")
    t.press("f1")
    t.wait("存在没有落实儿童监护责任的", "县民政局、县公安局")
    t.press("esc")
    t.wait("Y45", gone=("存在没有落实",))
    t.press("left")                             # the month before
    t.wait("2026-10-31")
    t.press("right")
    t.wait("2026-11-30")
    t.type("t")
    t.wait("2026-10-31  ", "2026-11-30  ")


def test_draft_plan_says_so_and_higher_levels_fold(counted, open_term):
    t = open_term(counted, env=ENV)
    t.login()
    t.type("6")
    t.choose("各项指标")
    t.wait("哪个方案")
    t.type("1")
    t.wait("征求意见稿", "A 展开")
    t.type("/S24")
    t.wait("S24", "本镇 5 场", "全县目标 10 场", "县级目标")
    t.press("enter")
    t.wait("家长课四", "讲座", "共5条")


def test_monthly_report_and_its_keeping(counted, open_term):
    t = open_term(counted, env=ENV)
    t.login()
    t.type("7")
    t.choose("月报、季报、年报")
    t.wait("哪种报表")
    t.type("1")
    t.wait("哪一期", "2026年11月", "2026年10月")
    t.press("down", "enter")                    # October
    t.wait("先核查", "处要紧的问题")
    t.press("enter")                            # have a look first
    t.wait("数据核查", "乙三")
    t.press("esc")
    t.choose("月报、季报、年报")
    t.wait("哪种报表")
    t.type("1")
    t.wait("哪一期")
    t.press("down", "enter")
    t.wait("先核查")
    t.type("g")
    t.wait("照报", "为什么不改完就报")
    t.type("乙三的监护人正在指定")
    t.press("enter")
    t.wait("在屏幕上看")
    t.type("1")
    t.wait("儿童工作月报", "2026年10月", "在册儿童")
    t.press("esc")
    t.wait("就这样上报了吗")
    t.type("y")
    t.wait("另做一份名单吗")
    t.press("esc")
    t.wait("月报、季报、年报")
    text = counted.one("SELECT text FROM snapshot WHERE name = '月报'")
    assert "照报的原因：2026-11-30 wangfang：乙三的监护人正在指定" in \
        text.replace("\n", "")
    assert counted.one("SELECT count(*) FROM journal WHERE op = 'override'"
                       ) == 1
    t.press("esc", "esc")
    t.wait("走访完成率")
    t.type("6")
    t.choose("各项指标")
    t.wait("哪个方案")
    t.type("2")
    t.wait("Y45")
    t.type("t")
    text = t.wait("上报时")
    assert [x[1:11] for x in text.splitlines() if "上报时" in x] == [
        "2026-10-31"]
    # Any day, and what was handed in beside it: then and now.
    t.press("esc")
    t.wait("Y45", gone=("上报时",))
    t.type("d")
    t.wait("哪一天")
    t.press(*["backspace"] * 10)
    t.type("20261031")
    t.press("enter")
    t.wait("2026-10-31")
    counted.import_csv("staff", "name,role,village,appointed_on\n"
                       "后补的,儿童主任,%s,2026-10-01\n"
                       % counted.village(7)[0], 0, env=ENV)
    t.type("s/Y41")
    t.wait("上报时", "2/55 3.6%", gone=("不低于",))
    t.press("esc", "left", "right")
    t.type("d")
    t.wait("哪一天")
    t.press("enter")
    t.type("/Y41")
    row = next(x for x in t.wait("上报时", "3/55").splitlines()
               if "Y41" in x)
    assert row.index("3/55 5.5%") < row.index("2/55 3.6%")


def test_cross_table(counted, open_term):
    t = open_term(counted, env=ENV)
    t.login()
    t.type("8")
    t.choose("统计表")
    t.wait("统计哪个台账")
    t.type("儿童台账")
    t.press("enter")
    t.wait("按什么分行")
    t.type("xb")
    t.press("enter")
    t.wait("按什么分列")
    t.press("enter")
    t.wait("只统计哪些", "不筛选")
    t.press("enter")
    t.wait("在屏幕上看")
    t.type("1")
    t.wait("共 10 条", "男", "50.0%")
    t.press("esc")
    t.wait("查询统计", "统计表", gone=("50.0%",))
    t.choose("统计表")
    t.wait("统计哪个台账")
    t.type("儿童台账")
    t.press("enter")
    t.wait("按什么分行")
    t.type("xb")
    t.press("enter")
    t.wait("按什么分列")
    t.press("enter")
    t.wait("只统计哪些")
    t.type("儿童类别")
    t.press("enter")
    t.wait("留守", "孤儿")
    t.type("孤儿")
    t.press("enter")
    t.wait("在屏幕上看")
    t.type("1")
    t.wait("共 2 条")


def test_schemes_are_chosen(town, open_term):
    t = open_term(town, env=ENV)
    t.login()
    t.type("6")
    t.choose("本单位的考核方案")
    t.wait("空格选或不选", "征求意见稿")
    t.press("space", "enter")                   # not Sichuan's
    t.wait("本单位的考核方案", gone=("空格选或不选",))
    t.choose("各项指标")
    t.wait("Y45", gone=("哪个方案",))           # only one is left
    t.type("n")
    t.wait("填报值  ", "共0条", "现在没有", gone=("都办好了",))
    t.press("esc")
    t.wait("Y45")
    t.press("esc", "esc")
    t.wait("走访完成率")
    r = town.run("indicators", "--format", "json", env=ENV, status=0)
    assert r.out.count('"scheme":"yiyuan"') == 47
    assert '"scheme":"sichuan"' not in r.out


def test_figures_that_fail_are_not_nothing_to_do(town, open_term):
    """A fault in the policy data must not read as "nothing is due"."""
    shutil.copytree(os.path.join(lab.TOP, "data"), town.path("data"))
    path = town.path("data", "indicators", "common.ini")
    text = open(path, encoding="utf-8").read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("[with no_hukou]", "[with lost_hukou]"))
    t = open_term(town, env=ENV)
    t.login()
    shown = t.wait("待办", "! 待办算不出来，不等于没有")
    assert "没有到期的事" not in shown


def test_a_file_is_taken_as_evidence(town, open_term, tmp_path):
    box = town.path("收件箱", "100APPLE")
    os.makedirs(box)
    with open(os.path.join(box, "IMG_1.jpg"), "wb") as f:
        f.write(b"\xff\xd8\xff\xe0 a photo")
    t = open_term(town, env=ENV)
    t.login()
    t.type("6")
    t.choose("各项指标")
    t.wait("哪个方案")
    t.type("2")
    t.wait("Y45")
    t.type("f")
    t.wait("收哪个文件", "IMG_1.jpg", "100APPLE")
    t.press("enter")
    t.wait("已收进：IMG_1.jpg", "名称")
    t.press("esc")
    t.wait("Y45", gone=("名称",))
    t.type("e")
    t.wait("IMG_1", "照片")
    t.press("enter")
    t.wait("收进文件", "把文件另存出来")
    t.choose("把文件另存出来")
    t.wait("文件存到哪里", "发件箱")
    t.press("enter")
    t.wait("已另存")
    assert len(os.listdir(town.path("发件箱"))) == 1


def test_evidence_is_deleted_with_its_file(town, open_term):
    """From the item's list, with a reason; the file's bytes go too, another's
    stay."""
    photo = b"\xff\xd8\xff\xe0 a photo"
    for name in ("once.jpg", "twice.jpg"):
        path = town.path(name)
        with open(path, "wb") as f:
            f.write(photo + (b"" if name == "once.jpg" else b" more"))
        town.run("evidence", "add", path, "--indicator", "Y45", status=0)
    t = open_term(town, env=ENV)
    t.login()
    t.type("6")
    t.choose("各项指标")
    t.wait("哪个方案")
    t.type("2")
    t.wait("Y45")
    t.type("e")
    t.wait("once", "twice")
    t.type("d")
    t.wait("删除佐证材料“twice”", "原因")
    t.press("enter")                # not without a reason
    t.wait("删除佐证材料")
    t.type("拍错了")
    t.press("enter")
    t.wait("once", gone=("twice", "删除佐证材料"))
    assert town.sql("SELECT title, deleted FROM evidence ORDER BY title") == [
        ("once", 0), ("twice", 1)]
    assert town.sql("SELECT data FROM blob") == [(photo,)]
    assert "拍错了" in town.one("SELECT vals FROM journal WHERE op='delete'"
                             " AND form='evidence'")
    town.run("check", status=0)


def test_closing_day_is_set(town, open_term):
    t = open_term(town, env=ENV)
    t.login()
    t.type("9")
    t.wait("月结日")
    t.press(*["down"] * 9, "enter")
    t.wait("几号", "填 0 按月末")
    t.press("backspace")
    t.type("31")
    t.press("enter")
    t.wait("请填 0 到 28")
    t.press("enter")
    t.wait("几号")
    t.press("backspace")
    t.type("25")
    t.press("enter")
    t.wait("每月 25 日结账")
    t.press("esc")
    t.type("7")
    t.choose("月报、季报、年报")
    t.wait("哪种报表")
    t.type("1")
    t.wait("2026年12月")                        # 11-30 is December's
