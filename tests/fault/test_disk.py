"""Full, read-only, locked and damaged: a clear Chinese sentence, nothing
lost, nothing half-applied."""
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

import pytest

import lab


def limited(size):
    """Files may not grow past `size`: what a full disk looks like."""
    def before():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return before


def quiet(site):
    """Everything in the database file itself."""
    site.sql("PRAGMA wal_checkpoint(TRUNCATE)")


def plain(r):
    """One honest sentence: Chinese, no English jargon from below."""
    assert lab.has_chinese(r.err), repr(r)
    for word in ("SQLITE", "errno", "disk I/O error", "database is locked",
                 "Traceback", "Assertion", "Sanitizer"):
        assert word not in r.err, repr(r)


def test_import_on_a_full_disk(roster):
    quiet(roster)
    before = roster.sql("SELECT uid, rv FROM child ORDER BY uid")
    room = os.path.getsize(roster.db) + 20000
    path = roster.path("more.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write(lab.csv_text(lab.children(3000, [roster.village(0)[0]],
                                          start=100)))
    r = lab.run(roster.argv("import", "child", path),
                preexec_fn=limited(room))
    assert r.rc == 3, repr(r)
    plain(r)
    assert roster.sql("SELECT uid, rv FROM child ORDER BY uid") == before
    roster.run("check", status=0)
    roster.run("import", "child", path, status=0)   # room again
    roster.run("check", status=0)


@pytest.mark.parametrize("size", [0, 4096, 60000, 300000])
def test_init_on_a_full_disk(tmp_path, size):
    s = lab.Site(tmp_path / "h")
    r = lab.run(s.argv("init", "--division", lab.TOWN),
                preexec_fn=limited(size))
    assert r.rc == 3, repr(r)
    plain(r)
    assert not os.path.exists(s.db)
    s.run("init", "--division", lab.TOWN, status=0)
    s.run("check", status=0)


def test_backup_on_a_full_disk(roster):
    to = roster.path("x.db")
    r = lab.run(roster.argv("backup", to), preexec_fn=limited(100000))
    assert r.rc == 3, repr(r)
    plain(r)
    assert not os.path.exists(to) and not os.path.exists(to + ".tmp")
    roster.run("check", status=0)


def test_export_on_a_full_disk(roster):
    to = roster.path("x.csv")
    r = lab.run(roster.argv("export", "child", "--out", to),
                preexec_fn=limited(500))
    assert r.rc == 3, repr(r)
    plain(r)


def test_export_to_a_full_device(roster):
    with open("/dev/full", "wb") as f:
        p = subprocess.run(roster.argv("export", "child"),
                           env=lab.environment(), stdout=f,
                           stderr=subprocess.PIPE)
    assert p.returncode == 3
    assert lab.has_chinese(p.stderr.decode())


class Nobody(lab.Site):
    """A site whose commands run as somebody who may write nothing; root may
    write anywhere, so it becomes nobody, with a copy of the program that
    nobody can reach."""

    def __init__(self, top):
        super().__init__(os.path.join(top, "h"))
        self.program = lab.BIN
        if os.getuid() == 0:
            os.mkdir(os.path.join(top, "build"), 0o755)
            self.program = shutil.copy2(lab.BIN, os.path.join(top, "build"))
            for name in ("forms", "data"):
                shutil.copytree(os.path.join(lab.TOP, name),
                                os.path.join(top, name))
            lab.run(["chmod", "-R", "a+rX", top], status=0)

    def argv(self, *args, login=None):
        return [self.program] + super().argv(*args, login=login)[1:]

    @staticmethod
    def become():
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)


@pytest.fixture
def readonly(roster):
    """Nobody may write the database, as on a disk that went read-only."""
    quiet(roster)
    top = tempfile.mkdtemp(prefix="tongji-ro-", dir="/tmp")
    os.chmod(top, 0o755)
    shutil.copytree(roster.home, os.path.join(top, "h"))
    site = Nobody(top)
    for d, _, files in os.walk(site.home):
        os.chmod(d, 0o555)
        for f in files:
            os.chmod(os.path.join(d, f), 0o444)
    yield site
    lab.run(["chmod", "-R", "u+rwX", top])
    shutil.rmtree(top)


def test_a_readonly_disk(readonly):
    before = open(readonly.db, "rb").read()
    r = readonly.run("user", "add", "x", "--role", "reader",
                     "--password-stdin", stdin=lab.PASSWORD + "\n",
                     preexec_fn=readonly.become)
    assert r.rc == 3, repr(r)
    plain(r)
    assert "只读" in r.err or "权限" in r.err
    assert open(readonly.db, "rb").read() == before


