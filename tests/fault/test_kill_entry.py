"""kill -9 while somebody is typing: what left a field is in the draft, what
said 已存好 is a record, and the next login goes on where it stopped."""
import json
import os
import random
import signal
import sys

import lab

sys.path.insert(0, os.path.join(lab.TOP, "tests", "screen"))

import term  # noqa: E402

ROUNDS = 100 if os.environ.get("TONGJI_SOAK") else 20


def draft(site):
    rows = site.sql("SELECT data FROM draft WHERE form='child'")
    assert len(rows) <= 1
    return {k: v[1] for k, v in json.loads(rows[0][0]).items()
            if k} if rows else {}


def start(site, name):
    t = term.Terminal(site)
    t.login()
    t.type("1")
    t.wait("儿童台账", "共")
    t.type("n")
    t.wait("先查有没有")
    t.type(name)
    t.wait("筛选: " + name)
    t.press("f2")
    t.wait("新增", "证件号码", "基本情况")
    return t


def fill(t, number, born, village, steps):
    """Type up to `steps` fields; what was left with Enter and answered on the
    screen, as field: value."""
    left = {}
    t.press("enter")
    for i in range(steps):
        if i == 0:
            t.type(number)
            t.press("enter")
            t.wait(born)
            left.update(id_number=number, birth_date=born)
        elif i == 1:
            t.press("enter", "enter", "enter")
            t.type(village[0])
            t.wait("筛选: " + village[0])
            t.type(village[1:])
            t.wait("筛选: " + village)
            t.press("enter")
            t.wait("村（社区）", village, gone=("筛选",))
        elif i == 2:
            t.type("二组")
            t.press("enter")
            t.wait("二组")
            # the next key is answered only after the draft was written
            t.type("1")
            t.wait("留守")
            left.update(group_name="二组")
    return left


def test_kill_while_typing(town):
    rnd = random.Random(6)
    names = lab.children(ROUNDS, ["x"], start=3000)
    code, village = town.village(0)
    for i, row in enumerate(names):
        name = row["name"]
        born = row["id_number"][6:14]
        born = "%s-%s-%s" % (born[:4], born[4:6], born[6:])
        t = start(town, name)
        left = fill(t, row["id_number"], born, village, rnd.randrange(1, 4))
        if rnd.random() < 0.5:
            t.type("半截没离开的字")       # never left a field: may go
        t.kill(signal.SIGKILL)
        t.close()
        town.run("check", status=0)
        have = draft(town)
        assert have.get("name") == name
        for field, value in left.items():
            assert have.get(field) == value, (field, have)
        assert town.one("SELECT count(*) FROM child") == 0

        # the next login: which record, which field; then on to the end
        t = term.Terminal(town)
        t.wait("用户名", "密码")
        t.type("wangfang\r" + lab.PASSWORD + "\r")
        t.wait("没存完", name)
        t.type("y")
        t.wait("儿童台账", born)
        t.kill(signal.SIGKILL)          # again, before a key was pressed
        t.close()
        assert draft(town) == have
        t = term.Terminal(town)
        t.wait("用户名", "密码")
        t.type("wangfang\r" + lab.PASSWORD + "\r")
        t.wait("没存完", name)
        t.type("y")
        t.wait("儿童台账", born)
        t.press("f10")
        t.wait("还没有存")
        t.type("x")
        t.wait("待办", gone=("还没有存",))
        t.close()
        assert draft(town) == {}
    town.run("check", status=0)


def test_kill_after_saved(town):
    """The word 已存好 is a promise: the process dies the moment that it is on
    the screen."""
    code, village = town.village(0)
    rows = lab.children(ROUNDS, ["x"], start=4000)
    for i, row in enumerate(rows):
        born = row["id_number"][6:14]
        born = "%s-%s-%s" % (born[:4], born[4:6], born[6:])
        t = start(town, row["name"])
        fill(t, row["id_number"], born, village, 3)
        t.press("f2")
        t.wait("已存好")
        t.kill(signal.SIGKILL)
        t.close()
        assert town.one("SELECT count(*) FROM child WHERE id_number=?",
                        row["id_number"]) == 1
        assert town.one("SELECT count(*) FROM draft") == 0
        town.run("check", status=0)
    assert town.one("SELECT count(*) FROM child") == len(rows)
    assert town.one("SELECT count(*) FROM enrolment") == len(rows)
