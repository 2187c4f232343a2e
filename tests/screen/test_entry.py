"""Entering a child: choices, errors at the field, drafts, saving."""
import signal

import pytest

import lab

BORN = "2015-03-01"
NUMBER = lab.id_number(BORN, 1)


def new_child(t, name="张小明"):
    t.type("1")
    t.wait("儿童台账", "共")
    t.type("n")
    t.wait("先查有没有")
    t.type(name)
    t.wait("筛选: " + name)
    t.press("f2")
    t.wait("新增", "证件号码", "基本情况")


def fill_child(t, village="东悦庄"):
    """From the name to the category."""
    t.press("enter")
    t.type(NUMBER)
    t.press("enter")
    t.wait(BORN)
    for _ in range(3):          # sex, birth, ethnicity
        t.press("enter")
    t.type(village[0])
    t.wait("筛选: " + village[0])
    t.type(village[1:])
    t.wait("筛选: " + village)
    t.press("enter")
    t.wait("村（社区）", village, gone=("筛选",))
    t.press("enter")            # group
    t.type("13")
    t.wait("留守、困境")


@pytest.mark.parametrize("encoding", ("utf-8", "gbk", "gb18030"))
def test_new_child(town, open_term, encoding):
    t = open_term(town, encoding=encoding)
    t.login()
    new_child(t)
    fill_child(t)
    t.press("f2")
    t.wait("已存好", "张小明", "留守、困境", "共1条")
    assert town.one("SELECT name FROM child") == "张小明"
    assert town.one("SELECT birth_date FROM child") == BORN
    assert town.one("SELECT category FROM child").startswith(";left_behind;")
    assert town.one("SELECT count(*) FROM draft") == 0
    town.run("check", status=0)


@pytest.mark.parametrize("encoding", ("gbk", "gb18030", "utf-8"))
def test_bytes_split_over_reads(town, open_term, encoding):
    t = open_term(town, encoding=encoding)
    t.login()
    new_child(t, "李")
    t.press("end")
    for b in "镕镕".encode(encoding):
        t.send(bytes([b]))
        t.settle(0.02)
    t.wait("李镕镕")


def test_bad_byte_is_dropped_alone(town, open_term):
    t = open_term(town)
    t.login()
    new_child(t, "李")
    t.press("end")
    t.send(b"\xffab\033[11~")
    t.wait("帮助", "姓名")          # F1 was not swallowed
    t.press("esc")
    t.wait("李ab")


def test_wrong_number_holds_the_cursor(town, open_term):
    t = open_term(town)
    t.login()
    new_child(t)
    t.press("enter")
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    t.type(wrong)
    t.press("enter")
    shown = t.wait("校验不对")
    assert NUMBER not in shown
    row = t.find("!证件号码")
    assert row > 0 and "证件号码" in t.reversed(row)
    t.press("backspace")
    t.type(NUMBER[-1])
    t.press("enter")
    t.wait(BORN, gone=("校验不对",))
    # sex against the number
    t.type("2")
    t.wait("性别与证件号码不符")


def test_save_goes_to_the_first_error(town, open_term):
    t = open_term(town)
    t.login()
    new_child(t)
    t.press("f2")
    t.wait("还不能存", "“证件号码”")
    row = t.find("证件号码")
    assert "证件号码" in t.reversed(row)
    assert town.one("SELECT count(*) FROM child") == 0


def test_unreadable_date_is_explained_and_can_be_undone(town, open_term):
    t = open_term(town)
    t.login()
    new_child(t)
    t.press("pgdn", "pgdn", "pgdn", "pgdn", "pgdn")
    t.wait("从何处转入")
    t.press("enter")
    t.type("15/3/1")
    t.press("enter")
    t.wait("!转入日期")
    t.press("esc")              # takes the text back, stays in the form
    t.wait("转入日期", gone=("!转入日期",))
    t.type("2015年3月1日")
    t.press("enter")
    t.wait("2015-03-01")


@pytest.mark.parametrize("how", (signal.SIGKILL, signal.SIGHUP,
                                 signal.SIGTERM, "hangup"))
def test_draft_survives(town, open_term, how):
    t = open_term(town)
    t.login()
    new_child(t)
    t.press("enter")
    t.type(NUMBER)
    t.press("enter")
    t.wait(BORN)
    t.press("enter", "enter", "enter", "enter")
    t.settle()
    t.type("一组") if how is not signal.SIGKILL else None
    t.settle()
    if how == "hangup":
        t.hang_up()
    else:
        t.kill(how)
    if how != "hangup":
        t.wait_end()
    else:
        t.reap(0)
    if how is not signal.SIGKILL:
        assert t.status == 0
    again = open_term(town)
    again.wait("用户名")
    again.type("wangfang\r%s\r" % lab.PASSWORD)
    shown = again.wait("有没存完的", "儿童台账", "张小明", "停在")
    assert "刚才" in shown or "分钟前" in shown
    again.press("enter")
    again.wait("接着填", NUMBER, BORN, "张小明")
    if how is not signal.SIGKILL:
        again.wait("一组")
    assert town.one("SELECT count(*) FROM child") == 0
    assert town.one("SELECT count(*) FROM journal WHERE form='child'") == 0


