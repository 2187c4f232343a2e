"""Login, wrong passwords, the first screen, leaving."""
import pytest

import lab

TERMS = ("xterm-256color", "putty", "linux", "vt100")


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("encoding", ("utf-8", "gbk", "gb18030"))
def test_first_screen_everywhere(town, open_term, term, encoding):
    t = open_term(town, term=term, encoding=encoding)
    t.login()
    shown = t.display()
    assert shown[0].startswith(" 童记  悦庄镇") and "管理员" in shown[0]
    assert shown[1] == " " + "-" * 78
    assert "待办" in shown[2] and "本月指标" in shown[2]
    menu = t.find("1 儿童台账")
    assert shown[menu].split() == ["1", "儿童台账", "2", "走访评估", "3",
                                   "儿童之家", "4", "培训签到", "5", "一门受理"]
    assert shown[menu + 1].split() == ["6", "指标看板", "7", "汇总上报", "8",
                                       "查询统计", "9", "系统设置", "0", "退出"]
    assert "已存好" in shown[menu + 3] and "F1 帮助" in shown[menu + 3]
    t.type("0")
    assert t.wait_end() == 0


def test_silent_terminal(town, open_term):
    """One that never answers the probe."""
    t = open_term(town, answers=False)
    t.login()


def test_wrong_password(town, open_term):
    t = open_term(town)
    t.wait("用户名", "密码")
    t.type("wangfang\r")
    t.type("not-this-one\r")
    t.wait("用户名或密码不对")
    assert "not-this" not in t.text() and "***" not in t.text()
    t.type(lab.PASSWORD + "\r")
    t.wait("待办")


def test_slow_down_after_wrong_passwords(town, open_term):
    t = open_term(town)
    t.wait("用户名")
    t.type("wangfang\r")
    for _ in range(40):             # on a slow machine the first waits pass
        t.type("wrong-wrong\r")
        for _ in range(200):        # either answer, on a busy machine too
            t.settle(0.05)
            shown = t.text()
            if "*" not in shown and ("不对" in shown or "请等" in shown):
                break
        if "请等" in shown:
            break
    assert "秒再试" in shown
    # another name is not slowed down
    town.add_user("lisi", "supervisor")
    other = open_term(town)
    other.login("lisi")


def test_unknown_name_says_the_same(town, open_term):
    t = open_term(town)
    t.wait("用户名")
    t.type("nobody\r")
    t.type("some-password\r")
    t.wait("用户名或密码不对")


def test_disabled_user(town, open_term):
    town.add_user("lisi", "supervisor")
    town.run("user", "disable", "lisi", status=0)
    t = open_term(town)
    t.wait("用户名")
    t.type("lisi\r%s\r" % lab.PASSWORD)
    t.wait("用户名或密码不对")


def test_change_person(town, open_term):
    town.add_user("lisi", "reader")
    t = open_term(town)
    t.login()
    t.press("f12")
    t.wait("用户名", gone=("待办",))
    t.login("lisi")
    assert "只读" in t.row(0)


def test_full_width_keys(town, open_term):
    """A Windows input method left on must not break the menus."""
    t = open_term(town)
    t.login()
    t.type("１")
    t.wait("还没有，按 N 新增")
    t.type("／")
    t.wait("查找", "筛选:")
    t.press("esc")
    t.wait("还没有，按 N 新增")
    t.type("？")
    t.wait("这一屏的按键")
    t.press("esc", "esc")
    t.wait("待办")
    t.type("０")
    assert t.wait_end() == 0


def test_wrong_locale_of_a_utf8_terminal(town, open_term):
    """The locale says GBK, the terminal is UTF-8: it is asked and believed."""
    t = open_term(town, encoding="utf-8", locale="zh_CN.GBK")
    t.wait("童记", "已改按 UTF-8 显示")
    t.login()


def test_no_locale_but_utf8_terminal(town, open_term):
    t = open_term(town, locale="C")
    t.login()


def test_no_locale_silent_terminal(town, open_term):
    t = open_term(town, locale="C", answers=False)
    assert t.wait_end() == 3
    assert "LANG=C.UTF-8" in t.text()


def test_wrong_clock(town, open_term):
    """The journal knows a later day than the computer: it is asked, not
    refused, and said on the first screen."""
    town.sql("UPDATE journal SET at='2099-05-01 10:00:00' WHERE seq ="
             " (SELECT max(seq) FROM journal)")
    t = open_term(town)
    t.wait("用户名")
    t.type("wangfang\r%s\r" % lab.PASSWORD)
    t.wait("电脑时钟可能不准", "今天是")
    t.press("^u")
    t.type("20990502")
    t.press("f2")
    t.wait("待办", "电脑时钟不准")
    assert "2099-05-02" in t.row(0)
    assert town.one("SELECT at FROM journal ORDER BY seq DESC LIMIT 1") \
        >= "2099"
    # and it is kept for the next time
    t.close()
    again = open_term(town)
    again.login()
    assert "2099-05-02" in again.row(0)


def test_today_is_shown_as_set(town, open_term):
    t = open_term(town, env={"TONGJI_TODAY": "2026-12-24"})
    t.login()
    assert "2026-12-24" in t.row(0) and "设定" in t.row(0)


def test_not_a_terminal(town):
    r = town.run(status=3)
    assert "terminal" in r.err and "终端" in r.err


def test_unknown_terminal_type(town, open_term):
    t = open_term(town, term="no-such-terminal")
    t.login()
