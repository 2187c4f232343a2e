"""Summaries may go on a stick as they are: nobody's name, number, telephone
or date of birth is anywhere in them, nor in what a workbook says of itself.
A table that is counted by people is a list of names and treated as one."""
import os
import re
import zipfile

import pytest

import lab
from test_demo import demo  # noqa: F401

REPORTS = (("排查汇总表", "2026-11"), ("月报", "2026-11"), ("季报", "2026Q4"),
           ("半年报", "2026H2"), ("年报", "2026"))
WHO = re.compile(r"(^|_)(name|number|phone|birth_date|login)$")
PLACES = ("village", "school", "home", "project")   # have names of their own


def secrets(site):
    """Every value of the fields that say who somebody is."""
    out = set()
    for form, in site.sql("SELECT form FROM applied"):
        for _, field, *_ in site.sql('PRAGMA table_info("%s")' % form)[9:]:
            if WHO.search(field) and not (field == "name" and
                                          form in PLACES):
                out.update(v for v, in site.sql(
                    'SELECT DISTINCT "%s" FROM "%s" WHERE "%s" IS NOT NULL' %
                    (field, form, field)))
    out.update(v for v, in site.sql("SELECT name FROM user"))
    assert len(out) > 500
    return {x for x in map(str, out) if len(x) > 1}


def everything(path):
    """All text of a file; of a workbook every part of it, unpacked."""
    if not zipfile.is_zipfile(path):
        with open(path, encoding="utf-8") as f:
            return f.read()
    with zipfile.ZipFile(path) as z:
        return "\n".join("%s\n%s" % (n, z.read(n).decode("utf-8"))
                         for n in z.namelist())


def found(who, path):
    text = everything(path)
    assert len(text) > 400
    return sorted(x for x in who if x in text)


@pytest.mark.parametrize("kind", ["xlsx", "html", "csv", "text"])
def test_summaries_name_nobody(demo, tmp_path, kind):  # noqa: F811
    who = secrets(demo)
    out = str(tmp_path / ("out." + kind))
    asked = [("report", name, "--month", month) for name, month in REPORTS]
    asked += [("report", "统计", "--form", "visit", "--rows", "method",
               "--cols", "visit_date")]
    if kind in ("xlsx", "html"):
        asked += [("indicators", "--scheme", s) for s in ("sichuan",
                                                          "yiyuan")]
    for ask in asked:
        demo.run(*ask, "--format", kind, "--out", out, status=0)
        assert found(who, out) == [], ask


def test_a_count_by_people_is_a_list_of_names(demo, tmp_path):  # noqa: F811
    stick = lab.Stick(tmp_path)
    out = os.path.join(stick.path, "统计.xlsx")
    ask = ("report", "统计", "--form", "visit", "--format", "xlsx", "--out",
           out)
    for rows, cols in (("child", "method"), ("method", "visitor")):
        r = demo.run(*ask, "--rows", rows, "--cols", cols, env=stick.env,
                     status=1)
        assert "--plain" in r.err and not os.path.exists(out)
    demo.run(*ask, "--rows", "child", "--plain", env=stick.env, status=0)
    assert len(found(secrets(demo), out)) > 100
    assert "含个人信息，不得外传" in everything(out)
    notes = [v for v, in demo.sql("SELECT vals FROM journal WHERE"
                                  " op='export'")]
    assert any("统计表" in v for v in notes), notes[-3:]
