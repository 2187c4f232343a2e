"""tongji backup and restore: whole, verified, encrypted when they leave."""
import os
import stat
from datetime import datetime, timedelta, timezone

import pytest

import lab


def children(site):
    return site.sql("SELECT uid, name, id_number FROM child ORDER BY uid")


def test_a_plain_copy_beside_the_database(roster):
    to = roster.path("copy.db")
    r = roster.run("backup", to, status=0)
    assert "读回核对无误" in r.err
    assert stat.S_IMODE(os.stat(to).st_mode) == 0o600
    assert lab.run(["sqlite3", to, "PRAGMA integrity_check"]).out == "ok\n"
    assert roster.one("SELECT count(*) FROM journal WHERE op='backup'") == 1


def test_an_existing_file_is_left_alone(roster):
    to = roster.path("copy.db")
    open(to, "w").write("重要文件")
    r = roster.run("backup", to, status=1)
    assert lab.has_chinese(r.err)
    assert open(to).read() == "重要文件"


def test_a_place_that_is_not_there(roster):
    r = roster.run("backup", roster.path("no", "such", "x.db"), status=3)
    assert lab.has_chinese(r.err)
    roster.run("check", status=0)


def test_a_sealed_backup_shows_nothing(roster):
    to = roster.path("copy.age")
    r = roster.run("backup", to)
    # only this PC could open it: said, and said what to do
    assert r.rc == 1 and "恢复码" in r.err
    data = open(to, "rb").read()
    assert data.startswith(b"age-encryption.org/v1\n")
    for _, name, number in children(roster):
        assert name.encode() not in data and number.encode() not in data
    plain = lab.run(["age", "-d", "-i", roster.keys("site.age"), to],
                    status=0).raw
    assert plain.startswith(b"SQLite format 3\0")


def test_another_medium_is_always_sealed(roster):
    """/dev/shm is a file system of its own."""
    assert os.stat("/dev/shm").st_dev != os.stat(roster.home).st_dev
    to = "/dev/shm/tongji-test-%d.db" % os.getpid()
    try:
        r = roster.run("backup", to)
        assert r.rc in (0, 1), repr(r)
        assert open(to, "rb").read(4) == b"age-"
    finally:
        if os.path.exists(to):
            os.remove(to)


def test_the_county_makes_it_recoverable(roster, county):
    roster.run("key", "import", county.card, "--fingerprint",
               lab.fingerprint(county), status=0)
    r = roster.run("backup", roster.path("copy.age"), status=0)
    assert "已加密" in r.err


@pytest.mark.parametrize("name", ["copy.db", "copy.age"])
def test_restore(roster, name):
    before = children(roster)
    roster.run("backup", roster.path(name))
    roster.import_csv("child", lab.csv_text(lab.children(
        3, [roster.village(4)[0]], start=50)), status=0)
    assert len(children(roster)) == len(before) + 3
    inc = roster.one("SELECT value FROM meta WHERE name='inc'")
    r = roster.run("restore", roster.path(name), status=0)
    assert children(roster) == before
    roster.run("check", status=0)
    # a new branch of history, and the former database is kept
    assert roster.one("SELECT value FROM meta WHERE name='inc'") != inc
    kept = [f for f in os.listdir(roster.home) if f.endswith(".db")
            and f not in ("tongji.db", name)]
    assert len(kept) == 1 and kept[0] in r.err, repr(r)
    old = lab.run(["sqlite3", roster.path(kept[0]),
                   "SELECT count(*) FROM child"], status=0)
    assert int(old.out) == len(before) + 3


def test_two_restores_in_one_second_keep_both(roster):
    """A name that is taken is nobody's to overwrite."""
    before = children(roster)
    roster.run("backup", roster.path("copy.db"), status=0)
    beijing = datetime.now(timezone(timedelta(hours=8)))
    taken = [roster.path("tongji-before-%s.db" % (
        beijing + timedelta(seconds=n)).strftime("%Y-%m-%d-%H.%M.%S"))
        for n in range(60)]
    for name in taken:
        with open(name, "w") as f:
            f.write("上一次恢复前的")
    r = roster.run("restore", roster.path("copy.db"), status=0)
    assert all(open(name).read() == "上一次恢复前的" for name in taken)
    second, = [f for f in os.listdir(roster.home) if f.endswith("-2.db")]
    assert second in r.err
    assert children(roster) == before


def test_restore_into_an_empty_folder(roster, tmp_path):
    before = children(roster)
    to = tmp_path / "copy.db"
    roster.run("backup", to, status=0)
    new = lab.Site(tmp_path / "new")
    new.run("restore", to, status=0)
    assert children(new) == before
    new.run("check", status=0)


def test_another_pc_cannot_open_a_sealed_one(roster, tmp_path):
    roster.run("backup", tmp_path / "copy.age")
    other = lab.town(tmp_path / "other")
    n = len(children(other))
    r = other.run("restore", tmp_path / "copy.age")
    assert r.rc == 1 and "恢复码" in r.err, repr(r)
    assert len(children(other)) == n
    r = other.run("restore", tmp_path / "copy.age", "--recovery-stdin",
                  stdin="AAAAA-BBBBB-CCCCC-DDDDD-EEEEE\n")
    assert r.rc == 1 and "恢复码" in r.err, repr(r)
    other.run("check", status=0)


@pytest.mark.parametrize("name, damage", [
    (n, d) for n in ("copy.db", "copy.age")
    for d in ("flip", "cut", "text", "empty", "none", "tamper")
    if (n, d) != ("copy.age", "tamper")])
def test_a_damaged_backup_changes_nothing(roster, name, damage):
    path = roster.path(name)
    roster.run("backup", path)
    if damage == "flip":
        data = bytearray(open(path, "rb").read())
        for i in range(len(data) // 3, len(data), len(data) // 9):
            data[i:i + 300] = b"\x5a" * 300
        open(path, "wb").write(bytes(data))
    elif damage == "cut":
        os.truncate(path, os.path.getsize(path) // 2)
    elif damage == "text":
        open(path, "w").write("这不是备份")
    elif damage == "empty":
        open(path, "w").close()
    elif damage == "none":
        os.remove(path)
    else:
        lab.run(["sqlite3", path, "UPDATE child SET name='冒名'"], status=0)
    before = children(roster)
    r = roster.run("restore", path)
    assert r.rc in (1, 3) and "没有恢复" in r.err, repr(r)
    assert children(roster) == before
    roster.run("check", status=0)


def test_backups_are_an_administrators(roster):
    roster.add_user("reader", "reader")
    r = roster.run("backup", roster.path("x.db"), login="reader", status=1)
    assert lab.has_chinese(r.err)
    assert not os.path.exists(roster.path("x.db"))
    roster.run("backup", roster.path("y.db"), status=0)
    for verb in (["restore", roster.path("y.db")], ["purge", "--yes"]):
        r = roster.run(*verb, login="reader", status=1)
        assert lab.has_chinese(r.err)
