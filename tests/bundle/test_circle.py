"""The stick's full circle on real sites: a township reports, the county
receives, answers, sends back and corrects, the township applies; sticks are
lost, doubled, cut; a backup is restored, a disk is copied, a PC dies."""
import glob
import json
import os
import re
import shutil
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import lab  # noqa: E402

TOWN2 = "370323102"


def stick(folder, name):
    d = os.path.join(str(folder), name)
    os.makedirs(d, exist_ok=True)
    return d


def enrol(county, town, where):
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    town.run("bundle", "create", "--to", where, status=0)
    card = glob.glob(os.path.join(where, "enrol-*.txt"))
    assert len(card) == 1
    county.run("key", "enrol", card[0], "--fingerprint",
               lab.fingerprint(town), status=0)


def receive(county, where, *args, **kw):
    return county.run("bundle", "receive", where, "--passphrase-stdin", *args,
                      stdin=county.passphrase + "\n", **kw)


def clean(*sites):
    for s in sites:
        s.run("check", status=0)


def fill(town, n=6, start=0):
    names = [town.village(i)[0] for i in range(3)]
    r = town.import_csv("child", lab.csv_text(lab.children(n, names, start)))
    assert lab.counts(r) == (n, 0, 0, 0), repr(r)


def moved(site, to):
    """A site at another place without the mark that would notice it."""
    shutil.copytree(site.home, to)
    mark = os.path.join(to, "keys", "highwater")
    if os.path.exists(mark):
        os.unlink(mark)
    new = lab.Site(to)
    for name in ("card", "passphrase"):
        if hasattr(site, name):
            setattr(new, name, getattr(site, name))
    return new


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A county with keys; a township with six children, enrolled, reported
    and acknowledged; and an empty township."""
    d = tmp_path_factory.mktemp("base")
    county, town = lab.county(d), lab.town(d)
    fresh = moved(county, str(d / "county0")), moved(town, str(d / "town0"))
    s = stick(d, "first")
    fill(town)
    enrol(county, town, s)
    receive(county, s, status=0)
    town.run("bundle", "apply", s, status=0)
    return fresh, (county, town), s


@pytest.fixture
def county(base, tmp_path):
    return moved(base[0][0], str(tmp_path / "county"))


@pytest.fixture
def town(base, tmp_path):
    return moved(base[0][1], str(tmp_path / "town"))


@pytest.fixture
def pair(base, tmp_path):
    shutil.copytree(base[2], str(tmp_path / "first"))
    return (moved(base[1][0], str(tmp_path / "county")),
            moved(base[1][1], str(tmp_path / "town")))


def child(site, n=0):
    return site.sql("SELECT uid, name FROM child WHERE NOT deleted"
                    " ORDER BY name LIMIT 1 OFFSET ?", n)[0]


def edit(town, name, **fields):
    """Change a child through the command line, as a roster would."""
    no = town.one("SELECT id_number FROM child WHERE name=?", name)
    birth = town.one("SELECT birth_date FROM child WHERE name=?", name)
    row = {"name": name, "id_number": no, "birth_date": birth}
    row.update(fields)
    r = town.import_csv("child", lab.csv_text([row]))
    assert lab.counts(r) == (0, 1, 0, 0), repr(r)


# ---- there and back ---------------------------------------------------------

def test_first_report(pair, tmp_path):
    county, town = pair
    assert county.sql("SELECT uid, rv, name, site FROM child ORDER BY uid") \
        == town.sql("SELECT uid, rv, name, site FROM child ORDER BY uid")
    assert county.one("SELECT count(*) FROM guardian") == \
        town.one("SELECT count(*) FROM guardian")
    # to be reviewed, found by initials, accounted for in the journal
    assert county.one("SELECT count(*) FROM review WHERE status='待审' AND"
                      " form='child'") == 6
    assert county.sql("SELECT key FROM lookup WHERE form='child' ORDER BY"
                      " key") == town.sql("SELECT key FROM lookup WHERE"
                                          " form='child' ORDER BY key")
    assert county.one("SELECT count(*) FROM journal WHERE op='merge'") >= 6
    # acknowledged: nothing is sent twice
    acked = int(town.one("SELECT value FROM meta WHERE name='acked_seq'"))
    assert acked > 0 and town.one("SELECT count(*) FROM sup") == 0
    s = stick(tmp_path, "second")
    r = town.run("bundle", "create", "--to", s, status=0)
    assert "第2包：新增 0 名，变更 0 项" in r.err
    assert not glob.glob(s + "/enrol-*")
    clean(county, town)


def test_preview_keeps_nothing(county, town, tmp_path):
    s = stick(tmp_path, "s")
    fill(town, 3)
    enrol(county, town, s)
    r = receive(county, s, "--dry-run", status=0)
    assert "悦庄镇 第1包：新增 3 名，变更 " in r.err
    assert "冲突 0 项，退回 0" in r.err
    assert county.one("SELECT count(*) FROM child") == 0
    assert county.one("SELECT count(*) FROM bundle") == 0
    assert not glob.glob(s + "/tj1r-*")
    r = receive(county, s, status=0)
    assert "悦庄镇 第1包：新增 3 名，变更 " in r.err
    assert county.one("SELECT count(*) FROM child") == 3


def said(r):
    """What a delivery holds, in the words of whoever speaks."""
    return re.search(r"第\d+包：新增 \d+ 名，变更 \d+ 项", r.err).group(0)


def test_both_sides_say_the_same(county, town, tmp_path):
    """create, verify and receive count what people entered: not 类别起止, not
    the list of villages, not the guardian that came with a new child."""
    fill(town, 2)
    name = town.one("SELECT name FROM child ORDER BY uid")
    town.import_csv("visit", lab.csv_text([{
        "child": name, "visit_date": "2026-11-01", "method": "入户",
        "seen_child": "是", "visitor": "王芳", "findings": "家里都好"}]),
        status=0)
    enrol(county, town, stick(tmp_path, "s"))
    s = stick(tmp_path, "s1")
    made = town.run("bundle", "create", "--to", s, status=0)
    assert said(made) == "第2包：新增 2 名，变更 1 项", repr(made)
    assert "走访记录：新增 1" in made.err and "类别起止" not in made.err
    assert said(town.run("bundle", "verify", s, status=0)) == said(made)
    taken = receive(county, s, status=0)
    assert said(taken) == said(made), repr(taken)
    town.run("bundle", "apply", s, status=0)
    # changes, a guardian of an old child, a record deleted
    uid = town.one("SELECT uid FROM child ORDER BY uid")
    edit(town, town.one("SELECT name FROM child WHERE uid=?", uid),
         left_on="2026-11-02", left_reason="moved", left_to="南麻街道")
    s = stick(tmp_path, "s2")
    made = town.run("bundle", "create", "--to", s, status=0)
    assert said(made) == "第3包：新增 0 名，变更 1 项", repr(made)
    assert said(town.run("bundle", "verify", s, status=0)) == said(made)
    assert said(receive(county, s, status=0)) == said(made)


def test_lost_and_doubled_sticks(pair, tmp_path):
    county, town = pair
    name = child(town)[1]
    lost, late, last = (stick(tmp_path, n) for n in ("lost", "late", "last"))
    edit(town, name, category="孤儿")
    town.run("bundle", "create", "--to", lost, status=0)
    edit(town, name, category="残疾;孤儿")
    town.run("bundle", "create", "--to", late, status=0)
    edit(town, name, category="残疾")
    town.run("bundle", "create", "--to", last, status=0)
    receive(county, last, status=0)
    assert county.one("SELECT category FROM child WHERE name=?", name) == \
        town.one("SELECT category FROM child WHERE name=?", name)
    r = receive(county, late, status=0)
    assert "后面的包里已经有了" in r.err
    r = receive(county, last, status=0)
    assert "以前收过" in r.err
    assert county.one("SELECT category FROM child WHERE name=?", name) == \
        town.one("SELECT category FROM child WHERE name=?", name)
    assert county.one("SELECT count(*) FROM conflict") == 0
    clean(county, town)


def test_stick_is_cleared_after_the_answer(pair, tmp_path):
    county, town = pair
    s = stick(tmp_path, "s")
    for i in range(3):
        fill(town, 1, start=30 + i)
        town.run("bundle", "create", "--to", s, status=0)
        if i < 2:
            receive(county, s, status=0)
    alien = os.path.join(s, "tj1-370323102-aaaaaaaa-0-5.age")
    with open(alien, "w") as f:
        f.write("another township's")
    assert len(glob.glob(s + "/tj1-370323104-*.age")) == 3
    assert len(glob.glob(s + "/tj1r-*.age")) == 2
    r = town.run("bundle", "apply", s, "--clean", status=0)
    assert "已清理" in r.err
    left = sorted(os.path.basename(p) for p in glob.glob(s + "/tj1-*104*.age"))
    newest = town.one("SELECT file FROM export ORDER BY rowid DESC")
    assert left == [newest] and os.path.exists(alien)
    assert len(glob.glob(s + "/tj1r-*.age")) == 1
    assert len(glob.glob(s + "/tj1-370323104-*.minisig")) == 1
    # what was not acknowledged yet is still there and is received
    os.unlink(alien)
    receive(county, s, status=0)
    assert county.one("SELECT count(*) FROM child") == 9


# ---- who is believed --------------------------------------------------------

def test_strangers_are_set_aside(county, town, tmp_path):
    s = stick(tmp_path, "s")
    fill(town, 2)
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    town.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, status=1)
    assert "待核对（未并入）" in r.err
    assert county.one("SELECT count(*) FROM child") == 0
    # enrolled with another key: the signature is not theirs
    other = lab.town(tmp_path / "other")
    o = stick(tmp_path, "o")
    other.run("bundle", "create", "--to", o)
    county.run("key", "enrol", o + "/enrol-370323104.txt", "--fingerprint",
               lab.fingerprint(other), status=0)
    r = receive(county, s, status=1)
    assert "待核对（未并入）" in r.err
    assert county.one("SELECT count(*) FROM child") == 0
    clean(county)


def test_wrong_passphrase(county, town, tmp_path):
    s = stick(tmp_path, "s")
    enrol(county, town, s)
    r = county.run("bundle", "receive", s, "--passphrase-stdin",
                   stdin="something else\n", status=1)
    assert "口令不对" in r.err
    r = county.run("bundle", "receive", s, status=2)
    assert "口令" in r.err
    r = town.run("bundle", "receive", s, "--passphrase-stdin", stdin="x\n",
                 status=1)
    assert "县级" in r.err


def test_damage_is_refused(pair, tmp_path):
    county, town = pair
    s = stick(tmp_path, "s")
    fill(town, 1, start=60)
    town.run("bundle", "create", "--to", s, status=0)
    path = glob.glob(s + "/*.age")[0]
    with open(path, "rb") as f:
        good = f.read()
    step = max(1, len(good) // 5)
    for at in list(range(0, len(good), step)) + [len(good) - 1]:
        bad = bytearray(good)
        bad[at] ^= 1
        with open(path, "wb") as f:
            f.write(bad)
        receive(county, s, status=1)
    for cut in (0, len(good) // 2, len(good) - 1):
        with open(path, "wb") as f:
            f.write(good[:cut])
        receive(county, s, status=1)
    with open(path, "wb") as f:
        f.write(good + b"x")
    receive(county, s, status=1)
    assert county.one("SELECT count(*) FROM child") == 6
    os.rename(path + ".minisig", path + ".kept")
    with open(path, "wb") as f:
        f.write(good)
    r = receive(county, s, status=1)
    assert "没有写完" in r.err
    os.rename(path + ".kept", path + ".minisig")
    receive(county, s, status=0)
    assert county.one("SELECT count(*) FROM child") == 7
    clean(county)


def test_damaged_receipt_is_refused(pair, tmp_path):
    county, town = pair
    s = stick(tmp_path, "s")
    fill(town, 1, start=60)
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    path = glob.glob(s + "/tj1r-*.age")[0]
    with open(path, "rb") as f:
        good = f.read()
    before = town.one("SELECT value FROM meta WHERE name='acked_seq'")
    for at in range(0, len(good), max(1, len(good) // 16)):
        bad = bytearray(good)
        bad[at] ^= 0x20
        with open(path, "wb") as f:
            f.write(bad)
        assert town.run("bundle", "apply", path).rc == 1
    assert town.one("SELECT value FROM meta WHERE name='acked_seq'") == before
    with open(path, "wb") as f:
        f.write(good)
    town.run("bundle", "apply", path, status=0)
    assert town.one("SELECT value FROM meta WHERE name='acked_seq'") != before


def test_receipt_opens_with_age_and_tar(pair, tmp_path):
    county, town = pair
    path = glob.glob(str(tmp_path / "first" / "tj1r-*.age"))[0]
    lab.run(["minisign", "-V", "-q", "-P", county.run(
        "key", "show", status=0).out.splitlines()[1], "-m", path], status=0)
    lab.run(["age", "-d", "-i", town.keys("site.age"), "-o",
             str(tmp_path / "r.tar"), path], status=0)
    lab.run(["tar", "-xf", str(tmp_path / "r.tar"), "-C", str(tmp_path)],
            status=0)
    bag = glob.glob(str(tmp_path / "tj1r-*"))[0]
    town.run("bundle", "verify", bag, status=0)
    with open(bag + "/data/receipt.json") as f:
        r = json.load(f)
    assert r["status"] == "ok" and r["site"] == lab.TOWN
    assert r["number"] == 1 and r["applied"] > 0


# ---- what the county says ---------------------------------------------------

def test_sent_back_and_mended(pair, tmp_path):
    county, town = pair
    uid, name = child(county)
    r = county.run("bundle", "review", "退回", uid, status=1)
    assert "原因" in r.err
    county.run("bundle", "review", "退回", uid, "--reason", "类别不对",
               status=0)
    s = stick(tmp_path, "s")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    r = town.run("bundle", "apply", s, status=1)
    assert "退回 1 条" in r.err
    assert town.sql("SELECT status, reason FROM review WHERE uid=?", uid) == \
        [("退回", "类别不对")]
    edit(town, name, category="残疾")
    assert town.one("SELECT status FROM review WHERE uid=?", uid) == "待审"
    s = stick(tmp_path, "s2")
    town.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, status=0)
    assert "新增 0 名" in r.err
    assert county.one("SELECT status FROM review WHERE uid=?", uid) == "待审"
    r = town.run("bundle", "apply", s, status=0)
    assert "退回 0 条" in r.err
    county.run("bundle", "review", "已审", uid, status=0)
    assert county.one("SELECT status FROM review WHERE uid=?", uid) == "已审"
    clean(county, town)


def test_proposals(pair, tmp_path):
    county, town = pair
    (a, _), (b, bname) = child(county, 0), child(county, 1)
    county.run("bundle", "propose", a, "guardian_phone", "13905330001",
               "--reason", "打不通", status=0)
    county.run("bundle", "propose", b, "guardian_phone", "13905330002",
               status=0)
    county.run("bundle", "propose", b, "no_such", "x", status=2)
    edit(town, bname, guardian_phone="13905339999")
    s = stick(tmp_path, "s")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    r = town.run("bundle", "apply", s, status=1)
    assert "更正 1 项" in r.err and "待定 1 项" in r.err
    assert town.one("SELECT guardian_phone FROM child WHERE uid=?", a) == \
        "13905330001"
    assert town.one("SELECT guardian_phone FROM child WHERE uid=?", b) == \
        "13905339999"
    r = town.run("bundle", "list", status=0)
    assert "更正建议" in r.out and "13905330002" in r.out
    item = r.out.split()[0]
    town.run("bundle", "decide", item, "县里", status=0)
    assert town.one("SELECT guardian_phone FROM child WHERE uid=?", b) == \
        "13905330002"
    s = stick(tmp_path, "s2")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    assert county.sql("SELECT DISTINCT status FROM proposal") == [("taken",)]
    town.run("bundle", "apply", s, status=0)
    clean(county, town)


def test_same_child_in_two_townships(pair, tmp_path):
    county, town = pair
    other = lab.town(tmp_path / "second", TOWN2)
    uid, name = child(town)
    row = {"name": name, "village": other.village(0)[0], "category": "留守",
           "id_number": town.one("SELECT id_number FROM child WHERE uid=?",
                                 uid)}
    other.import_csv("child", lab.csv_text([row]), status=0)
    s = stick(tmp_path, "two")
    enrol(county, other, s)
    r = receive(county, s, status=0)
    assert "可能重复 1 人" in r.err
    assert county.one("SELECT count(*) FROM child WHERE name=?", name) == 2
    r = other.run("bundle", "apply", s, status=1)
    r = other.run("bundle", "list", status=0)
    assert "可能重复" in r.out and "悦庄镇" in r.out
    s = stick(tmp_path, "one")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    town.run("bundle", "apply", s, status=1)
    assert "可能重复" in town.run("bundle", "list", status=0).out
    clean(county, town, other)


def test_issued_records_are_read_only(pair, tmp_path):
    """Results of a county class come to those whose staff attended."""
    county, town = pair
    village = town.village(0)[0]
    no = lab.id_number("1980-02-03", 7)
    town.import_csv("staff", lab.csv_text([{
        "name": "赵主任", "id_number": no, "role": "儿童主任",
        "village": village}]), status=0)
    s = stick(tmp_path, "s")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    county.import_csv("training", lab.csv_text([
        {"title": "县级培训", "starts_on": "2026-10-12"},
        {"title": "别的培训", "starts_on": "2026-10-13"}]), status=0)
    county.import_csv("trainee", lab.csv_text([{
        "training": "县级培训", "staff": no, "present": "是",
        "result": "合格"}]), status=0)
    s = stick(tmp_path, "s2")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    r = town.run("bundle", "apply", s, status=0)
    assert "下发 2 条" in r.err
    assert town.sql("SELECT title, site FROM training") == \
        [("县级培训", "370323")]
    assert town.one("SELECT result FROM trainee") == \
        county.one("SELECT result FROM trainee")
    # the township does not own them: neither changed nor reported back
    r = town.import_csv("training", lab.csv_text([{
        "uid": town.one("SELECT uid FROM training"), "title": "县级培训",
        "starts_on": "2026-10-12", "hours": "99"}]))
    assert r.rc == 1 and "别的单位" in r.err, repr(r)
    # the county corrects its record; the next receipt renews it
    county.import_csv("training", lab.csv_text([{
        "title": "县级培训", "starts_on": "2026-10-12", "hours": "8"}]),
        status=0)
    s = stick(tmp_path, "s3")
    town.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, status=0)
    assert "变更 0 项" in r.err
    r = town.run("bundle", "apply", s, status=0)
    assert "下发 1 条" in r.err
    assert town.one("SELECT hours FROM training") == \
        county.one("SELECT hours FROM training WHERE title='县级培训'")
    clean(county, town)


def test_child_moves_to_another_township(pair, tmp_path):
    county, town = pair
    uid, name = child(town)
    visits = lab.csv_text([{"child": town.one(
        "SELECT id_number FROM child WHERE uid=?", uid),
        "visit_date": "2026-11-02", "method": "入户", "seen_child": "是",
        "findings": "一切都好"}])
    town.import_csv("visit", visits, status=0)
    edit(town, name, left_on="2026-11-20", left_reason="迁出本镇",
         left_to="鲁村镇")
    s = stick(tmp_path, "a")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    r = county.run("bundle", "list", status=0)
    assert "转出待核 " + uid in r.out and "鲁村镇" in r.out
    county.run("bundle", "transfer", uid, lab.TOWN, status=1)
    county.run("bundle", "transfer", uid, "370323999", status=3)
    county.run("bundle", "transfer", uid, TOWN2, status=0)
    assert "转出待核" not in county.run("bundle", "list", status=0).out
    other = lab.town(tmp_path / "second", TOWN2)
    s = stick(tmp_path, "b")
    enrol(county, other, s)
    receive(county, s, status=0)
    other.run("bundle", "apply", s, status=1)
    other.run("bundle", "apply", s, status=0)       # nothing is added twice
    r = other.run("bundle", "list", status=0)
    assert "转入待接收" in r.out and "从悦庄镇转来：" + name in r.out
    other.run("bundle", "decide", r.out.split()[0], "县里", status=0)
    assert other.sql("SELECT name, came_from, left_on, village FROM child") \
        == [(name, "悦庄镇", None, None)]
    assert other.one("SELECT findings FROM visit v JOIN child c ON"
                     " c.uid=v.child") == "一切都好"
    assert other.one("SELECT count(*) FROM guardian g JOIN child c ON"
                     " c.uid=g.child") == 1
    assert other.one("SELECT uid FROM child") != uid
    s = stick(tmp_path, "c")
    other.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, status=0)
    assert "新增 1 名" in r.err and "可能重复" not in r.err
    r = other.run("bundle", "apply", s, status=0)
    assert county.one("SELECT count(*) FROM child WHERE name=? AND left_on IS"
                      " NULL", name) == 1
    clean(county, town, other)


# ---- places that take nothing ------------------------------------------------

def test_receiving_from_a_disc(pair, tmp_path):
    """A disc cannot take the receipt: it goes to 发件箱, and says so."""
    county, town = pair
    fill(town, 1, start=20)
    s = stick(tmp_path, "disc")
    town.run("bundle", "create", "--to", s, status=0)
    path, = glob.glob(s + "/tj1-*.age")
    os.chmod(s, 0o555)
    before = sorted(os.listdir(s))

    def take(what):
        return lab.run(lab.ORDINARY + county.argv(
            "bundle", "receive", what, "--passphrase-stdin"),
            stdin=county.passphrase + "\n", status=0)

    box = os.path.join(county.home, "发件箱")
    r = take(s)
    assert "新增 1 名" in r.err and "县回执不放回 %s，放在 %s" % (s, box) in r.err
    assert sorted(os.listdir(s)) == before
    answer, = glob.glob(box + "/tj1r-*.age")
    assert answer in r.out
    town.run("bundle", "apply", answer, status=0)
    assert town.one("SELECT value FROM meta WHERE name='acked_seq'") == \
        path.split("-")[-1][:-4]
    take(path)  # one file of it
    assert len(glob.glob(box + "/tj1r-*.age")) == 2
    # what cannot be written is told as such
    for args in (("bundle", "create", "--to", s), ("backup", s + "/b.age")):
        r = lab.run(lab.ORDINARY + town.argv(*args))
        assert r.rc in (1, 3) and "不能往 %s 里写文件" % s in r.err, r
    os.chmod(s, 0o755)


# ---- new keys ---------------------------------------------------------------

def test_township_changes_its_keys(pair, tmp_path):
    county, town = pair
    old = glob.glob(str(tmp_path / "first" / "tj1-*.age"))[0]
    before = lab.fingerprint(town)
    town.run("key", "rotate", status=0)
    assert lab.fingerprint(town) != before
    s = stick(tmp_path, "s")
    fill(town, 1, start=20)
    town.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, status=1)
    assert "待核对（未并入）" in r.err
    # the former key vouches for the new one: no telephone
    county.run("key", "enrol", s + "/enrol-370323104.txt", status=0)
    receive(county, s, status=0)
    town.run("bundle", "apply", s, status=0)
    assert county.one("SELECT count(*) FROM child") == 7
    # what the old key protects can still be read
    lab.run(["age", "-d", "-i", town.keys("site.age"), "-o",
             str(tmp_path / "x"), old], status=0)
    s = stick(tmp_path, "s2")
    town.run("bundle", "create", "--to", s, status=0)
    assert not glob.glob(s + "/enrol*")


def test_own_bundles_after_a_change_of_keys(pair, tmp_path):
    """What was signed before is good under the key of that time, and said to
    be; what claims to be younger than the change is not."""
    county, town = pair
    first = str(tmp_path / "first")
    old, = glob.glob(first + "/tj1-*.age")
    thief = moved(town, str(tmp_path / "thief"))
    town.run("key", "rotate", status=0)
    day = town.one("SELECT substr(max(at), 1, 10) FROM journal")
    r = town.run("bundle", "verify", old, status=0)
    assert "由旧密钥签名，%s 起已更换" % day in r.err
    fill(town, 1, start=20)
    s = stick(tmp_path, "s")
    r = town.run("bundle", "create", "--to", first, status=0)
    # the older one on the stick is held against its own key
    assert "以前写的 1 个包也读了一遍" in r.err
    new = max(glob.glob(first + "/tj1-*.age"), key=os.path.getmtime)
    r = town.run("bundle", "verify", new, status=0)
    assert "旧密钥" not in r.err
    # twice changed: both former keys are known
    town.run("key", "rotate", status=0)
    for path in (old, new):
        assert "旧密钥" in town.run("bundle", "verify", path, status=0).err
    # the minisign program finds the former key in the same file
    line = open(town.keys("site.former"), encoding="utf-8").readlines()[1]
    lab.run(["minisign", "-V", "-P", line.split()[-1], "-m", old], status=0)
    # the old key used after that day
    fill(thief, 1, start=30)
    thief.run("bundle", "create", "--to", s, status=0, env={"TONGJI_TODAY": "2027-01-01"})
    forged, = glob.glob(s + "/tj1-*.age")
    r = town.run("bundle", "verify", forged, status=1)
    assert "由旧密钥签名，却写于 2027-01-01" in r.err
    r = town.run("bundle", "open", forged, "--yes", "--to", s + "/x", status=1)
    assert not os.path.exists(s + "/x")
    r = town.run("bundle", "open", str(tmp_path / "tj1-370323104-0-1-2.age"),
                 "--to", s + "/x", "--yes", status=3)
    assert "找不到" in r.err
    # and nobody's key is nobody's
    stranger = lab.town(tmp_path / "stranger")
    r = stranger.run("bundle", "verify", old, status=1)
    assert "另一把钥匙" in r.err


def test_opening_a_bundle_is_journaled(pair, tmp_path):
    county, town = pair
    path, = glob.glob(str(tmp_path / "first" / "tj1-*.age"))
    count = "SELECT count(*) FROM journal WHERE op = 'export'"
    before = town.one(count)
    town.run("bundle", "open", path, "--to", str(tmp_path / "no"), stdin="\n",
             status=1)
    assert town.one(count) == before
    assert not os.path.exists(str(tmp_path / "no"))
    r = town.run("bundle", "open", path, "--to", str(tmp_path / "out"),
                 stdin="拆开\n", status=0)
    assert "已记入日志" in r.err
    assert glob.glob(str(tmp_path / "out" / "*" / "data" / "rows.jsonl"))
    assert town.one(count) == before + 1
    note = town.one("SELECT vals FROM journal WHERE op = 'export'"
                    " ORDER BY seq DESC LIMIT 1")
    assert os.path.basename(path) in note and str(tmp_path / "out") in note
    # a place that is taken is no opening
    town.run("bundle", "open", path, "--yes", "--to", str(tmp_path / "out"),
             status=1)
    assert town.one(count) == before + 1
    # a director has no business with everybody's records
    code = town.one("SELECT code FROM village LIMIT 1")
    town.run("user", "add", "zhuren", "--role", "儿童主任", "--village", code,
             "--password-stdin", stdin="ditu2026miao\n", status=0)
    town.run("bundle", "open", path, "--yes", "--to", str(tmp_path / "hers"),
             login="zhuren", status=1)
    assert not os.path.exists(str(tmp_path / "hers"))
    clean(county, town)
    # without its database what is left can still be opened
    os.unlink(os.path.join(town.home, "tongji.db"))
    town.run("bundle", "open", path, "--yes", "--to", str(tmp_path / "left"),
             status=0)


def test_county_changes_its_keys(pair, tmp_path):
    county, town = pair
    r = county.run("key", "rotate", "--passphrase-stdin", stdin="wrong pass\n",
                   status=1)
    county.run("key", "rotate", "--passphrase-stdin",
               stdin=county.passphrase + "\n", status=0)
    s = stick(tmp_path, "s")
    fill(town, 1, start=20)
    town.run("bundle", "create", "--to", s, status=0)   # to the old key
    receive(county, s, status=0)
    assert county.one("SELECT count(*) FROM child") == 7
    r = town.run("bundle", "apply", s, status=1)
    assert "换了密钥" in r.err
    # somebody else's voucher is none
    forged = stick(tmp_path, "forged")
    evil = lab.county(tmp_path / "evil")
    shutil.copy(evil.card, forged + "/county.key")
    shutil.copy(s + "/county.key.minisig", forged)
    r = town.run("key", "import", forged + "/county.key", stdin="\n",
                 status=1)
    assert "核对码不一致" in r.err
    town.run("key", "import", s + "/county.key", status=0)
    town.run("bundle", "apply", s, status=0)
    s = stick(tmp_path, "s2")
    fill(town, 1, start=21)
    town.run("bundle", "create", "--to", s, status=0)   # to the new key
    receive(county, s, status=0)
    assert county.one("SELECT count(*) FROM child") == 8
    town.run("bundle", "apply", s, status=0)


# ---- restored, copied, lost -------------------------------------------------

def test_restored_backup_gets_its_records_back(pair, tmp_path):
    county, town = pair
    backup = str(tmp_path / "b.db")
    town.run("backup", backup, status=0)
    fill(town, 2, start=70)
    name = child(town)[1]
    edit(town, name, category="残疾")
    want = town.sql("SELECT uid, name, category FROM child ORDER BY uid")
    s = stick(tmp_path, "s")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    town.run("restore", backup, status=0)
    assert town.one("SELECT count(*) FROM child") == 6
    s = stick(tmp_path, "s2")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    r = town.run("bundle", "apply", s, status=0)
    assert "还回" in r.err
    assert town.sql("SELECT uid, name, category FROM child ORDER BY uid") == \
        want
    s = stick(tmp_path, "s3")
    town.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, status=0)
    r = town.run("bundle", "apply", s, status=0)
    assert "还回 0 条" in r.err
    clean(county, town)


def test_silently_restored_disk(pair, tmp_path):
    county, town = pair
    with open(town.db, "rb") as f:
        old = f.read()
    fill(town, 1, start=80)
    with open(town.db, "r+b") as f:
        f.truncate(0)
        f.write(old)
    for tail in ("-wal", "-shm"):
        if os.path.exists(town.db + tail):
            os.unlink(town.db + tail)
    inc = town.one("SELECT value FROM meta WHERE name='inc'")
    r = town.run("check", status=0)
    assert "备份" in r.err
    assert town.one("SELECT value FROM meta WHERE name='inc'") != inc
    r = town.run("check", status=0)
    assert "备份" not in r.err


def test_copied_folder_and_both_go_on(pair, tmp_path):
    county, town = pair
    twin = lab.Site(tmp_path / "twin")
    town.run("check", status=0)     # leaves its mark
    shutil.copytree(town.home, twin.home)
    name = child(town)[1]
    r = twin.run("check", status=0)
    assert "拷来" in r.err
    edit(town, name, category="残疾")
    edit(twin, name, category="孤儿")
    a, b = stick(tmp_path, "a"), stick(tmp_path, "b")
    town.run("bundle", "create", "--to", a, status=0)
    twin.run("bundle", "create", "--to", b, status=0)
    receive(county, a, status=0)
    r = receive(county, b, status=1)
    assert "冲突 1 项" in r.err
    assert county.one("SELECT count(*) FROM conflict WHERE resolved_at IS"
                      " NULL AND instr(lost, ';disabled;')") >= 1
    twin.run("bundle", "apply", b, status=1)
    r = twin.run("bundle", "list", status=0)
    assert "两边都改过" in r.out and "儿童类别" in r.out
    for line in r.out.splitlines():
        if line.split()[0].isdigit():
            twin.run("bundle", "decide", line.split()[0], "县里", status=0)
    assert "disabled" in twin.one("SELECT category FROM child WHERE name=?",
                                  name)
    b = stick(tmp_path, "b2")
    twin.run("bundle", "create", "--to", b, status=0)
    receive(county, b, status=0)
    assert county.one("SELECT count(*) FROM conflict WHERE resolved_at IS"
                      " NULL") == 0
    clean(county, twin)


def test_new_pc(pair, tmp_path):
    county, town = pair
    uid, name = child(county)
    want = county.sql("SELECT uid, rv, name, category FROM child ORDER BY"
                      " uid")
    # a number that was minted is not minted again, its record deleted or not
    case = "source,accepted_at,needs,urgency,child_note\n" \
        "来访,2026-11-2%d 10:00,其他,一般,张家孩子\n"
    town.import_csv("case", case % 1 + case.splitlines()[1] % 2 + "\n",
                    status=0)
    numbers = town.sql('SELECT case_no FROM "case" ORDER BY case_no')
    assert len(numbers) == 2
    town.sql("UPDATE series SET last=last+1")   # a third one, deleted since
    s = stick(tmp_path, "last")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    shutil.rmtree(town.home)
    town = lab.town(tmp_path)
    s = stick(tmp_path, "new")
    enrol(county, town, s)
    # nobody vouched for the new database: its bundle waits
    r = receive(county, s, status=1)
    assert "待核对（未并入）" in r.err
    g = stick(tmp_path, "given")
    county.run("bundle", "give", lab.TOWN, "--to", g, "--passphrase-stdin",
               stdin=county.passphrase + "\n", status=0)
    r = town.run("restore", glob.glob(g + "/tj1g-*.age")[0], status=0)
    assert town.sql("SELECT uid, rv, name, category FROM child ORDER BY uid") \
        == want
    assert town.sql('SELECT case_no FROM "case" ORDER BY case_no') == numbers
    town.import_csv("case", case % 3, status=0)
    assert town.one('SELECT max(case_no) FROM "case"')[-4:] == "0004"
    edit(town, name, category="残疾")
    s = stick(tmp_path, "again")
    town.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, status=0)
    assert "冲突 0 项" in r.err
    assert "disabled" in county.one("SELECT category FROM child WHERE uid=?",
                                    uid)
    town.run("bundle", "apply", s, status=0)
    r = town.run("restore", glob.glob(g + "/tj1g-*.age")[0], status=1)
    clean(county, town)


def test_unknown_database_by_telephone(pair, tmp_path):
    county, town = pair
    shutil.rmtree(town.home)
    town = lab.town(tmp_path)
    fill(town, 2, start=90)
    s = stick(tmp_path, "new")
    enrol(county, town, s)
    receive(county, s, status=1)
    inc = county.one("SELECT inc FROM bundle WHERE status='quarantine'")
    county.run("bundle", "accept", lab.TOWN, inc[:8], status=0)
    receive(county, s, status=0)
    assert county.one("SELECT count(*) FROM child") == 8
    clean(county)


def test_county_restored_from_backup_asks_again(pair, tmp_path):
    county, town = pair
    backup = str(tmp_path / "c.db")
    county.run("backup", backup, status=0)
    fill(town, 1, start=40)
    s = stick(tmp_path, "s")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    town.run("bundle", "apply", s, status=0)
    county.run("restore", backup, status=0)
    fill(town, 1, start=41)
    s = stick(tmp_path, "s2")
    town.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, status=1)
    assert "缺第2包" in r.err
    assert county.one("SELECT count(*) FROM child") == 6
    r = town.run("bundle", "apply", s, status=1)
    assert "补齐" in r.err
    s = stick(tmp_path, "s3")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    assert county.one("SELECT count(*) FROM child") == 8
    town.run("bundle", "apply", s, status=0)
    clean(county, town)


def test_list_says_who_has_not_reported(pair):
    county, town = pair
    r = county.run("bundle", "list", status=0)
    assert "370323104 悦庄镇 第1包" in r.out
    assert "还没有报过" in r.out


# ---- record by record -------------------------------------------------------

def test_outcome_names_each_record(pair, tmp_path):
    """Whatever is not simply taken has its line: which record, and why."""
    county, town = pair
    uid, name = child(county)
    county.run("bundle", "review", "退回", uid, "--reason", "类别不对",
               status=0)
    # the township's forms say more than the county's
    shutil.copytree(os.path.join(lab.TOP, "forms"), town.path("forms"))
    with open(town.path("forms", "school.form"), "a") as f:
        f.write("\n[bell]\ntype = text 1..20\nlabel = 铃声\n")
    rows = "name,bell\n" + "".join("第%d小学,叮当\n" % i for i in range(25))
    assert lab.counts(town.import_csv("school", rows)) == (25, 0, 0, 0)
    s = stick(tmp_path, "s")
    town.run("bundle", "create", "--to", s, status=0)
    r = receive(county, s, "--dry-run", status=0)
    assert r.err.count("待核对（未并入）  学校 第") == 20, repr(r)
    assert "还有 5 条" in r.err and "--all" in r.err
    r = receive(county, s, "--all", status=1)
    assert r.err.count("待核对（未并入）  学校 第") == 25, repr(r)
    assert "还有" not in r.err
    r = town.run("bundle", "apply", s, "--dry-run", status=1)
    assert "退回  儿童台账 " + name + "：类别不对" in r.err, repr(r)
    r = town.run("bundle", "apply", s, status=1)
    assert "退回  儿童台账 " + name + "：类别不对" in r.err, repr(r)
    assert r.err.count("退回  学校 第") == 19 and "还有 6 条" in r.err


def test_hotline_slip_goes_to_its_township(pair, tmp_path):
    """A slip that names a village or township travels with the receipt; one
    that names none is told of on the county's desk, not forgotten."""
    county, town = pair
    r = county.import_csv("case", "source,slip_no,accepted_at,village,needs,"
                          "urgency,child_note\n"
                          "12345热线,HX1,2026-11-21 10:00,%s,其他,一般,甲\n"
                          "12345热线,HX2,2026-11-21 10:00,悦庄镇,其他,一般,乙\n"
                          "12345热线,HX3,2026-11-21 10:00,,其他,一般,丙\n"
                          % town.village(0)[1])
    assert lab.counts(r) == (3, 0, 0, 0), repr(r)
    s = stick(tmp_path, "s")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    r = town.run("bundle", "apply", s, status=0)
    assert r.err.count("下发  受理单") == 2, repr(r)
    assert town.sql('SELECT slip_no FROM "case" ORDER BY 1') == \
        [("HX1",), ("HX2",)]
    out = county.run("bundle", "list", status=0).out
    assert out.count("没有去处") == 1 and "下发不了" in out


