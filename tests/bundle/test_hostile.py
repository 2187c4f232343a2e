"""A township that is enrolled and means harm: its bundles are signed with its
own key and encrypted to the county as they should be, and wrong inside.  Each
is refused whole with a reason, or the bad record alone is set aside; nothing
is half taken."""
import csv
import glob
import json
import os
import tarfile

import openpyxl
import pytest

from test_circle import (TOWN2, base, clean, enrol, fill,  # noqa: F401
                         lab, pair, receive, stick)
from forger import Forger, member


@pytest.fixture
def forger(pair, tmp_path):  # noqa: F811
    """The township's next bundle, one new child in it, before it is sent."""
    county_, town_ = pair
    fill(town_, 1, start=60)
    s = stick(tmp_path, "made")
    town_.run("bundle", "create", "--to", s, status=0)
    return Forger(town_, county_, glob.glob(s + "/tj1-*.age")[0], tmp_path)


def state(county_):
    """All that a bundle may change at the county, but the journal."""
    return [(t, county_.sql('SELECT * FROM "%s"' % t)) for (t,) in county_.sql(
        "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE"
        " 'sqlite%' AND name NOT IN ('journal','session') ORDER BY name")]


# ---- what is refused whole --------------------------------------------------

def head(**more):
    def change(f):
        f.head.update(more)
    return change


def raw_head(make):
    def change(f):
        text = json.dumps(f.head, ensure_ascii=False)
        out = make(text)
        f.files["data/header.json"] = out if isinstance(out, bytes) else \
            out.encode()
    return change


def tail(*members):
    def change(f):
        f.tail = [(m if not isinstance(m, tarfile.TarInfo) else rename(m, f),
                   d) for m, d in members]
    return change


def rename(m, f):
    m.name = m.name.replace("BAG", f.called())
    return m


def link(kind, to="/etc/passwd"):
    return member("BAG/data/x", type=kind, linkname=to)


def huge(size):
    """A header that promises more than follows."""
    m = member("BAG/data/x")[0]
    m.size = size
    return m, b""


def manifest(make):
    def change(f):
        f.manifest = make
    return change


def tags(make):
    def change(f):
        f.tags = make
    return change


def files(**more):
    def change(f):
        f.files.update({n.replace("__", "/"): t for n, t in more.items()})
    return change


def only_for_itself(f):
    f.to = f.to[1:]


def end(text):
    def change(f):
        f.end = text
    return change


def lines(make):
    def change(f):
        f.lines = make(f.lines)
    return change


