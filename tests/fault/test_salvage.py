"""A database with damaged pages: what can be had back is had back, what cannot
is counted by name, and the damaged file stays."""
import os
import random
import sqlite3

import pytest

import lab

PAGE = 4096
EVERY = ("SELECT uid, name, id_number, birth_date, guardian_phone FROM child"
         " WHERE NOT deleted")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """悦庄镇 with 300 children, some changed, some deleted, drafts, a stick
    on its way; copied for each test."""
    top = tmp_path_factory.mktemp("model")
    town = lab.town(top)
    county = lab.county(top)
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    names = [town.village(i)[0] for i in range(5)]
    rows = lab.children(300, names)
    town.import_csv("child", lab.csv_text(rows))
    for r in rows[::7]:
        r["guardian_phone"] = "13953300000"
    town.import_csv("child", lab.csv_text(rows))
    os.mkdir(town.path("stick"))
    town.run("bundle", "create", "--to", town.path("stick"), status=0)
    town.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return town


@pytest.fixture
def town(model, tmp_path):
    lab.run(["cp", "-a", model.home, tmp_path / "town"], status=0)
    return lab.Site(tmp_path / "town")


def damage(path, pages, seed):
    rng = random.Random(seed)
    with open(path, "r+b") as f:
        for p in pages:
            f.seek(p * PAGE)
            f.write(bytes(PAGE) if rng.random() < .5 else
                    rng.randbytes(PAGE))


def records(site):
    return {r[0]: r for r in site.sql(EVERY)}


def kept(site):
    return [f for f in os.listdir(site.home)
            if f.startswith("tongji-before-") and f.endswith(".db")]


def test_a_sound_database_stays_as_it_is(town):
    before, journal = records(town), town.sql("SELECT * FROM journal")
    r = town.run("restore", "--salvage", status=0)
    assert "全部救回" in r.err and "儿童台账：读回 300 条" in r.err, repr(r)
    assert records(town) == before
    assert town.sql("SELECT * FROM journal")[:len(journal)] == journal
    town.run("check", status=0)
    # users, keys and the stick go on
    assert "wangfang" in town.run("user", "list", status=0).out
    town.run("bundle", "create", "--to", town.path("stick"), status=0)


@pytest.mark.parametrize("seed", range(4))
def test_twenty_damaged_pages(town, seed):
    before = records(town)
    size = os.path.getsize(town.db) // PAGE
    pages = random.Random(seed).sample(range(1, size), 20)
    if seed % 2 == 0:
        pages[0] = 0                    # the page that names the tables
    damage(town.db, pages, seed)
    wreck = open(town.db, "rb").read()
    r = town.run("restore", "--salvage", status=1)
    after = records(town)
    same = sum(after.get(u) == row for u, row in before.items())
    # BUNDLE: a walk over row numbers gave 99.8 % of such a database
    assert same >= len(before) * .98, (same, repr(r))
    gone = [u for u in before if u not in after]
    lost = town.one("SELECT count(DISTINCT uid) FROM journal"
                    " WHERE op='lost' AND form='child'")
    assert lost == len(gone)            # none forgotten without a word
    assert ("丢失 %d 条" % lost in r.err) or not lost
    # the damaged file stays, unread by anybody since
    (old,) = kept(town)
    assert old in r.err
    assert open(town.path(old), "rb").read()[-PAGE:] == wreck[-PAGE:]
    # what is there is a sound database: a copy of it is a valid backup, and
    # what was not found is on record rather than missing
    check = town.run("check")
    assert "日志" not in check.err or "完好" in check.err, repr(check)
    town.run("backup", town.path("copy.db"), status=0)


def test_found_by_name_afterwards(town):
    """The look-up keys are made anew: no child is there and not found."""
    root = town.one("SELECT rootpage FROM sqlite_schema WHERE name='lookup'")
    damage(town.db, [root - 1], 1)
    before = records(town)
    town.run("restore", "--salvage")
    assert records(town) == before
    assert town.one("SELECT count(*) FROM child c WHERE NOT EXISTS (SELECT 1"
                    " FROM lookup WHERE uid=c.uid AND key=c.name)") == 0


@pytest.mark.parametrize("table", ["journal", "child", "meta", "user"])
def test_the_page_that_holds_a_table_together(town, table):
    root = town.one("SELECT rootpage FROM sqlite_schema WHERE name=?", table)
    before, journal = records(town), town.sql("SELECT * FROM journal")
    leaf = open(town.db, "rb").read()[(root - 1) * PAGE] == 13
    damage(town.db, [root - 1], 7)
    r = town.run("restore", "--salvage")
    assert records(town) == before
    if not leaf:            # all the rows are on the pages below
        assert r.rc == 0, repr(r)
        assert town.sql("SELECT * FROM journal")[:len(journal)] == journal
    town.run("check", status=0)
    assert town.one("SELECT value FROM meta WHERE name='site'") == lab.TOWN


