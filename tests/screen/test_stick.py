"""The stick as a person meets it: taken off before it is pulled, and no names
on it without encryption unless a word was typed."""
import glob
import os
import sys
import time

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import lab  # noqa: E402


@pytest.fixture
def stick(tmp_path):
    return lab.Stick(tmp_path)


def test_safe_to_pull_only_when_it_is(county, roster, stick, open_term):
    roster.run("key", "import", county.card, "--fingerprint",
               lab.fingerprint(county), status=0)
    t = open_term(roster, env=stick.env)
    t.login()
    for works in (False, True):
        stick.takes_off(works)
        t.wait("0 退出")
        t.type("7")
        t.choose("做上报包")
        t.wait("上报包放到哪里", "U盘 ")
        t.press("enter")
        t.wait("包已做好")
        t.press("esc")
        t.wait("现在卸下U盘吗")
        t.press("enter")
        shown = t.wait("知道了")
        assert ("可以安全拔出" in shown) == works, shown
        assert ("先别拔U盘" in shown) != works, shown
        t.press("enter")
        t.wait("做上报包")
        t.press("esc")
    assert len(glob.glob(stick.path + "/tj1-*.age")) == 2


def test_no_county_key_is_asked_first(roster, stick, open_term):
    t = open_term(roster, env=stick.env)
    t.login()
    t.type("7")
    t.choose("做上报包")
    t.wait("县里打不开", "先导入县里的公钥")
    t.press("esc")
    t.wait("检查上报包", gone=("县里打不开",))
    assert os.listdir(stick.path) == []


def test_names_only_after_a_typed_word(roster, stick, open_term):
    t = open_term(roster, env=stick.env)
    t.login()
    t.type("7")
    t.choose("今日工作")
    t.wait("今日工作")
    t.press("f7")
    t.wait("存成文本")
    t.type("3")
    t.wait("放到哪里", "U盘 ")
    t.press("enter")
    t.wait("没有加密", "明文")
    t.type("好的")
    t.press("enter")
    t.wait("要打“明文”两个字")
    t.press("esc")
    t.wait("今日工作", gone=("没有加密",))
    assert os.listdir(stick.path) == []
    assert roster.one("SELECT count(*) FROM journal WHERE op='export'") == 0
    t.press("f7")
    t.wait("存成文本")
    t.type("3")
    t.wait("放到哪里")
    t.press("enter")
    t.wait("没有加密")
    t.type("明文")
    t.press("enter")
    t.wait("现在卸下U盘吗")
    t.press("enter")
    t.wait("可以安全拔出")
    assert len(os.listdir(stick.path)) == 1
    notes = [v for v, in roster.sql("SELECT vals FROM journal WHERE"
                                    " op='export'")]
    assert any("明文放到U盘" in v for v in notes), notes


def test_commands(roster, stick):
    out = os.path.join(stick.path, "名单.csv")
    r = roster.run("export", "child", "--out", out, env=stick.env, status=1)
    assert "--plain" in r.err and not os.path.exists(out)
    roster.run("export", "child", "--out", out, "--plain", env=stick.env,
               status=0)
    assert os.path.exists(out)
    notes = [v for v, in roster.sql("SELECT vals FROM journal WHERE"
                                    " op='export'")]
    assert any("明文放到U盘" in v for v in notes), notes
    # names-free summaries may go as they are
    page = os.path.join(stick.path, "月报.html")
    roster.run("report", "月报", "--format", "html", "--out", page,
               env=stick.env, status=0)
    page = os.path.join(stick.path, "月报.xlsx")
    roster.run("report", "月报", "--format", "xlsx", "--out", page,
               env=stick.env, status=0)
    page = os.path.join(stick.path, "汇总.html")
    r = roster.run("report", "排查汇总表", "--names", "--format", "html",
                   "--out", page, env=stick.env, status=1)
    assert "--plain" in r.err and not os.path.exists(page)
    r = roster.run("bundle", "eject", stick.path, env=stick.env, status=0)
    assert "可以安全拔出" in r.err
    r = roster.run("bundle", "eject", stick.path, env=stick.env, status=0)
    assert "不是U盘" in r.err


def test_a_damaged_older_bundle_is_told_first(county, roster, stick,
                                              open_term):
    """A stick of false size has written over what was on it; so it is read
    again, also what was signed before a change of keys."""
    roster.run("key", "import", county.card, "--fingerprint",
               lab.fingerprint(county), status=0)
    roster.run("bundle", "create", "--to", stick.path, status=0)
    old, = glob.glob(stick.path + "/tj1-*.age")
    roster.run("key", "rotate", status=0)
    with open(old, "r+b") as f:
        f.seek(5000)
        f.write(b"xxxx")
    t = open_term(roster, env=stick.env)
    t.login()
    t.wait("0 退出")
    t.type("7")
    t.choose("做上报包")
    t.wait("上报包放到哪里", "U盘 ")
    t.press("enter")
    shown = t.wait("包已做好", "这些旧包已损坏", os.path.basename(old))
    assert shown.index("已损坏") < shown.index("接下来")
    t.press("esc")
    r = roster.run("bundle", "create", "--to", stick.path, status=1)
    assert "这些旧包已损坏" in r.err and os.path.basename(old) in r.err


def test_a_disc_is_no_place_for_a_bundle(county, roster, stick, tmp_path):
    """Without --to: the one stick that can be written."""
    roster.run("key", "import", county.card, "--fingerprint",
               lab.fingerprint(county), status=0)
    disc = str(tmp_path / "disc")
    os.makedirs(disc)
    with open(stick.mounts) as f:
        usb = f.read()
    rom = "31 22 8:17 / %s ro - iso9660 /dev/sr0 ro\n" % disc
    with open(stick.mounts, "w") as f:
        f.write(rom)
    r = roster.run("bundle", "create", env=stick.env, status=2)
    assert "只读" in r.err
    with open(stick.mounts, "w") as f:
        f.write(rom + usb)
    roster.run("bundle", "create", env=stick.env, status=0)
    assert os.listdir(disc) == []
    assert len(glob.glob(stick.path + "/tj1-*.age")) == 1


def test_outbox_does_not_keep_lists(roster, open_term):
    """Lists in 发件箱 are gone after seven days; deliveries wait."""
    box = roster.path("发件箱")
    os.makedirs(box)
    for name, days in (("走访.txt", 8), ("昨天.txt", 1), ("a.age", 30),
                       ("enrol-370323104.txt", 30)):
        path = os.path.join(box, name)
        with open(path, "w") as f:
            f.write("x")
        at = time.time() - days * 86400
        os.utime(path, (at, at))
    t = open_term(roster)
    t.login()
    t.wait("0 退出")
    assert sorted(os.listdir(box)) == ["a.age", "enrol-370323104.txt",
                                       "昨天.txt"]
    assert roster.one("SELECT count(*) FROM journal WHERE op='outbox'") == 1
