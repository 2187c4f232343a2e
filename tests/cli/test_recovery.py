"""The recovery code from the office safe: made on the screen, it opens an
encrypted backup on another PC."""
import os
import re
import sys

import lab

sys.path.insert(0, os.path.join(lab.TOP, "tests", "screen"))

import term  # noqa: E402


def new_code(site):
    with term.Terminal(site) as t:
        t.login()
        t.type("9")
        t.choose("新的恢复码")
        t.wait("恢复码")
        for _ in range(4):
            found = re.search(r"([0-9A-Z]{5}-){4}[0-9A-Z]{5}", t.text())
            if found:
                return found.group(0)
            t.type("y")
            t.settle()
    raise AssertionError("no code was shown")


def test_a_dead_pc(roster, tmp_path):
    code = new_code(roster)
    backup = tmp_path / "copy.age"
    roster.run("backup", backup, status=0)      # somebody else can open it
    before = roster.sql("SELECT uid, name, id_number FROM child ORDER BY uid")
    for typed in (code, code.lower(), code.replace("-", " "),
                  code.replace("-", "")):
        new = lab.Site(tmp_path / ("new-" + re.sub("[^0-9A-Za-z]", "_",
                                                   typed)))
        new.run("restore", backup, "--recovery-stdin", stdin=typed + "\n",
                status=0)
        assert new.sql("SELECT uid, name, id_number FROM child"
                       " ORDER BY uid") == before
        new.run("check", status=0)
    # the old logins work there, and it has keys of its own
    with term.Terminal(new) as t:
        t.login()
    assert new.run("key", "show", status=0).out != \
        roster.run("key", "show", status=0).out


def test_a_newer_code_closes_the_older_one(roster, tmp_path):
    old = new_code(roster)
    new = new_code(roster)
    assert old != new
    roster.run("backup", tmp_path / "copy.age", status=0)
    site = lab.Site(tmp_path / "new")
    r = site.run("restore", tmp_path / "copy.age", "--recovery-stdin",
                 stdin=old + "\n", status=1)
    assert "恢复码" in r.err and not os.path.exists(site.db)
    site.run("restore", tmp_path / "copy.age", "--recovery-stdin",
             stdin=new + "\n", status=0)


def test_the_code_is_stored_nowhere(roster):
    code = new_code(roster)
    plain = code.replace("-", "")
    for folder, _, files in os.walk(roster.home):
        for name in files:
            with open(os.path.join(folder, name), "rb") as f:
                data = f.read()
            assert code.encode() not in data and plain.encode() not in data
