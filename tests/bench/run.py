#!/usr/bin/env python3
"""The budgets of speed and memory, as ratios against a floor measured in the
same run on the same machine.

    tests/bench/run.py [-n CHILDREN] [-k WORD]

$TONGJI_BENCH_STICK names the folder of a real stick, which is then measured,
too.

Times are processor time (user and system, all threads), the best of several
rounds taken in turns, so that other work on the machine does not decide; wall
time stands beside it.  A line for each budget; the exit status is 1 when one
is exceeded.  What the screens cost in bytes is in tests/wire.
"""
import argparse
import contextlib
import csv
import glob
import io
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import lab  # noqa: E402
import sticks  # noqa: E402
import years  # noqa: E402

TOP = lab.TOP
HERE = os.path.join(TOP, "tests", "bench")
LIBS = ["-lsqlite3", "-lsodium", "-lnettle", "-ljansson", "-lm", "-ldl"]
FLOORS = ("base", "text", "db", "form", "policy", "report", "bundle")
ROSTER_TABLES = ("child", "guardian", "enrolment", "lookup")
failed = []


def say(name, value, limit, more=""):
    bad = limit is not None and value > limit
    if bad:
        failed.append(name)
    print("%-4s %-42s %8.2f%s  %s" % (
        "" if limit is None else "超出" if bad else "ok", name, value,
        "" if limit is None else "  (限 %g)" % limit, more), flush=True)


def timed(argv, **kw):
    """(processor seconds, wall seconds) of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    kw.setdefault("env", lab.environment())
    subprocess.run([str(a) for a in argv], check=True,
                   stderr=subprocess.DEVNULL, **kw)
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime -
            before.ru_stime, wall)


def best(runs):
    """The least of each of two or more measured things."""
    return [min(r[i] for r in runs) for i in range(len(runs[0]))]


def compile_c(name, floors, libs):
    """One of our C programs, with the program's own objects below it."""
    out = os.path.join(TOP, "build", "bench_" + name)
    objects = [re.sub(r"^(.*)/src/(.*)\.c$", r"\1/build/\2.o", c)
               for f in floors
               for c in sorted(glob.glob("%s/src/%s/*.c" % (TOP, f)))]
    subprocess.run(
        ["cc", "-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra"] +
        ["-iquote%s/src/%s" % (TOP, f) for f in floors] +
        ["-o", out, os.path.join(HERE, name + ".c")] + objects +
        ["-rdynamic"] + libs, check=True)
    return out



def roster(folder, town, count):
    """A roster of `count` children in the town's villages."""
    path = os.path.join(folder, "roster-%d.csv" % count)
    with open(path, "w") as f:
        f.writelines(sticks.roster(folder, [c for c, in town.sql(
            "SELECT code FROM village ORDER BY code")], count))
    return path