def test_a_folder_one_may_not_enter(readonly):
    os.chmod(readonly.home, 0o000)
    r = readonly.run("check", preexec_fn=readonly.become)
    os.chmod(readonly.home, 0o755)
    assert r.rc == 3, repr(r)
    plain(r)


def test_a_locked_database_waits_its_turn(roster):
    """Another program holds the write lock and lets go after a second: the
    command waits and succeeds."""
    con = sqlite3.connect(roster.db, isolation_level=None)
    con.execute("BEGIN IMMEDIATE")
    p = subprocess.Popen(
        roster.argv("user", "add", "later", "--role", "reader",
                    "--password-stdin"), env=lab.environment(),
        stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    p.stdin.write((lab.PASSWORD + "\n").encode())
    p.stdin.close()
    time.sleep(1)
    assert p.poll() is None, p.stderr.read()
    con.execute("COMMIT")
    assert p.wait(30) == 0
    p.stderr.close()
    con.close()
    assert "later" in roster.run("user", "list", status=0).out


def test_reading_does_not_wait(roster):
    con = sqlite3.connect(roster.db, isolation_level=None)
    con.execute("BEGIN IMMEDIATE")
    con.execute("UPDATE child SET name='半截'")
    r = roster.run("user", "list", status=0, limit=10)
    assert "wangfang" in r.out
    con.execute("ROLLBACK")
    con.close()
    roster.run("check", status=0)


def test_a_database_locked_for_good(roster):
    """After the time-out: who is in the way and what to do, nothing half."""
    before = roster.one("SELECT count(*) FROM journal")
    con = sqlite3.connect(roster.db, isolation_level=None)
    con.execute("BEGIN IMMEDIATE")
    r = roster.run("user", "add", "never", "--role", "reader",
                   "--password-stdin", stdin=lab.PASSWORD + "\n", limit=60)
    con.execute("ROLLBACK")
    con.close()
    assert r.rc == 3, repr(r)
    plain(r)
    assert "请稍后再试" in r.err
    assert roster.one("SELECT count(*) FROM journal") == before


DAMAGE = {
    "first page": (0, 100), "schema": (100, 3000), "middle": (0.5, 4096),
    "a third": (0.33, 20000), "end": (0.9, 8192),
}


@pytest.mark.parametrize("where", sorted(DAMAGE))
@pytest.mark.parametrize("command", [
    ["check"], ["export", "child"], ["user", "list"], ["key", "show"],
    ["bundle", "create", "--to", "."], ["backup", "b.db"]],
    ids=lambda c: " ".join(c[:2]))
def test_a_damaged_database(roster, tmp_path, where, command):
    """No crash, no English; and damage that is met is named.  A command
    that does not touch the damaged page may well succeed."""
    quiet(roster)
    every = "SELECT * FROM journal j LEFT JOIN child c USING(uid)"
    before = roster.sql(every)
    at, n = DAMAGE[where]
    size = os.path.getsize(roster.db)
    at = int(size * at) if isinstance(at, float) else at
    with open(roster.db, "r+b") as f:
        f.seek(at)
        f.write(b"\xa5" * n)
    r = lab.run(roster.argv(*command), cwd=str(tmp_path))
    assert r.rc in (0, 1, 3), repr(r)
    if r.rc != 0:
        assert lab.has_chinese(r.err), repr(r)
    if command == ["check"]:
        assert r.rc in (1, 3), repr(r)
    if command[0] == "backup" and r.rc == 0:
        # the damage was in an index: the copy has new ones, and every row
        copy = lab.Site(tmp_path)
        copy.db = str(tmp_path / "b.db")
        assert copy.one("PRAGMA integrity_check") == "ok"
        assert copy.sql(every) == before
    elif command[0] == "backup":
        assert not (tmp_path / "b.db").exists()


def test_a_torn_log(roster):
    """The write-ahead log cut anywhere: what was checkpointed and every whole
    transaction before the cut stay."""
    quiet(roster)
    before = {u for u, in roster.sql("SELECT uid FROM child")}
    keep = sqlite3.connect(roster.db)      # keeps the log from being folded in
    keep.execute("SELECT count(*) FROM child").fetchone()
    roster.import_csv("child", lab.csv_text(lab.children(
        30, [roster.village(1)[0]], start=300)), status=0)
    log = open(roster.db + "-wal", "rb").read()
    main = open(roster.db, "rb").read()
    keep.close()
    for cut in range(0, len(log), max(1, len(log) // 12)):
        for name in ("-wal", "-shm"):
            if os.path.exists(roster.db + name):
                os.remove(roster.db + name)
        open(roster.db, "wb").write(main)
        open(roster.db + "-wal", "wb").write(log[:cut])
        roster.run("check", status=0)
        after = {u for u, in roster.sql("SELECT uid FROM child")}
        assert before <= after
