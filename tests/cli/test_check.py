"""tongji check: sound data passes, every way round the program is named."""
import os
import shutil

import pytest

import lab


def test_a_sound_database(roster):
    r = roster.run("check", status=0)
    assert "完好" in r.err and r.out == ""


@pytest.mark.parametrize("sql", [
    "UPDATE child SET name='冒名' WHERE rowid=1",
    "UPDATE child SET deleted=1 WHERE rowid=1",
    "DELETE FROM enrolment WHERE rowid=1",
    "DELETE FROM child WHERE rowid=2",
    "UPDATE child SET village='01890000-0000-7000-8000-000000000000'"
    " WHERE rowid=1",
    "UPDATE journal SET vals=replace(vals, '王', '李') WHERE vals LIKE"
    " '%王%'",
    "UPDATE journal SET by='nobody' WHERE seq=60",
    "DELETE FROM journal WHERE seq=60",
    "DELETE FROM journal WHERE seq=(SELECT max(seq) FROM journal WHERE image"
    " IS NOT NULL)",
    "UPDATE guardian SET phone='13900000000' WHERE rowid=1",
])
def test_tampering_is_found(roster, sql):
    roster.sql(sql)
    r = roster.run("check", status=1)
    assert lab.has_chinese(r.err) and r.out == ""
    assert "完好" not in r.err


def test_very_many_defects_are_counted_not_listed(town):
    n = town.one("SELECT count(*) FROM village")
    assert n > 50
    town.sql("UPDATE village SET name='冒名'")
    r = town.run("check", status=1)
    lines = r.err.strip().splitlines()
    assert len(lines) == 42
    assert lines[-2] == "  ……还有 %d 处没有列出" % (n - 40)
    assert lines[-1] == "检查完毕：发现 %d 处问题" % n


def test_an_index_without_its_row(roster):
    """Damage below SQL: one page overwritten."""
    roster.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    size = os.path.getsize(roster.db)
    for name in ("-wal", "-shm"):
        if os.path.exists(roster.db + name):
            os.remove(roster.db + name)
    with open(roster.db, "r+b") as f:
        f.seek(size // 2 // 4096 * 4096)
        f.write(b"\xa5" * 4096)
    r = roster.run("check")
    assert r.rc in (1, 3) and lab.has_chinese(r.err), repr(r)
    assert "\x1b" not in r.err


@pytest.mark.parametrize("make", [
    lambda p: open(p, "wb").write(b""),
    lambda p: open(p, "wb").write(b"not a database " * 1000),
    lambda p: open(p, "r+b").truncate(50000),
    lambda p: (os.remove(p), os.mkdir(p)),
])
def test_what_is_no_database(roster, make):
    roster.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for name in ("-wal", "-shm"):
        if os.path.exists(roster.db + name):
            os.remove(roster.db + name)
    make(roster.db)
    r = roster.run("check")
    assert r.rc in (1, 3) and lab.has_chinese(r.err), repr(r)


def test_somebody_elses_sqlite_file(tmp_path):
    import sqlite3
    home = tmp_path / "h"
    home.mkdir()
    con = sqlite3.connect(str(home / "tongji.db"))
    con.execute("CREATE TABLE t(a)")
    con.commit()
    con.close()
    r = lab.Site(home).run("check")
    assert r.rc in (1, 3) and "童记" in r.err
    con = sqlite3.connect(str(home / "tongji.db"))
    assert [n for n, in con.execute("SELECT name FROM sqlite_master")] == \
        ["t"]


def test_a_newer_database_is_left_alone(town):
    town.sql("PRAGMA user_version=9999")
    r = town.run("check")
    assert r.rc in (1, 3) and "升级" in r.err
    assert town.one("PRAGMA user_version") == 9999


def test_stock_sqlite3_can_examine_it(roster):
    """No function of ours in CHECKs, triggers or indexes."""
    r = lab.run(["sqlite3", roster.db, "PRAGMA integrity_check"], status=0)
    assert r.out.strip() == "ok"
    copy = roster.path("copy.db")
    lab.run(["sqlite3", roster.db, "VACUUM INTO '%s'" % copy], status=0)
    os.replace(copy, roster.db)
    for name in ("-wal", "-shm"):
        if os.path.exists(roster.db + name):
            os.remove(roster.db + name)
    os.chmod(roster.db, 0o600)
    roster.run("check", status=0)


def test_a_copied_folder_still_checks(roster, tmp_path):
    shutil.copytree(roster.home, str(tmp_path / "copy"))
    lab.Site(tmp_path / "copy").run("check", status=0)


def test_our_functions_in_the_sqlite3_program(roster):
    ext = os.path.join(os.path.dirname(lab.BIN), "tongji_sql.so")
    r = lab.run(["sqlite3", roster.db, ".load " + ext,
                 "SELECT count(*) FROM child WHERE id_valid(id_number)"
                 " AND age(birth_date, '2026-11-22') BETWEEN 3 AND 15"],
                status=0)
    assert r.out.strip() == "12"
