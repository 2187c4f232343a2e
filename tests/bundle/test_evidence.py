"""Files of evidence: taken in by content, kept through backup, bundle and
county, dropped with their record."""
import glob
import hashlib
import os
import shutil
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import lab  # noqa: E402
from test_circle import enrol, receive, stick  # noqa: E402

JPG = b"\xff\xd8\xff\xe0" + b"photo " * 50
PDF = b"%PDF-1.4\n" + b"scan " * 50


def sha(data):
    return hashlib.sha256(data).hexdigest()


def put(folder, name, data):
    path = os.path.join(str(folder), name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def add(site, *args, status=0, **kw):
    r = site.run("evidence", "add", *args, status=status, **kw)
    return r.out.split()


def listed(site, *args, **kw):
    rows = site.run("evidence", "list", *args, status=0, **kw).out.split(
        "\r\n")
    return [dict(zip(rows[0].split(","), r.split(","))) for r in rows[1:-1]]


@pytest.fixture
def town(tmp_path):
    return lab.town(tmp_path)


def test_taken_by_content_and_listed(town, tmp_path):
    add(town, put(tmp_path, "会议 照片.JPG", JPG), put(tmp_path, "b.png", PDF),
        "--indicator", "S16;Y3", "--date", "2026-03-01")
    rows = listed(town, "--indicator", "y3")
    assert [(r["title"], r["file"], r["sha256"], r["here"]) for r in rows] == [
        ("会议 照片", "会议 照片.jpg", sha(JPG), "是"),
        ("b", "b.pdf", sha(PDF), "是")]
    assert listed(town, "--indicator", "S1") == []
    assert town.one("SELECT kind FROM evidence WHERE title = ?",
                    "会议 照片") == "photo"
    r = town.run("indicators", "--records", "Y1", status=0)
    assert len(r.out.splitlines()) == 1
    again = town.run("evidence", "add", put(tmp_path, "c.jpg", JPG), status=1)
    assert "已经收过" in again.err and again.out == ""
    assert len(listed(town)) == 2


def test_what_is_not_taken(town, tmp_path):
    for name, data, why in (("a.jpg", b"MZ program", "只收照片"),
                            ("b.pdf", b"", "只收照片"),
                            ("c.jpg", JPG + bytes(10 << 20), "文件太大")):
        r = town.run("evidence", "add", put(tmp_path, name, data), status=1)
        assert why in r.err and r.out == ""
    r = town.run("evidence", "add", str(tmp_path / "none.jpg"), status=1)
    assert "没有收" in r.err
    assert town.one("SELECT count(*) FROM blob") == 0
    assert town.one("SELECT count(*) FROM evidence") == 0
    town.run("evidence", "add", status=2)
    town.run("evidence", "save", "x", status=2)


def test_the_limit_is_data(town, tmp_path):
    os.makedirs(town.path("data"))
    shipped = os.path.join(lab.TOP, "data")
    for name in os.listdir(shipped):
        if name != "rules":
            os.symlink(os.path.join(shipped, name), town.path("data", name))
    os.makedirs(town.path("data", "rules"))
    for path in glob.glob(os.path.join(shipped, "rules", "*.csv")):
        with open(path, encoding="utf-8") as f:
            text = f.read().replace("evidence,file_max,10,",
                                    "evidence,file_max,1,")
        with open(town.path("data", "rules", os.path.basename(path)), "w",
                  encoding="utf-8") as f:
            f.write(text)
    big = put(tmp_path, "a.jpg", JPG + bytes(1 << 20))
    assert "最多 1 MB" in town.run("evidence", "add", big, status=1).err


def test_saved_out_and_damage_found(town, tmp_path):
    uid, = add(town, put(tmp_path, "a.jpg", JPG))
    out = stick(tmp_path, "out")
    town.run("evidence", "save", uid, "--to", out, status=0)
    path, = glob.glob(out + "/*")
    with open(path, "rb") as f:
        assert f.read() == JPG
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert town.one("SELECT count(*) FROM journal WHERE op = 'export'"
                    " AND uid = ?", uid) == 1
    r = town.run("evidence", "save", uid, "--to", out, status=1)
    assert "已经有了" in r.err
    town.run("check", status=0)
    town.sql("UPDATE blob SET data = ? WHERE sha256 = ?", JPG[:-1] + b"?",
             sha(JPG))
    assert "校验值不符" in town.run("check", status=1).err
    r = town.run("evidence", "save", uid, "--to", str(tmp_path), status=1)
    assert "已损坏" in r.err
    town.sql("DELETE FROM blob")
    assert "1 份佐证材料的文件不在" in town.run("check", status=1).err
    add(town, put(tmp_path, "a.jpg", JPG), "--record", uid)
    town.run("check", status=0)


def test_restricted_evidence_is_the_specialist_s(town, tmp_path):
    town.add_user("li", "supervisor")
    town.add_user("zhuan", "special")
    uid, = add(town, put(tmp_path, "a.pdf", PDF), "--confidential")
    town.run("evidence", "save", uid, "--to", str(tmp_path), login="li",
             status=3)
    assert listed(town, login="li") == []
    town.run("evidence", "save", uid, "--to", str(tmp_path), login="zhuan",
             status=0)


def test_backup_and_restore_have_the_files(town, tmp_path):
    uid, = add(town, put(tmp_path, "a.jpg", JPG))
    town.run("backup", str(tmp_path / "b.db"))
    town.sql("DELETE FROM blob")
    town.run("restore", str(tmp_path / "b.db"), status=0)
    town.run("evidence", "save", uid, "--to", str(tmp_path), status=0)


def test_a_salvaged_database_has_the_files(town, tmp_path):
    uid, = add(town, put(tmp_path, "a.jpg", JPG * 100))
    wreck = str(tmp_path / "wreck.db")
    town.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(town.db, wreck)
    town.run("restore", "--salvage", wreck)
    town.run("evidence", "save", uid, "--to", str(tmp_path), status=0)


def test_gone_with_its_child(town, tmp_path):
    code = town.village(0)[0]
    town.import_csv("child", "name,no_id_reason,sex,birth_date,village,"
                    "category,registered_on,left_on,left_reason\n"
                    "甲旧档,不详,男,1985-02-03,%s,留守,1988-01-01,1990-05-01,"
                    "年满退出\n" % code, 0, env={"TONGJI_TODAY": "1990-06-01"})
    uid, = add(town, put(tmp_path, "a.jpg", JPG), "--date", "1990-01-01")
    other, = add(town, put(tmp_path, "b.pdf", PDF))
    child = town.one("SELECT uid FROM child")
    town.import_csv("evidence", "uid,child\n%s,%s\n" % (uid, child), 0)
    town.run("purge", "--yes", status=0)
    assert town.sql("SELECT sha256 FROM blob") == [(sha(PDF),)]
    assert town.one("SELECT deleted FROM evidence WHERE uid = ?", uid) == 1
    assert town.one("SELECT deleted FROM evidence WHERE uid = ?", other) == 0
    assert JPG not in open(town.db, "rb").read()


def test_a_full_bundle_brings_them_to_the_county(tmp_path):
    county, town = lab.county(tmp_path), lab.town(tmp_path)
    enrol(county, town, stick(tmp_path, "first"))
    receive(county, stick(tmp_path, "first"), status=0)
    uid, = add(town, put(tmp_path, "a.jpg", JPG), "--indicator", "S16")
    one, two = stick(tmp_path, "one"), stick(tmp_path, "two")
    town.run("bundle", "create", "--to", one, status=0)
    receive(county, one, status=0)
    assert [r["here"] for r in listed(county)] == ["否"]
    town.sql("UPDATE child SET updated_at = updated_at")
    add(town, put(tmp_path, "b.pdf", PDF))
    town.run("bundle", "create", "--full", "--to", two, status=0)
    bag = str(tmp_path / "bag")
    file, = glob.glob(two + "/tj1-*.age")
    town.run("bundle", "open", file, "--to", bag, "--yes", status=0)
    inside = {os.path.basename(p): open(p, "rb").read() for p in
              glob.glob(bag + "/**/data/evidence/*", recursive=True)}
    assert inside == {sha(JPG) + ".jpg": JPG, sha(PDF) + ".pdf": PDF}
    r = receive(county, two, status=0)
    assert "佐证文件 2 份" in r.err + r.out
    county.run("evidence", "save", uid, "--to", str(tmp_path), status=0)
    county.run("check", status=0)
    with open(glob.glob(str(tmp_path / "*-a.jpg"))[0], "rb") as f:
        assert f.read() == JPG
    # The PC dies: the county gives the township its records and files back.
    shutil.rmtree(town.home)
    town = lab.town(tmp_path)
    enrol(county, town, stick(tmp_path, "new"))
    given = stick(tmp_path, "given")
    county.run("bundle", "give", lab.TOWN, "--to", given,
               "--passphrase-stdin", stdin=county.passphrase + "\n",
               status=0)
    file, = glob.glob(given + "/tj1g-*.age")
    town.run("restore", file, status=0)
    assert [r["here"] for r in listed(town)] == ["是", "是"]
    town.run("check", status=0)
