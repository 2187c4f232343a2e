"""A PC whose battery is dead: the program asks once what day it is, keeps
that, says so, and never refuses entry for it."""
import datetime
import os
import sys

import lab

sys.path.insert(0, os.path.join(lab.TOP, "tests", "screen"))

import term  # noqa: E402


def beijing(days=0):
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return (now.date() + datetime.timedelta(days)).isoformat()


def last_entry(site):
    return site.one("SELECT substr(at, 1, 10) FROM journal"
                    " ORDER BY seq DESC LIMIT 1")


def test_a_clock_behind_the_last_entry(town):
    later, day = beijing(100), beijing(101)
    town.run("user", "add", "x", "--role", "reader", "--password-stdin",
             stdin=lab.PASSWORD + "\n", env={"TONGJI_TODAY": later}, status=0)
    assert last_entry(town) == later
    with term.Terminal(town) as t:
        t.wait("用户名", "密码")
        t.type("wangfang\r" + lab.PASSWORD + "\r")
        t.wait("电脑时钟可能不准", "今天是")
        t.press("^u")
        t.type(day.replace("-", ""))
        t.press("f2")
        t.wait("待办", "电脑时钟不准", day)
    # kept: not asked again, and commands count with it too
    with term.Terminal(town) as t:
        t.login()
        assert "电脑时钟不准" in t.text() and day in t.row(0)
    town.run("user", "disable", "x", status=0)
    assert last_entry(town) == day
    town.run("check", status=0)


def test_an_offset_of_before_is_not_used_on_a_good_clock(town):
    town.sql("INSERT INTO meta(name, value) VALUES('clock_offset', '400')")
    town.add_user("x", "reader")
    assert last_entry(town) == beijing()


def test_the_day_can_be_set_from_outside_and_shows(town):
    with term.Terminal(town, env={"TONGJI_TODAY": "2026-03-01"}) as t:
        t.login()
        assert "2026-03-01" in t.row(0)
    assert last_entry(town) == "2026-03-01"
