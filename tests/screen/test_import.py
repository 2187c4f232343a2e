"""A township's own roster through the screen: titles above the header, a 合计
row below, words nobody knows, refused rows corrected and saved."""
import os

import lab
from ledger_help import ENV

ROSTER = """悦庄镇留守儿童花名册,,,,,
填报单位：悦庄镇,,,,,
序号,娃娃姓名,公民身份号码,娃娃类别,哪里人,备注列
1,张晓明,%s,留守,%s,甲
2,王芳,%s,留守,%s,乙
3,李小龙,370323201605040012,留守,%s,丙
合计,3,,,,
"""


def roster(town):
    v = town.village(0)[1]
    return ROSTER % (lab.id_number("2016-05-04", 1), v,
                     lab.id_number("2016-06-04", 2), v, v)


def open_import(t, path):
    t.type("8")
    t.choose("导入名册")
    t.wait("导入哪一种台账", ">儿童台账")     # what is imported most, first
    t.type("ertong")
    t.wait("儿童台账")
    t.press("enter")
    t.wait("导入哪个文件")
    t.type(os.path.basename(path))
    t.wait(">" + os.path.basename(path))
    t.press("enter")
    t.wait("儿童台账的列", "娃娃姓名")


def test_mapping_is_remembered_and_rejects_mended(town, open_term):
    os.makedirs(town.path("收件箱"), exist_ok=True)
    path = town.path("收件箱", "roster-2026.csv")
    with open(path, "wb") as f:
        f.write(roster(town).encode("gb18030"))
    t = open_term(town, env=ENV)
    t.login()
    open_import(t, path)
    assert t.row(t.find("娃娃姓名")).lstrip().startswith("?")
    t.press("down", "enter")            # to 娃娃姓名
    t.wait("这一列是什么")
    t.type("name")
    t.wait("姓名")
    t.press("enter")
    t.wait("娃娃姓名", "张晓明", gone=("这一列是什么",))
    t.press("down", "enter")             # past the number
    t.wait("这一列是什么")
    t.type("category")
    t.wait("儿童类别")
    t.press("enter")
    t.press("f2")
    # nobody has said which column is the village: all would be refused
    t.wait("缺少必填的列", "还没有一列是：村（社区）。", "N  否")
    t.press("enter")
    t.wait("儿童台账的列", gone=("缺少必填的列",))
    t.press("enter")
    t.wait("这一列是什么")
    t.type("village")
    t.wait("村（社区）")
    t.press("enter")
    t.press("f2")
    t.wait("导入结果", "新增 2  更新 0  未变 0  退回 1")
    t.press("esc")
    t.wait("有 1 行退回", "现在就在屏幕上改")
    t.press("enter")
    t.wait("退回的行", "6      李小龙   性别", "必须填写")
    t.press("enter")
    t.wait("儿童台账  新增", "李小龙")
    good = lab.id_number("2016-05-04", 3)
    t.press("up", "^u")
    t.type(good)
    t.press("enter")
    t.wait("2016-05-04")
    t.press("f2")
    t.wait("退回的行", "已改好")
    t.press("esc")
    t.wait("退回的都改好了")
    assert not os.path.exists(path + ".rejects.csv")
    assert sorted(x[0] for x in town.sql("SELECT name FROM child")) == [
        "张晓明", "李小龙", "王芳"]
    # the next roster with these words needs no help
    t.press("esc")
    t.wait("待办")
    open_import(t, path)
    assert not t.row(t.find("娃娃姓名")).lstrip().startswith("?")
    t.press("f2")
    t.wait("导入结果", "新增 0  更新 0  未变 2  退回 1")


def test_the_first_day_leads_to_the_roster(town, open_term):
    t = open_term(town, env=ENV)
    t.login()
    t.wait("先导入花名册", "或按1新增")
    t.press("enter")
    t.wait("导入哪个文件")
    t.press("esc")
    t.wait("先导入花名册", gone=("导入哪个文件",))
    # the register stands first where any form may be chosen
    t.type("8")
    t.choose("导入名册")
    t.wait("导入哪一种台账", ">儿童台账")
    t.press("esc", "esc")
    kids = lab.children(1, [town.village(0)[0]])
    town.import_csv("child", lab.csv_text(kids), 0)
    t.wait("本月指标", gone=("先导入花名册",))


def test_a_long_role_does_not_touch_the_date(town, open_term):
    town.add_user("zhuren", "admin;special")
    t = open_term(town, env={})
    t.login("zhuren")
    assert "管理员兼专办  20" in t.row(0)