def copy(site, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(site.home, to)
    return lab.Site(to)


def weigh(site):
    """Rows and bytes of what an import writes."""
    out = {}
    for t in ROSTER_TABLES:
        cols = [r[1] for r in site.sql('PRAGMA table_info("%s")' % t)]
        out[t] = site.sql("SELECT count(*), sum(%s) FROM \"%s\"" % (
            "+".join('coalesce(length("%s"),0)' % c for c in cols), t))[0]
    out["journal"] = site.sql(
        "SELECT count(*), sum(length(vals) + length(hash) + length(salt))"
        " FROM journal WHERE op = 'insert'")[0]
    return out


def bench_import(floor, folder, empty, path, rounds, name):
    """Import with full validation against floor.c: the same rows."""
    pinyin = os.path.join(TOP, "data", "pinyin", "pinyin.txt")
    ours, theirs = [], []
    for _ in range(rounds):
        a = copy(empty, os.path.join(folder, "floor"))
        theirs.append(timed([floor, a.db, path, pinyin]))
        b = copy(empty, os.path.join(folder, "site"))
        ours.append(timed(b.argv("import", "child", path)))
    one, two = weigh(a), weigh(b)
    if one != two:
        sys.exit("floor.c does not do the same:\n%r\n%r" % (one, two))
    a.run("check", status=0)
    ours, theirs = best(ours), best(theirs)
    say("%s / floor.c" % name, ours[0] / theirs[0], 1.5,
        "%.1f 秒 / %.1f 秒；墙钟 %.1f / %.1f" % (
            ours[0], theirs[0], ours[1], theirs[1]))
    raw = timed(["sqlite3", os.path.join(folder, "raw.db"),
                 ".import --csv %s t" % path])
    say("%s / sqlite3 .import" % name, ours[0] / raw[0], None, "只列出")
    os.unlink(os.path.join(folder, "raw.db"))
    shutil.rmtree(a.home)
    return b


def bench_export(folder, site):
    out = os.path.join(folder, "out.csv")
    ours, bare = [], []
    for _ in range(5):
        ours.append(timed(site.argv("export", "child", "--out", out)))
        with open(os.path.join(folder, "bare.csv"), "w") as f:
            bare.append(timed(["sqlite3", "-csv", "-header", site.db,
                               "SELECT * FROM child"], stdout=f))
    ours, bare = best(ours), best(bare)
    say("导出 CSV / sqlite3 -csv", ours[0] / bare[0], 1.2,
        "%.2f 秒 / %.2f 秒" % (ours[0], bare[0]))


def bench_keys(keys, site):
    rounds = []
    for _ in range(3):
        out = subprocess.run([keys, site.home], check=True,
                             stdout=subprocess.PIPE, text=True,
                             env=lab.environment()).stdout.split()
        rounds.append((float(out[3]), out))
    worst, out = min(rounds)
    say("查找每一键 / sqlite3 索引查询（最慢的一键）", worst, 1.5,
        "%s 种输入，平均 %s 微秒 / %s 微秒，最慢“%s”" % (
            out[0], out[1], out[2], out[4]))


TODAY = "2026-11-22"


def hand(site, name):
    """One of the hand-written queries, as the plain sqlite3 program runs it,
    with our functions for ages and numbers."""
    urgent = name == "urgent"       # how many of the audit's rows are
    path = os.path.join(HERE, "hand", ("audit" if urgent else name) + ".sql")
    with open(path, encoding="utf-8") as f:
        sql = f.read().replace("{today}", TODAY)
    if urgent:
        head, rows = sql.split("SELECT what, who, v.name, why FROM (\n")
        sql = "%sSELECT count(*) FROM (\n%s)" % (
            head, rows.split("-- from here on")[0])
    return ["sqlite3", "-csv", "-cmd",
            ".load %s" % os.path.join(TOP, "build", "tongji_sql"),
            site.db, "\n" + sql]


def rows_of(argv):
    """What it prints, without what stands above the table's first rows."""
    out = subprocess.run([str(a) for a in argv], check=True, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         env=lab.environment(TONGJI_TODAY=TODAY)).stdout
    return list(csv.reader(io.StringIO(out)))


def same_numbers(site, ours):
    """The queries must say what the program says."""
    for name in ("due", "audit"):
        mine = [r for r in rows_of(ours(name)) if r and r[0].isdigit()]
        if len(mine) != len(rows_of(hand(site, name))):
            sys.exit("hand/%s.sql does not say the same" % name)
    mine = [r for r in rows_of(ours("排查汇总表")) if r and r[0] == "合计"]
    theirs = [r for r in rows_of(hand(site, "survey")) if len(r) > 1]
    sums = [str(sum(int(r[i] or 0) for r in theirs))
            for i in range(1, len(theirs[0]))]
    if mine[0][1:] != sums:
        sys.exit("hand/survey.sql does not say the same:\n%s\n%s" % (
            mine[0][1:], sums))


def bench_lists(site, per, limit, each, name):
    """Due list, summary table (which says how much the audit has against it)
    and audit against hand-written queries for the same numbers.  `each`: the
    limit of one of them; None for a township, where a start is half of it."""
    con = sqlite3.connect(site.db)
    with open(os.path.join(HERE, "visits.sql"), encoding="utf-8") as f:
        con.execute(f.read(), {"per": per, "today": TODAY})
    con.commit()
    con.close()

    def ours(report):
        return site.argv("report", report, "--date", TODAY, "--format", "csv")

    same_numbers(site, ours)
    all_ours = all_hand = 0
    for word, report, theirs in (("应走访名单", "due", ("due",)),
                                 ("排查汇总表", "排查汇总表",
                                  ("survey", "urgent")),
                                 ("数据核查", "audit", ("audit",))):
        a, b = [], []
        for _ in range(2 if each else 7):
            a.append(timed(ours(report), stdout=subprocess.DEVNULL))
            b.append([sum(x) for x in zip(*(
                timed(hand(site, q), stdout=subprocess.DEVNULL)
                for q in theirs))])
        a, b = best(a), best(b)
        all_ours, all_hand = all_ours + a[0], all_hand + b[0]
        say("%s%s / 手写 SQL" % (name, word), a[0] / b[0], each,
            "%.2f 秒 / %.2f 秒；墙钟 %.2f / %.2f" % (a[0], b[0], a[1], b[1]))
    say("%s三张合计 / 手写 SQL" % name, all_ours / all_hand, limit,
        "%.2f 秒 / %.2f 秒" % (all_ours, all_hand))


def memory(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024


def bench_memory(site):
    """The screens with everybody in it: first screen, list, look-up."""
    sys.path.insert(0, os.path.join(TOP, "tests", "screen"))
    import term
    most = 0
    with term.Terminal(site) as t:
        t.login()
        t.type("1")
        t.wait("儿童台账")
        t.settle()
        most = max(most, memory(t.pid))
        for word in ("zhang", "wh", "3703"):
            t.press("f3")
            t.type(word)
            t.settle()
            most = max(most, memory(t.pid))
            t.press("esc")
    say("十万儿童时屏幕程序占内存 MB", most, 12)


def bench_first(site):
    """The first screen with a thousand children."""
    sys.path.insert(0, os.path.join(TOP, "tests", "screen"))
    import term
    least = []
    for _ in range(3):
        with term.Terminal(site) as t:
            t.login()
            t.settle()
            least.append(memory(t.pid))
    say("一千儿童时首屏占内存 MB", min(least), 6)


def json_sql(db):
    """A bare json_object export of the rows that a bundle carries."""
    con = sqlite3.connect(db)
    out = []
    forms = [f for f, in con.execute("SELECT form FROM applied")]
    for t in forms:
        cols = [r[1] for r in con.execute('PRAGMA table_info("%s")' % t)]
        parts = [cols[i:i + 45] for i in range(0, len(cols), 45)]
        text = ["json_object(%s)" % ",".join(
            "'%s',\"%s\"" % (c, c) for c in part) for part in parts]
        whole = text[0]
        for more in text[1:]:
            whole = "json_patch(%s,%s)" % (whole, more)
        out.append('SELECT %s FROM "%s";' % (whole, t))
    con.close()
    return "\n".join(out)


def bench_seal(seal, folder, site):
    """A bundle of everything, encrypted, signed, read back."""
    county = lab.county(folder)
    site.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    sql = json_sql(site.db)
    bare, ours, whole = [], [], []
    for i in range(4):
        with open(os.path.join(folder, "bare.json"), "w") as f:
            bare.append(timed(["sqlite3", site.db, sql], stdout=f))
        for name, runs in (("seal", ours), ("whole", whole)):
            to = os.path.join(folder, "%s-%d" % (name, i))
            os.makedirs(to)
            again = copy(site, os.path.join(folder, "again"))
            runs.append(timed(
                [seal, again.home, to] if name == "seal" else
                again.argv("bundle", "create", "--to", to),
                stdout=subprocess.DEVNULL))
            shutil.rmtree(to)
    ours, bare, whole = best(ours), best(bare), best(whole)
    say("封数据包 / json_object 导出", ours[0] / bare[0], 2.0,
        "%.2f 秒 / %.2f 秒" % (ours[0], bare[0]))
    say("bundle create 全程（含月报）/ 同上", whole[0] / bare[0], None,
        "%.2f 秒，只列出" % whole[0])


def bench_verify(folder, town):
    """A bundle of about 12 MB against its digest and its decryption."""
    where = os.path.join(folder, "verify-stick")
    sticks.enrol(lab.county(os.path.join(folder, "verify")), town, where)
    path, = glob.glob(where + "/*.age")
    key = os.path.join(town.home, "keys", "site.age")
    ours, theirs = [], []
    for _ in range(9):
        theirs.append([sum(x) for x in zip(
            timed(["openssl", "dgst", "-sha256", path],
                  stdout=subprocess.DEVNULL),
            timed(["age", "-d", "-i", key, "-o", "/dev/null", path]))])
        ours.append(timed(town.argv("bundle", "verify", path),
                          stdout=subprocess.DEVNULL))
    ours, theirs = best(ours), best(theirs)
    say("验证 %.0f MB 数据包 / openssl + age -d" % (
        os.path.getsize(path) / 1e6), ours[0] / theirs[0], 2.5,
        "%.3f 秒 / %.3f 秒" % (ours[0], theirs[0]))
    return path


# What sticks do: megabytes a second written and read, small writes a second,
# and the megabytes of a delivery: a month onto a cheap one, a year with its
# evidence onto a good one.
STICKS = (("便宜的U盘", 10, 30, 100, 4), ("好的U盘", 40, 120, 400, 64))
THROTTLE = "/sys/fs/cgroup/blkio/blkio.throttle.%s_device"
STICK_MOST = 150	# MB a second: what is faster is no stick


@contextlib.contextmanager
def stick(folder, write, read, writes):
    """A folder on a medium with a stick's speed: a file system of its own on
    a block device that the kernel holds to it.  None without the right."""
    image, place = os.path.join(folder, "stick.img"), folder + "/stick"
    os.makedirs(place, exist_ok=True)
    with open(image, "wb") as f:
        f.truncate(256 << 20)
    # without a journal: a few small writes a file, as on vfat
    made = os.geteuid() == 0 and os.access(
        THROTTLE % "read_bps", os.W_OK) and all(
        subprocess.run(argv, stderr=subprocess.DEVNULL).returncode == 0
        for argv in (["mkfs.ext4", "-q", "-F", "-O", "^has_journal", image],
                     ["mount", "-o", "loop", image, place]))
    if not made:
        yield None
        return
    dev = os.stat(place).st_dev
    limits = {"write_bps": write * 10 ** 6, "read_bps": read * 10 ** 6,
              "write_iops": writes}

    def hold(of):
        for name in limits:
            with open(THROTTLE % name, "w") as f:
                f.write("%d:%d %d" % (os.major(dev), os.minor(dev), of(name)))
    try:
        hold(limits.get)
        yield place
    finally:
        hold(lambda name: 0)
        subprocess.run(["umount", place], check=True)


def pair_deliver(deliver, path, place, rounds):
    """Seconds of ours and of dd, the same file onto the same medium; both
    flush it and read it back from the medium itself, in the same blocks."""
    to = os.path.join(place, "deliver")
    ours, theirs = [], []
    for _ in range(rounds):
        os.makedirs(to)
        begun = time.monotonic()
        for argv in (["if=" + path, "of=%s/dd" % to, "conv=fsync"],
                     ["if=%s/dd" % to, "of=/dev/null", "iflag=direct"]):
            subprocess.run(["dd", "bs=1M", "status=none"] + argv, check=True)
        theirs.append(time.monotonic() - begun)
        os.unlink(to + "/dd")
        ours.append(float(subprocess.run(
            [deliver, path, to], check=True, stdout=subprocess.PIPE,
            env=lab.environment()).stdout))
        shutil.rmtree(to)
    return min(ours), min(theirs)


def say_deliver(name, size, ours, theirs):
    """The limit is a stick's: on a faster medium the signature's digest is
    what takes the time, and the figure is only told."""
    fast = 2 * size / theirs > STICK_MOST * 10 ** 6
    say("%s，%.0f MB / dd conv=fsync 加读一遍（墙钟）" % (name, size / 1e6),
        ours / theirs, None if fast else 1.15, "%.0f 毫秒 / %.0f 毫秒%s" % (
            ours * 1e3, theirs * 1e3, "，比U盘快" if fast else ""))


def bench_deliver(deliver, folder, path):
    """A delivery put on a medium: written, flushed, read back, marked."""
    size = os.path.getsize(path)
    real = os.environ.get("TONGJI_BENCH_STICK")
    say_deliver("写到文件夹", size, *pair_deliver(deliver, path, folder, 9))
    if real:
        say_deliver("写到 " + real, size,
                    *pair_deliver(deliver, path, real, 3))
    for name, write, read, writes, mb in STICKS:
        some = os.path.join(folder, "some")
        with open(some, "wb") as f:
            f.write(os.urandom(mb * 10 ** 6))
        with stick(folder, write, read, writes) as place:
            if place is None:
                print("     写到%s：要 root 和能限速的块设备，没有测" % name)
                continue
            say_deliver("写到" + name, mb * 10 ** 6,
                        *pair_deliver(deliver, some, place, 5))


def bench_merge(floor, folder):
    """Fifty monthly bundles of ten townships into a county, against floor.c
    on as many rows."""
    s = sticks.Sticks()
    ours, theirs = [], []
    for _ in range(3):
        a = copy(s.county, os.path.join(folder, "floor"))
        theirs.append(timed([floor, a.db, s.roster, os.path.join(
            TOP, "data", "pinyin", "pinyin.txt")]))
        b = copy(s.county, os.path.join(folder, "merged"))
        got = os.path.join(folder, "got")
        shutil.rmtree(got, ignore_errors=True)
        shutil.copytree(s.bundles, got)
        ours.append(timed(b.argv("bundle", "receive", got,
                                 "--passphrase-stdin"),
                          input=(s.county.passphrase + "\n").encode(),
                          stdout=subprocess.DEVNULL))
    one, two = ([x.sql("SELECT count(*) FROM " + t) for t in ROSTER_TABLES]
                for x in (a, b))
    if one != two:
        sys.exit("not the rows that floor.c wrote:\n%r\n%r" % (one, two))
    b.run("check", status=0, limit=600)
    ours, theirs = best(ours), best(theirs)
    say("合并 %d 个月包（%d 行）/ floor.c" % (s.count, s.rows),
        ours[0] / theirs[0], 1.5, "%.2f 秒 / %.2f 秒；墙钟 %.1f / %.1f" % (
            ours[0], theirs[0], ours[1], theirs[1]))


def bench_bundles(folder):
    """A bundle of 16,000 records against one of 1,000: what each step of the
    circle holds in memory more."""
    small, large = (sticks.peaks(os.path.join(folder, "peaks-%d" % n), n)
                    for n in (1000, 16000))
    for step in small:
        say("%s：十六倍的包多占内存 MB" % step, large[step] - small[step], 4,
            "%.1f MB / %.1f MB" % (large[step], small[step]))


def until(argv, cwd, env, *words):
    """Seconds from the start of a program in a terminal to its first screen."""
    import pty
    import select
    import signal
    # A UTF-8 terminal: two 汉字 are four columns, a point is one.
    columns = [b"\033[1;5R", b"\033[1;2R"]
    begun = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execvpe(argv[0], argv, env)
    seen = b""
    try:
        while not all(w in seen for w in words):
            if time.monotonic() - begun > 20:
                sys.exit("%s: no first screen: %r" % (argv[0], seen[-500:]))
            if select.select([fd], [], [], 0.2)[0]:
                data = os.read(fd, 65536)
                seen += data
                for _ in range(data.count(b"\033[6n")):
                    os.write(fd, columns.pop(0))
        return time.monotonic() - begun
    finally:
        os.kill(pid, signal.SIGKILL)
        os.close(fd)
        os.waitpid(pid, 0)


def bench_start(folder, site):
    """To the login screen, against tig to its first screen."""
    repo = os.path.join(folder, "repo")
    env = lab.environment(TERM="xterm-256color", TONGJI_HOME=site.home,
                          LC_ALL="C.UTF-8", GIT_CONFIG_NOSYSTEM="1")
    env["HOME"] = folder
    os.makedirs(repo)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(git + ["init", "-q"], cwd=repo, check=True, env=env)
    for i in range(20):
        subprocess.run(git + ["commit", "-q", "--allow-empty", "-m",
                              "marker %d" % i], cwd=repo, check=True, env=env)
    ours, tig = [], []
    for _ in range(15):
        tig.append(until(["tig"], repo, env, b"marker 19", b"[main]"))
        ours.append(until([lab.BIN], folder, env, "密码".encode()))
    say("启动到登录屏 / tig 首屏", min(ours) / min(tig), 0.5,
        "%.0f 毫秒 / %.0f 毫秒" % (min(ours) * 1e3, min(tig) * 1e3))


def board_sql(site, folder):
    """The SQL of every number of both plans as a script for sqlite3."""
    out = []
    for scheme in ("sichuan", "yiyuan"):
        items = json.loads(site.run(
            "indicators", "--scheme", scheme, "--format", "json", "--date",
            years.TODAY, env=years.ENV, status=0).out)
        for item in items:
            for name in [p["id"] for p in item["parts"]] or [item["id"]]:
                sql = site.run("indicators", "--sql", name, "--date",
                               years.TODAY, env=years.ENV, status=0).out
                out.append(sql.replace("CREATE TEMP VIEW ",
                                       "CREATE TEMP VIEW IF NOT EXISTS "))
    path = os.path.join(folder, "board.sql")
    with open(path, "w") as f:
        f.write(".load %s\n" % os.path.join(TOP, "build", "tongji_sql"))
        f.writelines(out)
    return path


def bench_board(folder, site):
    """The whole board against its own SQL, and the yearly page's size."""
    site.run("import", "child", years.early(roster(folder, site, 1000)),
             limit=600, env=years.ENV)
    years.fill(site)
    script = board_sql(site, folder)
    ours, bare = [], []
    env = lab.environment(TONGJI_TODAY=years.TODAY, TONGJI_HOME=TOP)
    for _ in range(5):
        with open(script) as f:
            bare.append(timed(["sqlite3", "-readonly", site.db], env=env,
                              stdin=f, stdout=subprocess.DEVNULL))
        ours.append(timed(site.argv("indicators", "--format", "json",
                                    "--date", years.TODAY), env=env,
                          stdout=subprocess.DEVNULL))
    ours, bare = best(ours), best(bare)
    say("看板（一千儿童五年）/ 同样的 SQL", ours[0] / bare[0], 1.2,
        "%.2f 秒 / %.2f 秒" % (ours[0], bare[0]))
    page = site.run("report", "年报", "--month", "2026", "--format", "html",
                    env=years.ENV, status=0).out
    say("年报网页 KB", len(page.encode()) / 1024, 300)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("-n", type=int, default=100000)
    ask.add_argument("-k", default="")
    args = ask.parse_args()
    want = [w for w in ("import", "export", "keys", "memory", "seal", "start",
                        "first", "lists", "board", "verify", "deliver",
                        "merge", "bundles")
            if args.k in w]
    tools = (compile_c("floor", ("base", "text"), LIBS),
             compile_c("keys", FLOORS, LIBS),
             compile_c("seal", FLOORS, LIBS),
             compile_c("deliver", FLOORS, LIBS))
    folder = tempfile.mkdtemp(prefix="tongji-bench-")
    try:
        empty = lab.town(folder)
        small = roster(folder, empty, min(20000, args.n))
        if "import" in want:
            bench_import(tools[0], folder, empty, small, 3,
                         "导入 %d 儿童" % min(20000, args.n))
        if "seal" in want:
            s = copy(empty, os.path.join(folder, "seal"))
            s.run("import", "child", small, limit=600)
            bench_seal(tools[2], folder, s)
        if set(want) & {"verify", "deliver"}:
            s = copy(empty, os.path.join(folder, "exchange"))
            s.run("import", "child", roster(folder, empty, 8000), limit=600)
            path = bench_verify(folder, s)
            if "deliver" in want:
                bench_deliver(tools[3], folder, path)
        if "merge" in want:
            bench_merge(tools[0], folder)
        if "bundles" in want:
            bench_bundles(folder)
        if "start" in want:
            bench_start(folder, empty)
        if "first" in want:
            s = copy(empty, os.path.join(folder, "first"))
            s.run("import", "child", roster(folder, empty, 1000), limit=600)
            bench_first(s)
        if "board" in want:
            bench_board(folder, copy(empty, os.path.join(folder, "board")))
        if "lists" in want:
            s = copy(empty, os.path.join(folder, "lists"))
            s.run("import", "child", roster(folder, empty, 1000), limit=600)
            bench_lists(s, 50, 1.5, None, "一千儿童五万走访：")
        if set(want) & {"import", "export", "keys", "memory", "lists"}:
            big = roster(folder, empty, args.n)
            if "import" in want:
                site = bench_import(tools[0], folder, empty, big, 1,
                                    "导入 %d 儿童" % args.n)
            else:
                site = copy(empty, os.path.join(folder, "site"))
                site.run("import", "child", big, limit=600)
            for name, fn in (("export", lambda: bench_export(folder, site)),
                             ("keys", lambda: bench_keys(tools[1], site)),
                             ("memory", lambda: bench_memory(site)),
                             ("lists", lambda: bench_lists(
                                 site, 20, 2, 2, "十万儿童二百万走访："))):
                if name in want:
                    fn()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if failed:
        print("超出预算：%s" % "；".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
