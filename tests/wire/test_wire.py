"""What the screens cost on a slow line: bytes and writes, counted by strace.
The limits are those of the measurements: a first screen in one segment, one
write for a key.  (Memory is a matter of `make bench`.)"""
import os
import re
import sys
import time

import pytest

import lab

sys.path.insert(0, os.path.join(lab.TOP, "tests", "screen"))

import term  # noqa: E402

FIRST, MOVE, HANZI, RECORD = 1400, 100, 50, 600


class Counted(term.Terminal):
    """The program under strace, which records the size of every write to the
    terminal."""

    def __init__(self, site, log, **kw):
        self.log = log
        super().__init__(site, argv=[
            "strace", "-qq", "-e", "trace=write,poll", "-e", "signal=none",
            "-e", "write=!all", "-o", log, lab.BIN], **kw)
        self.seen = 0

    def writes(self, at_once=False):
        """Sizes of the writes to standard output since the last call;
        `at_once`: only those before the program waited in vain for the next
        key (the hint of a field comes after that)."""
        self.settle()
        with open(self.log, encoding="latin-1") as f:
            f.seek(self.seen)
            text = f.read()
            self.seen = f.tell()
        sizes = []
        for line in text.splitlines():
            m = re.match(r"write\(1, .*\) += (\d+)$", line)
            if m:
                sizes.append(int(m.group(1)))
            elif at_once and sizes and re.match(
                    r"poll\(.*, [1-9]\d*\) += 0 \(Timeout\)", line):
                break
        return sizes


def key(t, name):
    """(bytes, writes) that one key costs.  The hint of a field, which comes when
    nobody has typed for most of a second, is not part of it."""
    t.writes()
    if name in term.KEYS:
        t.press(name)
    else:
        t.type(name)
    end = time.monotonic() + term.LIMIT
    sizes = []
    while not sizes and time.monotonic() < end:
        sizes = t.writes(at_once=True)
    return sum(sizes), len(sizes)


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    town = lab.town(tmp_path_factory.mktemp("thousand"))
    codes = [c for c, _ in town.sql("SELECT code, name FROM village")]
    rows = lab.children(1000, codes)
    for row in rows:
        row["guardian_relation"] = "祖父"
    r = town.import_csv("child", lab.csv_text(rows))
    assert lab.counts(r)[0] == 1000, repr(r)
    return town


def counted(site, tmp_path, name="putty", encoding="utf-8"):
    return Counted(site, str(tmp_path / "strace.log"), term=name,
                   encoding=encoding)


@pytest.mark.parametrize("name", ("putty", "xterm-256color", "vt100", "linux"))
@pytest.mark.parametrize("encoding", ("utf-8", "gbk"))
def test_budgets(thousand, tmp_path, name, encoding):
    with counted(thousand, tmp_path, name, encoding) as t:
        t.wait("用户名", "密码")
        t.type("wangfang\r" + lab.PASSWORD)
        t.writes()
        t.press("enter")
        t.wait("待办", "0 退出")
        sizes = t.writes()
        assert sum(sizes) <= FIRST and len(sizes) == 1, sizes
        t.type("1")
        t.wait("儿童台账", "共1000条")
        t.writes()
        # the list: a line further, another record
        size, n = key(t, "down")
        assert n == 1
        t.type("e")
        t.wait("修改", "监护人电话")
        t.writes()
        moves = [key(t, "tab") for _ in range(8)]
        assert all(n == 1 for _, n in moves), moves
        assert all(size <= MOVE for size, _ in moves), moves
        t.press("esc")
        t.wait("共1000条")
        t.writes()
        t.type("n")
        t.wait("先查有没有")
        t.writes()
        for c in "欧阳娜娜":
            size, n = key(t, c)
            assert n == 1
        t.press("f2")
        t.wait("新增", "民族")
        t.writes()
        for c in "木·尔古力":
            size, n = key(t, c)
            assert size <= HANZI and n == 1, (c, size, n)
        t.press("esc")
        t.wait("还没有存")
        t.type("x")
        t.wait("已丢弃")


@pytest.mark.parametrize("name", ("putty", "vt100"))
def test_record_change(thousand, tmp_path, name):
    """From one record's page to the next one's."""
    with counted(thousand, tmp_path, name) as t:
        t.login()
        t.type("1")
        t.wait("共1000条")
        t.press("enter")
        t.wait("查看、修改")
        first = t.row(0)
        costs = [key(t, "pgdn") for _ in range(6)]
        assert t.row(0) != first
        assert all(size <= RECORD and n == 1 for size, n in costs), costs
