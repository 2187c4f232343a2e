"""kill -9 at any moment: every acknowledged save is there, nothing is half,
and `tongji check` is clean.  Bounded rounds; --soak runs many more."""
import os
import random
import signal
import subprocess
import time

import lab

ROUNDS = 300 if os.environ.get("TONGJI_SOAK") else 12


def start(site, *args):
    return subprocess.Popen(site.argv(*args), env=lab.environment(),
                            stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)


def roster_file(site, n, start_at=0):
    path = site.path("roster.csv")
    villages = [site.village(i)[0] for i in range(5)]
    with open(path, "w", encoding="utf-8") as f:
        f.write(lab.csv_text(lab.children(n, villages, start=start_at)))
    return path


def whole(site):
    """Every child with all that a save of it writes."""
    site.run("check", status=0)
    children = site.one("SELECT count(*) FROM child")
    assert site.one("SELECT count(DISTINCT child) FROM enrolment") == children
    assert site.one("SELECT count(DISTINCT child) FROM guardian") == children
    assert site.one("SELECT count(DISTINCT uid) FROM lookup WHERE"
                    " form='child'") == children
    assert site.one("SELECT count(*) FROM journal WHERE form='child' AND"
                    " op='insert'") == children
    return children


def test_kill_during_import(town):
    """Killed between 0 and the import's whole length; afterwards the import
    completes to exactly the roster."""
    rnd = random.Random(1)
    n = 1500
    path = roster_file(town, n)
    began = time.monotonic()
    probe = lab.Site(town.home + "-probe")
    probe.run("init", "--division", lab.TOWN, status=0)
    probe.run("import", "child", path, status=0)
    length = time.monotonic() - began
    seen = 0
    for i in range(ROUNDS):
        p = start(town, "import", "child", path)
        time.sleep(rnd.uniform(0, length))
        p.send_signal(signal.SIGKILL)
        done = p.wait() == 0
        p.stderr.close()
        now = whole(town)
        assert now >= seen, "a save was lost"
        assert now == n or not done
        seen = now
    town.run("import", "child", path, status=0)
    assert whole(town) == n


def test_kill_between_users(town):
    """What a command acknowledged with exit 0 survives the next one's death,
    at the moment that it dies."""
    rnd = random.Random(2)
    known = set()
    for i in range(ROUNDS):
        login = "u%d" % i
        p = subprocess.Popen(
            town.argv("user", "add", login, "--role", "reader",
                      "--password-stdin"), env=lab.environment(),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        p.stdin.write((lab.PASSWORD + "\n").encode())
        p.stdin.close()
        if i % 3 == 0:
            assert p.wait() == 0
            known.add(login)
        else:
            time.sleep(rnd.uniform(0, 0.06))
            p.kill()
            if p.wait() == 0:
                known.add(login)
        logins = {x.split("\t")[0] for x in
                  town.run("user", "list", status=0).out.splitlines()}
        assert known <= logins
        for login in logins - {"wangfang"}:
            assert town.one("SELECT count(*) FROM journal WHERE uid=?",
                            login) == 1
    town.run("check", status=0)


def test_kill_during_bundle(town, tmp_path):
    """A delivery without its signature was never made; the next one is
    whole and the killed one is no gap."""
    rnd = random.Random(3)
    town.run("import", "child", roster_file(town, 200), status=0)
    stick = tmp_path / "stick"
    stick.mkdir()
    for i in range(ROUNDS):
        p = start(town, "bundle", "create", "--to", stick)
        time.sleep(rnd.uniform(0, 0.25))
        p.kill()
        p.wait()
        p.stderr.close()
        names = os.listdir(str(stick))
        for name in names:
            if name.endswith(".minisig"):
                town.run("bundle", "verify", stick / name[:-8], status=0)
    whole(town)
    town.run("import", "child", roster_file(town, 1, start_at=900), status=0)
    r = town.run("bundle", "create", "--to", stick, status=1)
    assert "县里打不开" in r.err
    path = r.out.strip()
    town.run("bundle", "verify", path, status=0)
    leftovers = [f for f in os.listdir(town.home) if f.startswith(".bundle")]
    assert leftovers == []


def test_kill_during_init(tmp_path):
    """Either a whole township or none: init can be run again."""
    rnd = random.Random(4)
    for i in range(ROUNDS):
        s = lab.Site(tmp_path / ("h%d" % i))
        p = start(s, "init", "--division", lab.TOWN)
        time.sleep(rnd.uniform(0, 0.08))
        p.kill()
        p.wait()
        p.stderr.close()
        if not os.path.exists(s.db):
            s.run("init", "--division", lab.TOWN, status=0)
        s.run("check", status=0)
        assert s.one("SELECT count(*) FROM village") > 20
        s.run("key", "show", status=0)


def test_kill_during_backup_and_restore(town):
    rnd = random.Random(5)
    town.run("import", "child", roster_file(town, 300), status=0)
    town.run("backup", town.path("good.db"), status=0)
    before = town.sql("SELECT uid, name FROM child ORDER BY uid")
    for i in range(ROUNDS):
        to = town.path("b%d.db" % i)
        p = start(town, "backup", to)
        time.sleep(rnd.uniform(0, 0.15))
        p.kill()
        p.wait()
        p.stderr.close()
        if os.path.exists(to):
            r = lab.run(["sqlite3", to, "PRAGMA integrity_check"], status=0)
            assert r.out == "ok\n"
        p = start(town, "restore", town.path("good.db"))
        time.sleep(rnd.uniform(0, 0.15))
        p.kill()
        p.wait()
        p.stderr.close()
        assert os.path.exists(town.db), "the database is gone: %s" % \
            os.listdir(town.home)
        assert town.sql("SELECT uid, name FROM child ORDER BY uid") == before
        town.run("check", status=0)
