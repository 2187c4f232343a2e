"""Everything of a believable township out and in again: every form, through
CSV and XLSX, into the same database and into an empty one."""
import glob
import os
import shutil
import sqlite3
import sys

import pytest

import lab

sys.path.insert(0, os.path.join(lab.TOP, "tests", "screen"))

import term  # noqa: E402

FORMS = sorted(os.path.basename(p)[:-5] for p in
               glob.glob(os.path.join(lab.TOP, "forms", "*.form")))
# Those that others refer to come first.
ORDER = ["village", "school", "home", "staff", "child", "guardian",
         "agreement", "training", "activity", "case"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's database, taken while it runs."""
    tmp = str(tmp_path_factory.mktemp("demo"))
    site = lab.Site(os.path.join(tmp, "home"))
    site_home = type("Home", (), {"home": tmp})
    with term.Terminal(site_home, argv=[lab.BIN, "demo"],
                       env={"TMPDIR": tmp}) as t:
        t.wait("密码")
        made = glob.glob(os.path.join(tmp, "tongji-demo-*"))[0]
        os.makedirs(site.home, 0o700)
        shutil.copytree(os.path.join(made, "keys"), site.path("keys"))
        old = sqlite3.connect(os.path.join(made, "tongji.db"))
        new = sqlite3.connect(site.db)
        old.backup(new)
        old.close()
        new.close()
    site.run("check", status=0)
    return site


def live(site, form):
    return site.one('SELECT count(*) FROM "%s" WHERE NOT deleted' % form)


def content(site, form):
    """What people typed; not uids, which an import may find in place."""
    cols = [r[1] for r in site.sql('PRAGMA table_info("%s")' % form)][9:]
    refs = [c for c in cols if c not in ("age_now",)]
    return sorted(repr(r) for r in site.sql(
        'SELECT %s FROM "%s" WHERE NOT deleted' % (
            ",".join('"%s"' % c for c in refs), form)))


def test_cases_are_under_way_and_done(demo):
    """In time and late, so that the rate has something to say."""
    closed = demo.sql("SELECT closed_on <= due_on FROM \"case\" WHERE state ="
                      " 'closed' ORDER BY 1")
    assert closed == [(0,), (1,), (1,), (1,)]
    assert demo.one('SELECT count(*) FROM "case" WHERE closed_on IS NULL') == 5


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_same_database(demo, kind):
    for form in FORMS:
        path = demo.path("%s.%s" % (form, kind))
        demo.run("export", form, "--out", path, status=0)
        r = demo.run("import", form, path, status=0)
        assert lab.counts(r) == (0, 0, live(demo, form), 0), (form, r)
        assert "多余" not in r.err, (form, r)
    demo.run("check", status=0)


def test_empty_database(demo, tmp_path):
    town = lab.town(tmp_path)
    rest = [f for f in FORMS if f not in ORDER]
    for form in ORDER + rest:
        path = str(tmp_path / (form + ".csv"))
        demo.run("export", form, "--out", path, status=0)
        r = town.run("import", form, path, status=0)
        assert lab.counts(r)[3] == 0, (form, r)
        assert live(town, form) == live(demo, form), form
    assert town.sql('SELECT state, count(*) FROM "case" GROUP BY 1') == \
        demo.sql('SELECT state, count(*) FROM "case" GROUP BY 1')
    for form in ("child", "visit", "activity", "trainee"):
        assert content(town, form) == content(demo, form), form
    town.run("check", status=0)