BIG = 99999999999999999999999999
REFUSED = {
    # the header
    "no json": ("JSON", raw_head(lambda t: t[:-1])),
    "two values": ("JSON", raw_head(lambda t: t + t)),
    "array": ("JSON", raw_head(lambda t: "[%s]" % t)),
    "doubled": ("JSON", raw_head(lambda t: t[:-1] + ', "rows": 0}')),
    "nan": ("JSON",
        raw_head(lambda t: t.replace('"edition": 0', '"edition": NaN'))),
    "huge": ("JSON", raw_head(lambda t: t.replace('"edition": 0',
                                         '"edition": %d' % BIG))),
    "real": ("edition",
        raw_head(lambda t: t.replace('"edition": 0', '"edition": 0.5'))),
    "deep": ("JSON", raw_head(lambda t: t[:-1] + ', "x": ' + "[" * 100000 +
                     "]" * 100000 + "}")),
    "latin": ("JSON", raw_head(lambda t: t.encode("gbk"))),
    "nul": ("JSON", raw_head(lambda t: t.encode() + b"\0")),
    "nul escape": ("JSON",
        raw_head(lambda t: t.replace("370323\"", "370323\\u0000\""))),
    "big head": ("太大", raw_head(lambda t: t + " " * (5 << 20))),
    "empty head": ("JSON", raw_head(lambda t: "")),
    "no head": ("缺少 header", files(**{"data__header.json": None})),
    "no rows": ("缺少 rows", files(**{"data__rows.jsonl": None})),
    "format": ("tj2", head(format="tj2")),
    "suite": ("suite", head(suite="none")),
    "county": ("不是给本县", head(county="510723")),
    "negative": ("base", head(base=-1)),
    "backwards": ("base", head(base=10 ** 9)),
    "inc": ("incarnation",
        head(incarnation="../../../../etc/passwd" + "0" * 10)),
    "inc big": ("incarnation", head(incarnation="A" * 32)),
    "parent": ("parent", head(parent=["0" * 32, 5])),
    "parent words": ("parent", head(parent=["'" * 32, 5, "\x1b" * 64])),
    "lineage": ("lineage", head(lineage=["0" * 64] * 20001)),
    "lineage words": ("lineage", head(lineage=["\x1b[31m" + "x" * 59])),
    "series": ("series", head(series={"x": "y"})),
    "series real": ("series", head(series={"x": 1.5})),
    "one row more": ("实际", lambda f: head(rows=f.head["rows"] + 1)(f)),
    "one row less": ("实际", lambda f: head(rows=f.head["rows"] - 1)(f)),
    "no number": ("rows", head(rows="9")),
    "town": ("文件名与包头不符", head(site=TOWN2)),
    "created": ("created", head(created="\x1b[2J")),
    "name": ("site_name", head(site_name="\x1b[2J悦庄镇")),
    # the rows' file
    "long line": ("太长",
        lines(lambda v: v[:1] + [b'"' + b"x" * (9 << 20) + b'"'])),
    # the bag
    "wrong sum": ("十六进制", manifest(lambda t: t.replace(t[:1], b"x", 1))),
    "other sum": ("校验值不符", manifest(lambda t: b"0" * 64 + t[64:])),
    "half a manifest": ("清单之外", manifest(lambda t: t[:t.index(b"\n") + 1])),
    "no manifest": ("清单之外", manifest(lambda t: b"")),
    "up in manifest": ("跳出", manifest(lambda t: t + b"0" * 64 +
                               b"  data/../../../x\n")),
    "root in manifest": ("绝对路径",
        manifest(lambda t: t + b"0" * 64 + b"  /etc/x\n")),
    "twice in manifest": ("列了两次", manifest(lambda t: t + t)),
    "tags": ("校验值不符", tags(lambda t: t.replace(t[:64], b"0" * 64))),
    "not listed": ("清单之外", tail(member("BAG/data/more.txt", b"x"))),
    "no declaration": ("BagIt-Version", files(**{"bagit.txt": b"\n"})),
    "fetch": ("fetch.txt",
        files(**{"fetch.txt": b"http://x.example/ 1 data/y\n"})),
    # the tar
    "up": ("跳出", tail(member("BAG/data/../../../../x", b"x"))),
    "root": ("斜线", tail(member("/tmp/x", b"x"))),
    "other folder": ("文件夹之外", tail(member("else/data/x", b"x"))),
    "colon": ("不允许的字符", tail(member("BAG/data/c:x", b"x"))),
    "backslash": ("不允许的字符", tail(member("BAG\\data\\x", b"x"))),
    "escape in name": ("不允许的字符", tail(member("BAG/data/\x1b[2J", b"x"))),
    "symlink": ("链接、设备", tail(link(tarfile.SYMTYPE))),
    "hard link": ("链接、设备", tail(link(tarfile.LNKTYPE))),
    "char device": ("链接、设备", tail(link(tarfile.CHRTYPE))),
    "block device": ("链接、设备", tail(link(tarfile.BLKTYPE))),
    "fifo": ("链接、设备", tail(link(tarfile.FIFOTYPE))),
    "sparse": ("链接、设备", tail(link(tarfile.GNUTYPE_SPARSE))),
    "long name": ("链接、设备", tail(member("././@LongLink", b"x" * 200,
                             type=tarfile.GNUTYPE_LONGNAME))),
    "pax": ("链接、设备", tail(member("BAG/pax", b"30 path=../../../../etc/x\n",
                       type=tarfile.XHDTYPE))),
    "doubled rows": ("重名", tail(member("BAG/data/rows.jsonl", b""))),
    "doubled in capitals": ("重名", tail(member("BAG/DATA/ROWS.JSONL", b""))),
    "promises": ("不完整", tail(huge(4 << 30))),
    "promises little": ("不完整", tail(huge(100000))),
    "half a header": ("ustar", tail((b"x" * 512, b""))),
    "behind the end": ("结束之后", end(b"\0" * 1024 + b"x" * 512)),
    "no end": ("不完整", end(b"")),
    "half an end": ("不完整", end(b"\0" * 512)),
    # who may read it
    "not for us": ("打不开", only_for_itself),
}


