"""A county and its townships for months: nothing is lost on the way, the
county's numbers are the townships' together, and whoever did not report is
named.  TONGJI_SOAK=1: thirty townships for five years, and what the county
waits for is no more than thirty townships' own waiting."""
import json
import os
import resource
import subprocess
import sys

import pytest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "bench")]

import countyyears  # noqa: E402
import lab  # noqa: E402

SOAK = bool(os.environ.get("TONGJI_SOAK"))
TOWNS, MONTHS = (30, 60) if SOAK else (3, 2)
CHILDREN, VILLAGES = (200, 20) if SOAK else (40, 4)
FORMS = ("child", "guardian", "enrolment", "home", "staff",
         "visit", "activity", "attendance", "case")
# homes may name the villages they cover: each is held against each
SQUARE = {"Y41"}
READS = (("indicators",), ("indicators", "--scheme", "yiyuan"),
         ("report", "排查汇总表"), ("report", "月报"), ("report", "due"),
         ("report", "audit"))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return countyyears.grow(tmp_path_factory.mktemp("county"), TOWNS, MONTHS,
                            CHILDREN, VILLAGES)


def last():
    return countyyears.env(MONTHS - 1)


def test_every_record_arrives(world):
    county, towns = world
    for form in FORMS:
        for t in towns:
            mine = '"%s" WHERE site = \'%s\'' % (form, t.code)
            read = "SELECT uid, rv, deleted FROM %s ORDER BY uid" % mine
            assert county.sql(read) == t.site.sql(read), (form, t.code)
    # one with the keys, one a month
    assert county.sql("SELECT status, count(*) FROM bundle GROUP BY 1") == [
        ("ok", TOWNS * MONTHS)]
    for table in ("quarantine", "conflict", "twin"):
        assert county.one("SELECT count(*) FROM " + table) == 0, table
    county.run("check", status=0, limit=3600)


def items(site, scheme):
    return json.loads(site.run(
        "indicators", "--scheme", scheme, "--format", "json", "--date",
        last()["TONGJI_TODAY"], env=last(), status=0, limit=900).out)


def board(site, scheme):
    return {i["id"]: (i["numerator"], i["denominator"])
            for i in items(site, scheme) if i["mode"] == "computed" and
            i["denominator"] is not None}


@pytest.mark.parametrize("scheme", ["sichuan", "yiyuan"])
def test_the_county_is_the_sum(world, scheme):
    county, towns = world
    whole, parts = board(county, scheme), [board(t.site, scheme)
                                           for t in towns]
    assert sum(d for _, d in whole.values()) > 5 * CHILDREN
    for id_, got in whole.items():
        assert got == tuple(sum(p[id_][i] for p in parts)
                            for i in range(2)), id_


def test_the_silent_are_named(world):
    county, towns = world
    lines = county.run("bundle", "list", env=last(), status=0,
                       limit=900).out.splitlines()
    said = {line.split()[0]: line for line in lines}
    assert len(said) >= 30
    for code in countyyears.townships():
        reported = code in {t.code for t in towns}
        assert ("还没有报过" in said[code]) != reported, said[code]


def steps(site, script):
    """{item: what SQLite did for its number}, which no clock decides."""
    done = subprocess.run(["sqlite3", "-readonly", site.db], input=script,
                          text=True, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL,
                          env=lab.environment(TONGJI_HOME=lab.TOP, **last()))
    out, item = {}, None
    for line in done.stdout.splitlines():
        if line.startswith("item "):
            item = line.split()[1]
        elif line.startswith("VM-steps:"):
            out[item] = out.get(item, 0) + int(line.split()[1])
    return out


def test_no_number_grows_faster_than_the_county(world):
    county, towns = world
    script = ".load %s\n" % os.path.join(lab.TOP, "build", "tongji_sql")
    for scheme in ("sichuan", "yiyuan"):
        for id_ in [i["id"] for i in items(county, scheme)]:
            sql = county.run("indicators", "--sql", id_, "--date",
                             last()["TONGJI_TODAY"], env=last(), status=0).out
            script += ".print item %s\n.stats vmstep\n%s\n.stats off\n" % (
                id_, sql.replace("CREATE TEMP VIEW ",
                                 "CREATE TEMP VIEW IF NOT EXISTS "))
    whole, parts = steps(county, script), [steps(t.site, script)
                                           for t in towns]
    assert len(whole) > 50
    for id_, n in whole.items():
        own = sum(p[id_] for p in parts)
        assert n < 1.5 * own + 500 or id_ in SQUARE, (id_, n, own)


def seconds(site, args):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(site.argv(*args), check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env=lab.environment(**last()))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if SOAK:
    @pytest.mark.parametrize("args", READS, ids=" ".join)
    def test_the_county_waits_no_longer(world, args):
        county, towns = world
        own = sum(min(seconds(t.site, args) for _ in range(2))
                  for t in towns)
        assert min(seconds(county, args) for _ in range(2)) < own