def test_escape_asks_only_if_something_would_be_lost(town, open_term):
    t = open_term(town)
    t.login()
    t.type("3")
    t.choose("活动")
    t.wait("还没有，按 N 新增")
    t.type("n")
    t.wait("活动  新增", "日期")
    t.press("esc")              # nothing typed yet
    t.wait("还没有，按 N 新增", gone=("还没有存",))
    t.type("n")
    t.wait("活动  新增", "日期")
    t.press(*["enter"] * 5)
    t.type("中秋活动")
    t.wait("中秋活动")
    t.press("esc")
    t.wait("还没有存", "留作草稿")
    t.type("x")
    t.wait("已丢弃")
    assert town.one("SELECT count(*) FROM draft") == 0


def test_a_choice_says_what_to_type_and_when_there_is_nothing(town, open_term):
    t = open_term(town)
    t.login()
    t.type("3")
    t.choose("活动")
    t.type("n")
    t.wait("活动  新增", "日期")
    t.press("f4")
    t.wait("还没有登记过儿童之家", "打名称里的字或拼音首字母",
           gone=("证件号",))
    t.press("esc", "down", "down", "f4")
    t.wait("+- 村（社区）", "打名称里的字", gone=("证件号",))
    t.type("不存在")
    t.wait("没有找到", gone=("还没有登记",))
    t.press("esc")
    t.wait("活动  新增", gone=("+- 村",))
    t.press("esc")
    t.wait("还没有，按 N 新增")
    t.press("esc", "esc")
    t.wait("0 退出")
    t.type("4")
    t.choose("工作人员")
    t.type("n")
    t.wait("还没有登记过工作人员", "F2 没有，新增工作人员")


def test_resize(town, open_term):
    t = open_term(town)
    t.login()
    new_child(t)
    t.size(20, 70)
    t.wait("窗口太小", "80 列 24 行")
    t.size(24, 80)
    t.wait("张小明", "证件号码", gone=("窗口太小",))
    t.size(40, 120)
    t.settle()
    t.wait("张小明", "证件号码")
    assert "F2 存盘" in t.row(39)


def test_paste_never_runs_keys(town, open_term):
    t = open_term(town)
    t.login()
    new_child(t, "李")
    t.press("end")
    t.send(b"\033[200~" + "小\r二\033[12~".encode() + b"\033[201~")
    t.wait("李小 二")
    assert "已存好" not in t.text()
    assert t.find("姓名") == t.find("李小 二")


def test_paste_outside_fields_is_dropped(town, open_term):
    t = open_term(town)
    t.login()
    t.send(b"\033[200~0\r10" + b"\033[201~")
    t.settle()
    assert t.find("待办") == 2


def test_idle_lock_keeps_the_draft(town, open_term):
    town.sql("INSERT OR REPLACE INTO meta VALUES('idle_seconds','3')")
    t = open_term(town)
    t.login()
    t.wait("已锁屏", "密码", gone=("待办",))
    t.press("f8", "f3", "esc")      # nothing behind the lock can be reached
    t.settle()
    assert "已锁屏" in t.text()
    t.type("wrong-wrong\r")
    t.wait("不对")
    t.type(lab.PASSWORD + "\r")
    t.wait("待办")


def test_change_person_keeps_the_draft(town, open_term):
    town.add_user("lisi", "supervisor")
    t = open_term(town)
    t.login()
    new_child(t)
    t.press("enter")
    t.type(NUMBER)
    t.press("f12")
    t.wait("用户名", gone=("证件号码",))
    t.login("lisi")
    t.press("f12")
    t.wait("用户名")
    t.type("wangfang\r%s\r" % lab.PASSWORD)
    t.wait("有没存完的", "张小明")
    t.press("enter")
    t.wait(NUMBER)


def test_masked_numbers(town, open_term):
    t = open_term(town)
    t.login()
    new_child(t)
    fill_child(t)
    t.press("f2")
    t.wait("已存好")
    t.press("enter")
    t.wait("370323********" + NUMBER[-4:], "查看、修改")
    assert NUMBER not in t.text()
    t.press("f6")
    t.wait(NUMBER, "已记入日志")
    assert town.one("SELECT count(*) FROM journal WHERE op='unmask'") == 1


def test_help_of_a_field(town, open_term):
    t = open_term(town)
    t.login()
    new_child(t)
    t.press("enter", "enter", "f1")
    t.wait("无证原因", "可选", "F2")
    t.press("esc")
    t.press("^g")
    t.wait("无证原因", "可选")