def test_refused_whole(pair, forger, tmp_path):  # noqa: F811
    """All on one stick, each under a name of its own; then the true one."""
    county_, town_ = pair
    s = stick(tmp_path, "s")
    paths = []
    for step, (_, change) in enumerate(REFUSED.values()):
        f = forger.copy(step + 1)
        f.name = f.called()
        change(f)
        paths.append(f.deliver(s))
    before = state(county_)
    r = receive(county_, s, status=1)
    assert state(county_) == before
    said = dict(x.split("：", 1) for x in r.err.splitlines() if "：" in x)
    for path, (name, (word, _)) in zip(paths, REFUSED.items()):
        assert word in said[path], (name, said[path])
    assert "\x1b" not in r.err
    assert county_.one("SELECT count(*) FROM journal WHERE op='receive' AND"
                       " instr(vals, ?)", os.path.basename(paths[0])) == 1
    assert not glob.glob(county_.path("parked")) + glob.glob(
        county_.path(".incoming*"))
    true = stick(tmp_path, "true")
    forger.deliver(true)
    assert "新增 1 名" in receive(county_, true, status=0).err
    clean(county_)


# ---- rows -------------------------------------------------------------------

UID = "01a22030-3f9a-77de-b7c7-21ddb76994%02x"


@pytest.fixture
def county_child(pair, tmp_path):  # noqa: F811
    """A child of another township that the county holds."""
    county_ = pair[0]
    other = lab.town(tmp_path / "two", TOWN2)
    s = stick(tmp_path, "two-stick")
    fill(other, 2, start=20)
    enrol(county_, other, s)
    receive(county_, s, status=0)
    return county_.sql("SELECT uid, village, id_number FROM child WHERE"
                       " site=? ORDER BY uid", TOWN2)


def rows(f, county_, theirs):
    """The reason in the quarantine and the row."""
    good, n = f.row("child"), iter(range(256))

    def new(v=None, **more):
        r = dict(good, uid=UID % next(n), **more)
        r["v"] = dict(good["v"], name="坏记录", birth_date="2014-05-05",
                      id_number=lab.id_number("2014-05-05",
                                              int(r["uid"][-2:], 16) * 2))
        r["v"].update(sex="2", **(v or {}))
        return r

    def raw(**more):
        return json.dumps(new(**more), ensure_ascii=False).encode()

    def gone(uid):
        return dict({k: good[k] for k in ("form", "rv", "sup", "site")},
                    uid=uid, deleted=True)

    visit = dict(good, form="visit", uid=UID % next(n), v={
        "child": theirs[0], "visit_date": "2026-11-01", "seen_child": "yes"})
    mine = county_.one("SELECT uid FROM child WHERE site=?", lab.TOWN)
    class_ = county_.one("SELECT uid FROM training")
    shape = [b'{"form"', b"[]", b"null", b"", b'"' + b"x" * 100000 + b'"',
             b'{"v":' * 100000 + b"1" + b"}" * 100000,
             raw()[:-1] + b', "rv": "0badcafe0badcafe"}',
             raw(x=float("nan")), raw(x=10 ** 400), raw() + b"\0", raw() + b"}",
             raw().replace("坏".encode(), b"\xff\xfe"),
             raw().replace("坏".encode(), b"\\u0000"),
             raw().replace("坏".encode(), b"\\ud800"),
             dict(good, uid="../../x"), dict(good, uid=""), new(sup="x"),
             dict(good, v=None), dict(good, v={"name": 5}),
             dict(good, v={"name": None}), dict(gone(UID % 99), v={})]
    return [("格式", r) for r in shape] + [
        ("本机没有", new(form=form)) for form in (
            "user", "meta", "journal", "review", "setting", "held", "series",
            "division", "Child", 'child" --', "\x1b[2J")] + [
        ("不是本乡镇的", new(site=TOWN2)),
        ("不是本乡镇的", new(site=lab.COUNTY)),
        ("别的单位", dict(new(), uid=theirs[0])),
        ("别的单位", gone(theirs[0])),
        ("别的单位", new({"village": theirs[1]})),
        ("别的单位", visit),
        ("种类变了", dict(visit, uid=mine)),
        ("种类变了", dict(visit, uid=class_)),
        ("种类变了", dict(gone(class_))),
        ("版本号", new(rv="")), ("版本号", new(rv="x" * 100)),
        ("版本号", new(rv="\x1b[2J")), ("版本号", gone(UID % 98) | {"rv": ""}),
        ("时间", new(created=["\x1b[2J", "x"])),
        ("时间", new(updated=[None, None])),
        ("时间", new(updated=["9999-99-99 00:00:00", "x"])),
        ("录入人", new(updated=[good["updated"][0], "\x1b[2J"])),
        ("录入人", new(updated=[good["updated"][0], "x" * 64])),
        ("流程状态", new(state="x")),
        ("控制字符", new({"name": "\x1b[31m张三"})),
        ("看不见", new({"name": "张\u202e三"})),
        ("换行", new({"name": "张\n三"})),
        ("太长", new({"name": "三" * 5000})),
        ("太大", new({"siblings": "9" * 20})),
        ("没有“nothing”", new({"nothing": "x"})),
        ("没有“site”", new({"site": TOWN2})),
        ("没有“deleted”", new({"deleted": "1"})),
        ("不存在", new({"birth_date": "2014-02-30"})),
        ("不是记录的编号", new({"village": "x"})),
    ]


