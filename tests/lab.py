"""A laboratory for black-box tests: sites in throw-away folders, the program
run as a person would run it, and Chinese data made to measure.

    town = lab.town(tmp_path)           悦庄镇, 370323104
    r = town.run("check", status=0)     r.out, r.err, r.rc

`status` says which exit status is expected; without it any is taken.
"""
import csv
import io
import os
import re
import sqlite3
import subprocess

TOP = os.environ.get("TONGJI_TOP") or os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))
BIN = os.environ.get("TONGJI_BIN") or os.path.join(TOP, "build", "tongji")
PASSWORD = "Shan-Shui-27"
TOWN, COUNTY = "370323104", "370323"


class Result:
    def __init__(self, done):
        self.rc = done.returncode
        self.raw, self.raw_err = done.stdout, done.stderr
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    def __repr__(self):
        return "rc %d\n--- out\n%s--- err\n%s" % (self.rc, self.out[-3000:],
                                                self.err[-3000:])


def environment(**more):
    env = {k: v for k, v in os.environ.items()
           if k in ("PATH", "LOCPATH", "HOME", "TMPDIR", "ASAN_OPTIONS")}
    env.update({"LANG": "C.UTF-8", "TZ": "Asia/Shanghai", **more})
    return env


def run(argv, stdin=None, status=None, env=None, limit=120, **kw):
    if isinstance(stdin, str):
        stdin = stdin.encode()
    argv = [str(a) for a in argv]
    kw.update({"stdin": subprocess.DEVNULL} if stdin is None else
              {"input": stdin})
    r = Result(subprocess.run(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(**(env or {})), timeout=limit, **kw))
    if status is not None:
        assert r.rc == status, "%s\n%r" % (" ".join(argv), r)
    return r


def tongji(*args, **kw):
    return run([BIN, *args], **kw)


# In front of a command: a folder's permissions hold for root as well.
ORDINARY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] \
    if os.geteuid() == 0 else []


def peak(argv, **kw):
    """The most memory in MB that a command held which ends well (peak.c)."""
    tool = os.path.join(TOP, "build", "peak")
    if not os.path.exists(tool):
        part = "%s.%d" % (tool, os.getpid())
        subprocess.run(["gcc", "-O1", "-o", part,
                        os.path.join(TOP, "tests", "peak.c")], check=True)
        os.rename(part, tool)
    r = run([tool, *argv], status=0, **kw)
    return int(r.err.split()[-1]) / 1024


class Site:
    """A data folder and the program on it."""

    def __init__(self, home):
        self.home = str(home)
        self.db = os.path.join(self.home, "tongji.db")

    def argv(self, *args, login=None):
        front = [BIN, "-C", self.home] + (["--as", login] if login else [])
        return front + [str(a) for a in args]

    def run(self, *args, login=None, **kw):
        return run(self.argv(*args, login=login), **kw)

    def sql(self, text, *args):
        """Read or tamper, as someone with the plain sqlite3 program would."""
        con = sqlite3.connect(self.db, timeout=20)
        try:
            rows = con.execute(text, args).fetchall()
            con.commit()
            return rows
        finally:
            con.close()

    def one(self, text, *args):
        rows = self.sql(text, *args)
        return rows[0][0] if rows else None

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def keys(self, name):
        return self.path("keys", name)

    def import_csv(self, form, text, status=None, name=None, *args, **kw):
        path = self.path(name or form + ".csv")
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        return self.run("import", form, path, *args, status=status, **kw)

    def village(self, n=0):
        """Code and name of the n-th village."""
        return self.sql("SELECT code, name FROM village ORDER BY code"
                        " LIMIT 1 OFFSET ?", n)[0]

    def add_user(self, login, role, *more):
        return self.run("user", "add", login, "--role", role, *more,
                        "--password-stdin", stdin=PASSWORD + "\n", status=0)


def site(home, division, admin="wangfang"):
    s = Site(home)
    s.run("init", "--division", division, "--admin", admin,
          "--password-stdin", stdin=PASSWORD + "\n", status=0)
    return s


