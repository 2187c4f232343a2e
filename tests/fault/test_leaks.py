"""valgrind over the command line: no leak, no read of what is not there, on
the paths that people take and on refusals."""
import os
import re

import pytest

import lab

PLAIN = [
    ["--version"], ["--help"], ["wrong"], ["init", "--division", "37"],
]
WITH = [
    ["user", "list"], ["key", "show"], ["check"], ["form", "check"],
    ["form", "dictionary", "child"], ["form", "blank", "visit"],
    ["export", "child"], ["export", "child", "--format", "json"],
    ["import", "child", "roster.csv"], ["import", "child", "dirty.csv"],
    ["import", "child", "roster.csv", "--dry-run"],
    ["indicators"], ["report", "月报"],
    ["bundle", "create", "--to", "."], ["bundle", "verify", "."],
    ["bundle", "verify", "roster.csv"], ["backup", "copy.db"],
    ["backup", "copy.age"], ["purge"], ["user", "disable", "nobody"],
    ["export", "nosuch"], ["key", "import", "roster.csv"],
]


def valgrind(argv, cwd, log):
    lab.run(["valgrind", "-q", "--leak-check=full", "--error-exitcode=99",
             "--show-leak-kinds=definite,indirect,possible",
             "--errors-for-leak-kinds=definite,indirect",
             "--log-file=" + str(log), *argv], cwd=str(cwd), limit=280,
            stdin="")
    with open(str(log), errors="replace") as f:
        text = f.read()
    assert not re.search(r"(lost in loss record|Invalid (read|write)|"
                         r"uninitialised|Process terminating)", text), text


def test_without_a_database(tmp_path):
    for i, args in enumerate(PLAIN):
        valgrind([lab.BIN, "-C", str(tmp_path / "h")] + args
                 if args[0] != "--version" else [lab.BIN] + args, tmp_path,
                 tmp_path / ("log%d" % i))


def test_init(tmp_path):
    s = lab.Site(tmp_path / "h")
    valgrind(s.argv("init", "--division", lab.TOWN), tmp_path,
             tmp_path / "log")
    s.run("check", status=0)


@pytest.fixture
def work(roster, tmp_path):
    rows = lab.children(6, [roster.village(0)[0], roster.village(1)[0]],
                        start=40)
    (tmp_path / "roster.csv").write_text(lab.csv_text(rows))
    bad = [dict(rows[0], id_number="37032320150301001"),
           dict(rows[1], village="没有这个村"), dict(rows[2], name=""),
           dict(rows[3], category="神童"), dict(rows[4], name="\ufffd")]
    (tmp_path / "dirty.csv").write_text(lab.csv_text(bad))
    return roster


@pytest.mark.parametrize("part", range(4))
def test_with_a_database(work, tmp_path, part):
    for i, args in enumerate(WITH):
        if i % 4 == part:
            valgrind(work.argv(*args), tmp_path, tmp_path / ("log%d" % i))