def test_bad_rows_alone_are_set_aside(pair, forger, county_child, tmp_path):
    """Every bad record with its reason, the good ones between them taken;
    nothing of the other township or of the county changes."""
    county_, _ = pair
    county_.import_csv("training", "title,level,starts_on,hours\n县里的班,县级,"
                       "2026-11-01,8\n", status=0)
    good = [json.loads(x) for x in forger.lines]
    bad = rows(forger, county_, county_child[0])
    theirs = "SELECT * FROM child WHERE site<>? ORDER BY uid"
    before = county_.sql(theirs, lab.TOWN)
    s = stick(tmp_path, "s")
    half = len(bad) // 2
    forger.put(*[r for _, r in bad[:half]], *good,
               *[r for _, r in bad[half:]]).deliver(s)
    r = receive(county_, s, "--all", status=1)
    assert "新增 1 名" in r.err and "退回 %d\n" % len(bad) in r.err
    assert "\x1b" not in r.err
    found = county_.sql("SELECT reason, line FROM quarantine ORDER BY id")
    assert len(found) == len(bad)
    for (why, row), (reason, line) in zip(bad, found):
        assert why in reason, (reason, line[:200])
    assert county_.sql(theirs, lab.TOWN) == before
    assert county_.one("SELECT count(*) FROM child WHERE name='坏记录'") == 0
    assert county_.one("SELECT count(*) FROM visit") == 0
    assert county_.one("SELECT count(*) FROM child") == 9
    assert county_.one("SELECT status FROM review WHERE uid=(SELECT uid FROM"
                       " training)") is None
    clean(county_)


def test_names_that_are_programs(pair, forger, tmp_path):  # noqa: F811
    """Formulas and markup are names like others here; no spreadsheet runs
    them where they leave."""
    county_, _ = pair
    names = ("=cmd|' /C calc'!A0", "@SUM(1)", "<script>alert(1)</script>")
    good = forger.row("child")
    s = stick(tmp_path, "s")
    forger.put(*[dict(good, uid=UID % i, v=dict(good["v"], name=name))
                 for i, name in enumerate(names)]).deliver(s)
    r = receive(county_, s, status=0)
    assert "新增 3 名" in r.err
    out = str(tmp_path / "child")
    for kind in ("csv", "xlsx", "json"):
        county_.run("export", "child", "--format", kind, "--out",
                    out + "." + kind, status=0)
    with open(out + ".csv", newline="") as f:
        cells = [x for row in csv.reader(f) for x in row]
    assert not [x for x in cells if x[:1] in ("=", "+", "-", "@")]
    assert {"'" + x for x in names[:2]} <= set(cells)
    book = openpyxl.load_workbook(out + ".xlsx")
    kinds = {c.value: c.data_type for row in book.active for c in row}
    assert [kinds[x] for x in names] == ["s"] * 3
    clean(county_)
