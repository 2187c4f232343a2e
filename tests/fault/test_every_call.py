"""Every n-th call that changes a disk fails, or is the program's last: while a
bundle is made, received and answered, while an answer is applied, a backup
put back, a damaged database saved, keys renewed.  Nothing is half applied,
nothing earlier is lost, and the same command again completes the work.

A dozen n of each in `make test`, every one with TONGJI_SOAK=1."""
import glob
import os
import subprocess

import pytest

import lab
import world
from world import children

HERE = os.path.dirname(os.path.abspath(__file__))
EACH = None if os.environ.get("TONGJI_SOAK") else 4


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    out = str(tmp_path_factory.mktemp("shim") / "faulty.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", out,
                    os.path.join(HERE, "faulty.c"), "-ldl"], check=True)
    return out


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """The world just before each of the steps."""
    top = tmp_path_factory.mktemp("worlds")
    w = world.founded(top / "now")
    out = {}
    for what in ("create", "receive", "apply", "restore"):
        out[what] = w.copy(top / what)
        r = w.run(what)
        assert r.rc == 0, repr(r)
        out[what].after = children(w.town), children(w.county)
    out["salvage"] = out["rotate"] = out["restore"]
    return out


def sound(w, what, earlier):
    """Whatever happened: both databases whole, the records those of before
    or of after, every finished delivery right."""
    for s in (w.county, w.town):
        r = s.run("check")
        assert r.rc == 0, (what, repr(r))
    for path in earlier:
        assert os.path.exists(path), path
    # what the former key signed is for the county to judge
    for path in glob.glob(w.stick + "/tj1-*.age") if what != "rotate" else []:
        if not os.path.exists(path + ".minisig"):
            assert path not in earlier, path
            continue
        r = w.town.run("bundle", "verify", path)
        assert r.rc == 0 or path not in earlier, (path, repr(r))
        assert r.rc == 0 or "没有写完" in r.err or os.path.getsize(
            path + ".minisig") == 0, (path, repr(r))


def calls(w, what, shim, log):
    r = w.run(what, LD_PRELOAD=shim, FAULT="count", FAULT_LOG=log)
    assert r.rc == 0, repr(r)
    return int(open(log).read())


@pytest.mark.parametrize("fault", ["fail", "pull", "kill"])
@pytest.mark.parametrize("what", ["create", "receive", "apply", "restore",
                                  "salvage", "rotate"])
def test_every_call(worlds, shim, tmp_path, what, fault):
    base = worlds[what]
    n = calls(base.copy(tmp_path / "w"), what, shim, str(tmp_path / "log"))
    assert n > 5
    times = range(1, n + 1) if EACH is None else sorted(
        {1 + i * (n - 1) // (EACH - 1) for i in range(EACH)})
    for i in times:
        w = base.copy(tmp_path / "w")
        earlier = [p for p in glob.glob(w.stick + "/tj1-*.age")]
        before = children(w.town), children(w.county)
        r = w.run(what, LD_PRELOAD=shim, FAULT="%s:%d" % (fault, i))
        assert r.rc in ((-9, 0) if fault == "kill" else (0, 1, 3)), repr(r)
        assert r.rc in (0, -9) or lab.has_chinese(r.err), repr(r)
        sound(w, what, earlier)
        now = children(w.town), children(w.county)
        if what in ("create", "receive", "apply"):
            for k in (0, 1):
                # of two deliveries one may be in
                assert set(before[k]) <= set(now[k]) <= set(base.after[k])
        elif what == "restore":
            assert now[0] in (before[0], children_of(w, "copy.db"))
        else:
            assert now[0] == before[0], (i, repr(r))
        again = w.run(what)
        assert again.rc in (0, 1), (i, repr(r), repr(again))
        sound(w, what, earlier)
        if what in ("create", "receive", "apply"):
            assert (children(w.town), children(w.county)) == base.after, (
                i, repr(r), repr(again))
        finish(w, what)


def test_a_stick_that_cannot_be_cleared(worlds, shim, tmp_path):
    """The answer is taken all the same, and what was not cleared is told."""
    base = worlds["restore"]        # after the answer was taken once
    assert "已清理" in base.copy(tmp_path / "w").run("clean").err
    for i in (1, 2, 3):
        w = base.copy(tmp_path / "w")
        r = w.run("clean", LD_PRELOAD=shim, FAULT="pull:%d" % i,
                  FAULT_IN=w.stick)
        assert r.rc == 1 and "没有从U盘上清掉" in r.err, (i, repr(r))
        assert "已清理" not in r.err and "县里已收到" in r.err, repr(r)
        w.run("clean")
        r = w.run("clean")
        assert r.rc == 0, repr(r)


def children_of(w, name):
    s = lab.Site(w.town.home)
    s.db = w.town.path(name)
    return children(s)


def finish(w, what):
    """The circle closes afterwards: what the township has arrives."""
    if what not in ("create", "rotate"):
        return
    w.run("create")
    if what == "rotate":
        for card in sorted(glob.glob(w.stick + "/enrol-*.txt")):
            w.county.run("key", "enrol", card, "--fingerprint",
                         lab.fingerprint(w.town))
    r = w.run("receive")
    assert children(w.county) == children(w.town), repr(r)


def opens(county, passphrase, empty):
    r = county.run("bundle", "receive", empty, "--passphrase-stdin",
                   stdin=passphrase + "\n")
    assert r.rc == 1 and lab.has_chinese(r.err), repr(r)
    assert "口令不对" in r.err or "没有乡镇的包" in r.err, repr(r)
    return "口令不对" not in r.err


@pytest.mark.parametrize("fault", ["kill"] if EACH else ["fail", "pull", "kill"])
def test_another_passphrase_or_the_former(worlds, shim, tmp_path, fault):
    """Two files hold the county's keys: never one under each passphrase."""
    base, new = worlds["create"], "Gao-Shan-Liu-Shui"
    both = lab.PASSWORD + "\n" + new + "\n"
    empty, log = str(tmp_path / "empty"), str(tmp_path / "log")
    os.makedirs(empty)

    def change(w, **env):
        return w.county.run("key", "passphrase", "--passphrase-stdin",
                            stdin=both, env=env)
    w = base.copy(tmp_path / "w")
    r = change(w, LD_PRELOAD=shim, FAULT="count", FAULT_LOG=log)
    assert r.rc == 0 and opens(w.county, new, empty), repr(r)
    n = int(open(log).read())
    assert n > 20
    # the two renames are near the end
    times = range(1, n + 1) if EACH is None else [1] + list(
        range(n - 10, n - 1, 3))
    seen = set()
    for i in times:
        w = base.copy(tmp_path / "w")
        r = change(w, LD_PRELOAD=shim, FAULT="%s:%d" % (fault, i))
        assert r.rc in ((-9, 0) if fault == "kill" else (0, 1, 3)), repr(r)
        was, now = [opens(w.county, p, empty) for p in (lab.PASSWORD, new)]
        assert was != now, (i, was, now, repr(r))
        assert now or r.rc != 0, (i, repr(r))
        seen.add(now)
        for left in ("county.new.age", "county.new.minisign"):
            assert not os.path.exists(w.county.keys(left)), (i, left)
        w.county.run("check", status=0)
    assert seen == {True, False}