def town(folder, division=TOWN, **kw):
    return site(os.path.join(str(folder), "town"), division, **kw)


def county(folder, division=COUNTY, passphrase=PASSWORD):
    """A county with its keys, and the folder that holds its county.key."""
    s = site(os.path.join(str(folder), "county"), division)
    to = os.path.join(str(folder), "county-card")
    os.makedirs(to, exist_ok=True)
    s.run("key", "county", "--to", to, "--passphrase-stdin",
          stdin=passphrase + "\n", status=0)
    s.card = os.path.join(to, "county.key")
    s.passphrase = passphrase
    return s


def fingerprint(site_):
    """The 核对码 that the other side reads out."""
    return site_.run("key", "show", status=0).out.splitlines()[2]


# ---- data -------------------------------------------------------------------

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(birth, order=1, area="370323"):
    """A well-formed citizen number (GB 11643): `birth` as YYYY-MM-DD; an odd
    order is a boy's."""
    body = "%s%s%03d" % (area, birth.replace("-", ""), order)
    return body + "10X98765432"[sum(int(d) * w for d, w in
                                    zip(body, WEIGHTS)) % 11]


SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红玲欣怡梓涵宇轩"


def name_of(i):
    a, b, c = i % len(SURNAMES), i // len(SURNAMES), i * 7 + 3
    return SURNAMES[a] + GIVEN[b % len(GIVEN)] + GIVEN[c % len(GIVEN)]


def children(n, villages, start=0):
    """Rows of a roster as dicts of the child form's field names."""
    rows = []
    for i in range(start, start + n):
        birth = "%04d-%02d-%02d" % (2012 + i % 10, i % 12 + 1, i % 28 + 1)
        rows.append({
            "name": name_of(i),
            "id_number": id_number(birth, i % 997 + 1),
            "village": villages[i % len(villages)],
            "category": ("留守", "流动", "家庭贫困", "重病")[i % 4],
            "guardian_name": name_of(i + 5000),
            "guardian_relation": "祖父母",
            "guardian_phone": "1380533%04d" % (i % 10000),
        })
    return rows


def csv_text(rows, header=None):
    out = io.StringIO()
    w = csv.DictWriter(out, header or list(rows[0]), lineterminator="\n")
    w.writeheader()
    w.writerows(rows)
    return out.getvalue()


def counts(r):
    """新增, 更新, 未变, 退回 from an import's last line."""
    last = r.err.strip().splitlines()[-1]
    m = re.search(r"新增 (\d+) 更新 (\d+) 未变 (\d+) 退回 (\d+)", last)
    assert m, repr(r)
    return tuple(map(int, m.groups()))


def has_chinese(text):
    return re.search("[\u4e00-\u9fff]", text) is not None


# ---- a stick ----------------------------------------------------------------

class Stick:
    """A folder that the program takes for the only stick of the machine, and
    a udisksctl that does as `takes_off` says."""

    def __init__(self, folder):
        top = os.path.join(str(folder), "machine")
        self.path = os.path.join(top, "usb")
        self.mounts = os.path.join(top, "mounts")
        bin_ = os.path.join(top, "bin")
        dev = os.path.join(top, "sys", "devices", "usb1", "sdb", "sdb1")
        links = os.path.join(top, "sys", "dev", "block")
        for d in (self.path, bin_, dev, links):
            os.makedirs(d)
        os.symlink("../../devices/usb1/sdb/sdb1", os.path.join(links, "8:17"))
        with open(self.mounts, "w") as f:
            f.write("30 22 8:17 / %s rw - vfat /dev/sdb1 rw\n" % self.path)
        self.tool = os.path.join(bin_, "udisksctl")
        self.takes_off(True)
        self.env = {"TONGJI_MOUNTINFO": self.mounts,
                    "TONGJI_SYS": os.path.join(top, "sys"),
                    "PATH": bin_ + ":" + os.environ["PATH"]}

    def takes_off(self, yes):
        with open(self.tool, "w") as f:
            f.write("#!/bin/sh\n" + (": >%s\n" % self.mounts if yes else
                                     "exit 1\n"))
        os.chmod(self.tool, 0o755)
