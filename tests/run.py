#!/usr/bin/env python3
"""Run every test program, two at a time, the quick ones first.

One line for each program; its output only when something failed.  The last
line is exactly `N passed, N failed`, counting single tests; the exit status
is 1 if any failed or if there were none at all.

    tests/run.py [--soak] [-j N] [-k WORD]

-k runs only the programs whose name contains WORD; --soak the long versions
(TONGJI_SOAK=1).  A program that crashes, hangs, skips a test or runs none
counts as failed: what did not run proves nothing.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(TOP, "build")
PYTHON = "/usr/bin/python3"     # Debian's, which has Debian's pytest
FOLDERS = ("form", "cli", "io", "policy", "bundle", "screen", "wire", "fault")
LOCALES = (("zh_CN.UTF-8", "UTF-8"), ("zh_CN.GBK", "GBK"),
           ("zh_CN.GB18030", "GB18030"))
TAIL = 80                       # lines of a failed program's output

say_lock = threading.Lock()


def say(text):
    with say_lock:
        print(text, flush=True)


class Program:
    """One test program: how to run it and how its output counts."""

    def __init__(self, name, argv, count, limit):
        self.name, self.argv = name, argv
        self.count, self.limit = count, limit


def count_cmocka(out, status):
    passed = sum(map(int, re.findall(r"\[  PASSED  \] (\d+) test", out)))
    failed = sum(map(int, re.findall(r"\[  FAILED  \] (\d+) test", out)))
    skipped = sum(map(int, re.findall(r"\[  SKIPPED \] (\d+) test", out)))
    return settle(passed, failed + skipped, status)


def count_pytest(out, status):
    tail = [x for x in out.splitlines() if re.search(r" in [\d.]+s", x)]
    found = dict((word, int(n)) for n, word in re.findall(
        r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)",
        tail[-1] if tail else ""))
    passed = found.pop("passed", 0)
    return settle(passed, sum(found.values()), status)


def settle(passed, failed, status):
    """A bad status, or no test at all, is a failure whatever was printed."""
    if failed == 0 and (status != 0 or passed == 0):
        failed = 1
    return passed, failed


def programs(soak):
    """Every program there is, quick ones first."""
    slow = 8 if soak else 1
    out = []
    for folder, limit in (("tests", 900), ("san/tests", 300)):
        for path in sorted(glob.glob(os.path.join(BUILD, folder, "test_*"))):
            if os.access(path, os.X_OK) and not path.endswith(".d"):
                name = os.path.relpath(path, BUILD).replace("tests/", "")
                out.append(Program(name, [path], count_cmocka, limit * slow))
    there = {os.path.basename(os.path.dirname(p)) for p in
             glob.glob(os.path.join(TOP, "tests", "*", "test_*.py"))}
    for folder in [f for f in FOLDERS if f in there] + \
            sorted(there.difference(FOLDERS)):
        for path in sorted(glob.glob(os.path.join(TOP, "tests", folder,
                                                  "test_*.py"))):
            out.append(Program(
                os.path.relpath(path, os.path.join(TOP, "tests")),
                [PYTHON, "-m", "pytest", "-q", "-ra",
                 "-p", "no:cacheprovider", "--color=no", path],
                count_pytest, 600 * slow))
    return out


def orphans():
    """Unit tests whose program was not built: a silent gap otherwise."""
    want = glob.glob(os.path.join(TOP, "tests", "unit", "test_*.c"))
    names = sorted(os.path.basename(p)[:-2] for p in want)
    return [n for n in names
            for d in ("tests", "san/tests")
            if not os.access(os.path.join(BUILD, d, n), os.X_OK)]


def prepare_locales():
    """Chinese locales below build/locale, for programs that set LOCPATH."""
    where = os.path.join(BUILD, "locale")
    os.makedirs(where, exist_ok=True)
    for name, charset in LOCALES:
        path = os.path.join(where, name)
        if os.path.isdir(path):
            continue
        done = subprocess.run(
            ["localedef", "--no-archive", "-i", "zh_CN", "-f", charset, path],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        # 1 means "made, with warnings": GB18030 always has some.
        if done.returncode > 1 or not os.path.isdir(path):
            sys.exit("localedef %s:\n%s" % (name, done.stdout))
    return where


def environment(locales, scratch, soak):
    """The same small environment on every machine."""
    env = {
        "PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": scratch, "TMPDIR": scratch, "TZ": "Asia/Shanghai",
        "LANG": "C.UTF-8", "LOCPATH": locales, "TERM": "xterm-256color",
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1",
        "TONGJI_TOP": TOP, "TONGJI_BIN": os.path.join(BUILD, "tongji"),
        "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }
    if soak:
        env["TONGJI_SOAK"] = "1"
    return env


def run_one(program, env):
    """Run it in a process group of its own, so that a hanging program goes
    together with what it started."""
    scratch = tempfile.mkdtemp(prefix="t-", dir=env["TMPDIR"])
    mine = dict(env, HOME=scratch, TMPDIR=scratch)
    log = os.path.join(scratch, "log")
    begun = time.monotonic()
    with open(log, "wb") as f:
        p = subprocess.Popen(program.argv, cwd=TOP, env=mine, stdout=f,
                             stdin=subprocess.DEVNULL,
                             stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = p.wait(program.limit)
        except subprocess.TimeoutExpired:
            status = None
        try:
            os.killpg(p.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        p.wait()
    with open(log, encoding="utf-8", errors="replace") as f:
        out = f.read()
    shutil.rmtree(scratch, ignore_errors=True)
    passed, failed = program.count(out, 1 if status is None else status)
    report(program, passed, failed, status, time.monotonic() - begun, out)
    return passed, failed


def report(program, passed, failed, status, seconds, out):
    word = "ok  " if failed == 0 else "FAIL"
    line = "%s %-34s %4d passed %3d failed %6.1f s" % (
        word, program.name, passed, failed, seconds)
    if status is None:
        line += "  (stopped after %d s)" % program.limit
    elif status < 0:
        line += "  (signal %d)" % -status
    if failed:
        line += "\n" + "\n".join(
            "    | " + x for x in out.splitlines()[-TAIL:])
    say(line)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--soak", action="store_true")
    ask.add_argument("-j", type=int, default=2)
    ask.add_argument("-k", default="")
    args = ask.parse_args()
    passed = failed = 0
    if not args.k:
        for name in orphans():
            say("FAIL %-34s was not built" % name)
            failed += 1
    locales = prepare_locales()
    scratch = tempfile.mkdtemp(prefix="tongji-test-")
    env = environment(locales, scratch, args.soak)
    try:
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            jobs = [pool.submit(run_one, p, env)
                    for p in programs(args.soak) if args.k in p.name]
            for job in jobs:
                p, f = job.result()
                passed, failed = passed + p, failed + f
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print("%d passed, %d failed" % (passed, failed), flush=True)
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
