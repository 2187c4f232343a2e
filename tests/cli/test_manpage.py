"""The man page says what `--help` says: every command, verb and option."""
import os
import re
import subprocess

import pytest

import lab

PAGE = os.path.join(lab.TOP, "src", "tongji.1")


def usages():
    names = re.findall(r"^  tongji ([a-z]+) ", lab.tongji(
        "--help", status=0).out, re.M)
    assert len(names) >= 14
    return {n: lab.tongji(n, "--help", status=0).out for n in names}


@pytest.fixture(scope="module")
def page():
    with open(PAGE, encoding="utf-8") as f:
        return f.read()


def test_every_option_and_verb(page):
    for name, usage in usages().items():
        mine = "\n".join(x for x in page.splitlines()
                         if re.match(r"\.It Ic %s( |$)" % name, x))
        assert mine, name
        for verb in re.findall(r"(?:tongji %s|\|) ([a-z]+)" % name, usage):
            assert re.search(r"\b%s\b" % verb, mine), (name, verb)
        for option in set(re.findall(r"--[a-z]+(?:-[a-z]+)*", usage)):
            assert "Fl " + option[1:] in mine, (name, option)


def test_no_option_that_is_not_there(page):
    known = usages()
    for line in page.splitlines():
        m = re.match(r"\.It Ic ([a-z]+)", line)
        if m:
            for option in re.findall(r"Fl (-[a-z-]+)", line):
                assert "-" + option in known[m.group(1)], (m.group(1), option)


def test_it_formats_without_complaint():
    r = subprocess.run(["groff", "-mdoc", "-Kutf8", "-Tutf8", "-wmac", "-z",
                        PAGE], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    # a line of Chinese words cannot always be filled
    said = [x for x in r.stderr.decode().splitlines()
            if "can't break line" not in x]
    assert r.returncode == 0 and said == []
