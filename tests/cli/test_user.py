"""tongji user: who may log in."""
import pytest

import lab


def lines(town):
    return [x.split("\t") for x in
            town.run("user", "list", status=0).out.splitlines()]


def test_add_every_role(town):
    code, village = town.village()
    for i, role in enumerate(("supervisor", "special", "county", "reader",
                              "督导员", "管理员")):
        town.add_user("u%d" % i, role)
    town.add_user("zhang", "director", "--village", code, "--name", "张三妹")
    rows = {r[0]: r for r in lines(town)}
    assert rows["zhang"][1] == "张三妹"
    assert rows["zhang"][2] == "director"
    assert rows["zhang"][4] == village
    assert rows["u4"][2] == "supervisor" and rows["u5"][2] == "admin"
    town.run("check", status=0)


def test_several_villages(town):
    town.add_user("zhang", "director", "--village", town.village(0)[0],
                  "--village", town.village(1)[0])
    row = [r for r in lines(town) if r[0] == "zhang"][0]
    assert town.village(0)[1] in row[4] and town.village(1)[1] in row[4]


@pytest.mark.parametrize("args, password", [
    (["a b", "--role", "reader"], lab.PASSWORD),
    (["", "--role", "reader"], lab.PASSWORD),
    (["zhang", "--role", "king"], lab.PASSWORD),
    (["zhang"], lab.PASSWORD),
    (["zhang", "--role", "reader"], "short"),
    (["zhangsanfeng", "--role", "reader"], "zhangsanfeng"),
    (["zhang", "--role", "reader"], ""),
    (["zhang", "--role", "director", "--village", "370323104999"],
     lab.PASSWORD),
    (["wangfang", "--role", "reader"], lab.PASSWORD),
    (["x\x1b[2J", "--role", "reader"], lab.PASSWORD),
])
def test_refused(town, args, password):
    before = lines(town)
    r = town.run("user", "add", *args, "--password-stdin",
                 stdin=password + "\n")
    assert r.rc in (1, 2, 3) and lab.has_chinese(r.err), repr(r)
    assert "\x1b" not in r.err
    assert lines(town) == before


def test_chinese_password_and_login(town):
    town.run("user", "add", "李梅", "--role", "reader", "--password-stdin",
             stdin="春眠不觉晓\n", status=0)
    assert "李梅" in [r[0] for r in lines(town)]


def test_disable_and_enable(town):
    town.add_user("zhang", "reader")
    town.run("user", "disable", "zhang", status=0)
    assert [r[3] for r in lines(town) if r[0] == "zhang"] == ["停用"]
    r = town.run("user", "list", login="zhang")
    assert r.rc != 0 and lab.has_chinese(r.err), repr(r)
    town.run("user", "enable", "zhang", status=0)
    assert [r[3] for r in lines(town) if r[0] == "zhang"] == ["在用"]


def test_the_last_administrator_stays(town):
    r = town.run("user", "disable", "wangfang", status=1)
    assert "管理员" in r.err
    town.add_user("second", "admin")
    town.run("user", "disable", "wangfang", status=0)
    town.run("user", "disable", "second", status=1)


def test_passwd(town):
    town.run("user", "passwd", "wangfang", "--password-stdin",
             stdin="Another-One-9\n", status=0)
    r = town.run("user", "passwd", "nobody", "--password-stdin",
                 stdin="Another-One-9\n")
    assert r.rc in (1, 3) and lab.has_chinese(r.err)
    r = town.run("user", "passwd", "wangfang")
    assert r.rc == 2 and "--password-stdin" in r.err


def test_only_administrators_manage_users(town):
    code = town.village()[0]
    town.add_user("zhang", "director", "--village", code)
    town.add_user("reader", "reader")
    town.add_user("chief", "supervisor")
    for login in ("zhang", "reader", "chief"):
        before = lines(town)
        for verb in (["add", "evil", "--role", "admin"],
                     ["passwd", "wangfang"]):
            r = town.run("user", *verb, "--password-stdin", login=login,
                         stdin=lab.PASSWORD + "\n", status=1)
            assert lab.has_chinese(r.err)
        town.run("user", "disable", "wangfang", login=login, status=1)
        assert lines(town) == before


def test_accounts_are_in_the_journal(town):
    before = town.one("SELECT count(*) FROM journal")
    town.add_user("zhang", "reader")
    town.run("user", "disable", "zhang", status=0)
    rows = town.sql("SELECT by FROM journal WHERE seq > ?", before)
    assert len(rows) >= 2 and {b for b, in rows} == {"cli"}