def test_lost_rows_are_written_anew_from_the_journal(town):
    before = records(town)
    data = open(town.db, "rb").read()
    names = [r[1].encode() for r in before.values()]
    full = [p for p in range(1, len(data) // PAGE)
            if data[p * PAGE] == 13 and b'"name":' not in
            data[p * PAGE:(p + 1) * PAGE] and
            sum(n in data[p * PAGE:(p + 1) * PAGE] for n in names) > 5]
    damage(town.db, full, 2)
    r = town.run("restore", "--salvage", status=1)
    assert records(town) == before
    anew = town.one("SELECT count(*) FROM journal WHERE op='salvage' AND"
                    " form='child'")
    assert anew > 30
    assert "按日志重建 %d 条" % anew in r.err, repr(r)
    town.run("check", status=0)
    # the county sees every one of them again, and nothing silently
    r = town.run("bundle", "create", "--to", town.path("stick"), status=0)
    assert town.one("SELECT max(upto) FROM export") >= \
        town.one("SELECT max(seq) FROM journal WHERE form='child'")


def test_altered_bytes_on_a_whole_page(town):
    """Nothing is torn, but a name is not what was saved: the journal is the
    witness."""
    uid, name = town.sql("SELECT uid, name FROM child LIMIT 1")[0]
    con = sqlite3.connect(town.db)
    con.execute("UPDATE child SET name='冒名' WHERE uid=?", (uid,))
    con.commit()
    con.close()
    assert town.run("check").rc == 1
    r = town.run("restore", "--salvage", status=1)
    assert "按日志重建 1 条" in r.err, repr(r)
    assert records(town)[uid][1] == name
    town.run("check", status=0)


def test_what_was_in_the_log_is_there(town):
    """Not yet folded in when the power went, and the first page is gone."""
    keep = sqlite3.connect(town.db)
    keep.execute("SELECT count(*) FROM child").fetchone()
    town.import_csv("child", lab.csv_text(lab.children(
        10, [town.village(1)[0]], start=700)), status=0)
    log = open(town.db + "-wal", "rb").read()
    main = open(town.db, "rb").read()
    keep.close()
    os.remove(town.db)
    with open(town.db, "wb") as f:
        f.write(bytes(PAGE) + main[PAGE:])
    with open(town.db + "-wal", "wb") as f:
        f.write(log)
    if os.path.exists(town.db + "-shm"):
        os.remove(town.db + "-shm")
    town.run("restore", "--salvage")
    assert len(records(town)) == 310
    town.run("check", status=0)


def test_the_way_out_is_named(town, model):
    damage(town.db, [0], 3)
    r = town.run("user", "list")
    assert r.rc != 0 and "restore --salvage" in r.err, repr(r)
    r = town.run("check")
    assert "restore --salvage" in r.err
    # a copy of an earlier day is named, too
    day = town.path("backup")
    os.makedirs(day)
    lab.run(["cp", model.db, os.path.join(day, "tongji-2026-11-20.db")])
    assert "tongji-2026-11-20.db" in town.run("user", "list").err


@pytest.mark.parametrize("content", [b"", b"x" * 50, bytes(40960),
                                     "这不是数据库".encode() * 4000])
def test_nothing_to_save(town, content):
    """Then nothing is touched."""
    path = town.path("wreck")
    open(path, "wb").write(content)
    before = records(town)
    r = town.run("restore", "--salvage", path)
    assert r.rc == 3 and "没有救出来" in r.err, repr(r)
    assert records(town) == before and kept(town) == []
    assert [f for f in os.listdir(town.home) if f.startswith(".")] == []
    town.run("check", status=0)


def test_not_while_somebody_works(town):
    """What she goes on typing would land in the file that was set aside."""
    con = sqlite3.connect(town.db)
    con.execute("SELECT count(*) FROM child").fetchone()
    for argv in (["restore", "--salvage"],
                 ["restore", town.path("copy.db")]):
        if argv[-1].endswith(".db"):
            town.run("backup", argv[-1], status=0)
        r = town.run(*argv)
        assert r.rc == 3 and "正在使用" in r.err, repr(r)
        assert kept(town) == []
    con.close()
    town.run("restore", "--salvage", status=0)


def test_damaged_bytes_lead_nowhere(town):
    """No read or write outside of what is ours, whatever the pages say."""
    size = os.path.getsize(town.db) // PAGE
    damage(town.db, [0] + random.Random(9).sample(range(1, size), 20), 9)
    r = lab.run(["valgrind", "-q", "--error-exitcode=77"] +
                town.argv("restore", "--salvage"), limit=300)
    assert r.rc == 1 and "==" not in r.err, repr(r)
