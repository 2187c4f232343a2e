"""tongji purge: what is past its time is destroyed for good, and that it was
destroyed stays on record."""
import os

import pytest

import lab

LONG_AGO, NOW = "1990-05-01", "2026-11-22"


@pytest.fixture
def old(town):
    """One child who left 30 years ago, one of today, each with a visit."""
    code = town.village(0)[0]
    rows = [dict(name="甲旧档", id_number=lab.id_number("1985-02-03", 1),
                 village=code, category="留守", guardian_name="乙监护",
                 registered_on="1988-01-01", left_on=LONG_AGO,
                 left_reason="年满退出"),
            dict(name="丙现档", id_number=lab.id_number("2015-02-03", 3),
                 village=code, category="留守", guardian_name="丁监护",
                 registered_on="2020-01-01", left_on="", left_reason="")]
    # entered when it happened: then an age of thirty is no question
    town.import_csv("child", lab.csv_text(rows[:1]), status=0,
                    env={"TONGJI_TODAY": "1990-06-01"})
    town.import_csv("child", lab.csv_text(rows[1:]), status=0)
    return town


def secrets():
    return ("甲旧档", lab.id_number("1985-02-03", 1), "乙监护")


def everywhere(site):
    """The database file's bytes, its log too."""
    site.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(site.db, "rb") as f:
        return f.read()


def test_nothing_is_due(town):
    r = town.run("purge", status=0)
    assert "没有到期" in r.err and r.out == ""


def test_it_asks_first(old):
    for answer in ("", "\n", "y\n", "是\n"):
        r = old.run("purge", stdin=answer, status=1)
        assert "1 名儿童" in r.err and "没有销毁" in r.err
    for s in secrets():
        assert s.encode() in everywhere(old)


def test_what_is_due_is_gone_for_good(old):
    before = old.one("SELECT count(*) FROM journal")
    r = old.run("purge", stdin="销毁\n", status=0)
    assert "已销毁" in r.err
    data = everywhere(old)
    for s in secrets():
        assert s.encode() not in data, s
    assert "丙现档".encode() in data
    old.run("check", status=0)
    assert old.one("SELECT count(*) FROM journal") > before
    # and nothing more is due
    assert "没有到期" in old.run("purge", status=0).err


def test_the_list_names_no_names(old):
    old.run("purge", "--yes", status=0)
    lists = [f for f in os.listdir(old.home) if f.startswith("destroyed-")]
    assert len(lists) == 1
    with open(old.path(lists[0]), encoding="utf-8-sig") as f:
        text = f.read()
    uid = old.one("SELECT uid FROM child WHERE deleted")
    assert uid in text
    for s in secrets():
        assert s not in text
    assert os.stat(old.path(lists[0])).st_mode & 0o077 == 0


def test_it_is_not_found_afterwards(old):
    old.run("purge", "--yes", status=0)
    assert "甲旧档" not in old.run("export", "child", status=0).out
    assert old.one("SELECT count(*) FROM lookup WHERE key LIKE '甲旧%'") == 0