def test_what_lay_in_the_inbox_is_answered_in_the_outbox(pair, tmp_path):
    """收件箱 and 发件箱, as on the screen; --to says another place."""
    county, town = pair
    box = county.path("收件箱")
    os.makedirs(box, exist_ok=True)
    assert "不放回" not in receive(county, box, status=1).err
    town.run("bundle", "create", "--to", box, status=0)
    r = receive(county, box, status=0)
    assert "县回执不放回" in r.err, repr(r)
    assert not glob.glob(box + "/tj1r-*")
    town.run("bundle", "apply", county.path("发件箱"), status=0)
    s = stick(tmp_path, "s")
    r = receive(county, box, "--to", s, status=0)
    assert "不放回" not in r.err and glob.glob(s + "/tj1r-*.minisig")


def test_a_half_receipt_hides_no_whole_one(pair, tmp_path):
    """The county's stick was pulled while the next receipt was written."""
    county, town = pair
    s = stick(tmp_path, "s")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    whole = glob.glob(s + "/tj1r-*.age")[0]
    other = whole.replace("tj1r-%s-" % lab.TOWN, "tj1r-%s-0" % lab.TOWN)
    for name, sig in ((other, None), (whole[:-5] + "7.age", None),
                      (whole[:-5] + "8.age", b"")):
        shutil.copy(whole, name)
        if sig is not None:
            open(name + ".minisig", "wb").write(sig)
    r = town.run("bundle", "apply", s, status=0)
    assert "县里已收到 第2包" in r.err, repr(r)
    os.unlink(whole)
    r = town.run("bundle", "apply", s)
    assert r.rc in (1, 3) and "县里已收到" not in r.err, repr(r)
