"""下发资料: the county's forms and policy data reach every township on the
receipt, are shown in plain words, tried, and used with their number; history
stays as it is; what is older, hostile or broken is refused whole."""
import glob
import json
import os
import shutil
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import lab  # noqa: E402
from test_circle import child, clean, enrol, fill, receive, stick  # noqa: E402


@pytest.fixture
def pair(tmp_path):
    county, town = lab.county(tmp_path), lab.town(tmp_path)
    fill(town, 2)
    enrol(county, town, stick(tmp_path, "first"))
    for name in ("forms", "data"):
        shutil.copytree(os.path.join(lab.TOP, name), county.path(name))
    return county, town


def append(site, path, text):
    with open(site.path(path), "a") as f:
        f.write(text)


def ring(county, field="bell", label="铃声"):
    append(county, "forms/school.form",
           "\n[%s]\ntype = text 1..20\nlabel = %s\n" % (field, label))


RULE = "visit,high,5,day,沂民〔2026〕9号,2026-12-01,,沂源县民政局,高风险家庭\n"


def publish(county, *args, **kw):
    return county.run("bundle", "publish", *args, **kw)


def report(county, town, tmp_path, name):
    """A bundle there and a receipt back; the stick."""
    s = stick(tmp_path, name)
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    return s


def in_use(town):
    return town.one("SELECT max(version) FROM edition")


def test_down_and_in_use(pair, tmp_path):
    county, town = pair
    ring(county)
    append(county, "data/codes/risk.csv", "extreme,极高风险,极高\n")
    append(county, "data/rules/visits.csv", RULE)
    append(county, "data/divisions/villages/370323.csv",
           "370323104999,新设村委会\n")
    r = publish(county, "--doc", "沂民〔2026〕9号", "--note", "五天一访",
                "--effective", "2026-12-01", status=0)
    assert "第1版资料已定" in r.err
    r = publish(county, status=1)
    assert "没有可下发的" in r.err
    before = town.sql("SELECT * FROM child ORDER BY uid")
    entries = town.one("SELECT count(*) FROM journal WHERE form='child'")
    s = report(county, town, tmp_path, "s")

    # looked at: nothing is changed
    r = town.run("bundle", "apply", s, "--dry-run", status=0)
    assert "第1版资料" in r.err and "文号：沂民〔2026〕9号" in r.err
    assert "生效日期：2026-12-01" in r.err
    assert "表单 学校：新增 铃声" in r.err
    assert "代码 风险等级：新增 极高风险" in r.err
    assert "高风险家庭 5天（沂民〔2026〕9号） 2026-12-01起" in r.err
    assert in_use(town) is None

    r = town.run("bundle", "apply", s, status=0)
    assert "已换上县里的资料" in r.err and "县里已收到 第2包" in r.err
    assert in_use(town) == 1
    assert "铃声" in town.run("form", "dictionary", "school").out
    assert lab.counts(town.import_csv("school", "name,bell\n一小,叮\n")) \
        == (1, 0, 0, 0)
    assert town.one("SELECT name FROM village WHERE code='370323104999'") \
        == "新设村"
    # the past is what it was
    assert town.sql("SELECT * FROM child ORDER BY uid") == before
    assert town.one("SELECT count(*) FROM journal WHERE form='child'") == \
        entries
    assert "第1版" in town.run("bundle", "edition", status=0).out
    assert town.one("SELECT count(*) FROM journal WHERE op='edition'") == 1

    # the county hears it with the next bundle, and stops sending
    assert "370323104 悦庄镇 还没有换上" in \
        county.run("bundle", "edition", status=0).out
    s = report(county, town, tmp_path, "s2")
    assert "370323104 悦庄镇 第1版" in \
        county.run("bundle", "edition", status=0).out
    assert county.one("SELECT bell FROM school") == "叮"
    r = town.run("bundle", "apply", s, status=0)
    assert "资料" not in r.err
    clean(county, town)


def test_older_is_refused(pair, tmp_path):
    county, town = pair
    ring(county)
    publish(county, status=0)
    first = report(county, town, tmp_path, "s1")
    ring(county, "yard", "操场")
    r = publish(county, status=0)
    assert r.out == "表单 学校：新增 操场\n"
    second = report(county, town, tmp_path, "s2")
    town.run("bundle", "apply", second, status=0)
    assert in_use(town) == 2
    r = town.run("bundle", "apply", first, status=1)
    assert "第1版" in r.err and "不换" in r.err
    assert in_use(town) == 2
    assert "操场" in town.run("form", "dictionary", "school").out
    clean(town)


def test_survives_a_lost_folder_and_a_backup(pair, tmp_path):
    """The edition lies in the database; its folder is only laid out."""
    county, town = pair
    ring(county)
    publish(county, status=0)
    town.run("bundle", "apply", report(county, town, tmp_path, "s"), status=0)
    shutil.rmtree(town.path("edition"))
    assert lab.counts(town.import_csv("school", "name,bell\n一小,叮\n")) \
        == (1, 0, 0, 0)
    copy = str(tmp_path / "copy")
    town.run("backup", copy, status=0)
    shutil.rmtree(town.path("edition"))
    town.run("restore", copy, status=0)
    assert town.run("export", "school", status=0).out.count("叮") == 1
    clean(town)


def test_linter_and_wrong_use(pair, tmp_path):
    county, town = pair
    r = town.run("bundle", "publish", status=1)
    assert "只有县级" in r.err
    r = publish(county, "--effective", "明天", status=2)
    assert "生效日期" in r.err
    append(county, "data/indicators/home.ini", "\n[X1]\nrows = SELECT nothing"
           " FROM nowhere\n")
    r = publish(county, status=1)
    assert "处错误" in r.err
    assert county.one("SELECT count(*) FROM edition") == 0


def tamper(county, change):
    """A package as a hostile or broken county would send it: signed."""
    text = county.one("SELECT package FROM edition")
    package = json.loads(text)
    out = change(package)
    county.sql("UPDATE edition SET package=?", out if isinstance(out, str)
               else json.dumps(package, ensure_ascii=False))


def file_of(package, path):
    return next(f for f in package["files"] if f["path"] == path)


def escape(path):
    def change(package):
        package["files"].insert(0, {"path": path, "text": "x"})
    return change


def without_field(package):
    f = file_of(package, "forms/school.form")
    f["text"] = f["text"].replace("[social_work_station]", "[other_station]")


def bad_sql(package):
    file_of(package, "data/lists/due.ini")["text"] += \
        "\n[evil]\ntitle = 坏\nsql = DELETE FROM child\n"


def bad_form(package):
    f = file_of(package, "forms/child.form")
    f["text"] = f["text"][:len(f["text"]) // 2] + "\n[ 1; DROP"


# what edition_parse() refuses by itself is in tests/unit/test_edition.c
HOSTILE = {
    "up": escape("../../evil.sh"),
    "half": lambda p: json.dumps(p)[:5000],
    "other county": lambda p: p.update(county="510723"),
    "field gone": without_field,
    "sql": bad_sql,
    "form": bad_form,
    "code gone": lambda p: file_of(p, "data/codes/risk.csv").update(
        text="# 名称：风险\nname,label\nx,y\n"),
}


def test_hostile_is_refused_whole(pair, tmp_path):
    county, town = pair
    ring(county)
    publish(county, status=0)
    good = county.one("SELECT package FROM edition")
    s = report(county, town, tmp_path, "s")
    for name, change in HOSTILE.items():
        county.sql("UPDATE edition SET package=?", good)
        tamper(county, change)
        receive(county, s, status=0)
        before = sorted(glob.glob(str(tmp_path) + "/*"))
        r = town.run("bundle", "apply", s, status=1)
        assert "资料没有换上" in r.err, (name, r)
        # the receipt itself is used, the package not at all
        assert "县里已收到 第2包" in r.err, (name, r)
        assert in_use(town) is None, name
        left = os.listdir(town.path("edition")) if os.path.exists(
            town.path("edition")) else []
        assert left == [], (name, left)
        assert sorted(glob.glob(str(tmp_path) + "/*")) == before, name
        assert "铃声" not in town.run("form", "dictionary", "school").out
    clean(town)
    county.sql("UPDATE edition SET package=?", good)
    receive(county, s, status=0)
    town.run("bundle", "apply", s, status=0)
    assert in_use(town) == 1


def test_own_folders_go_first(pair, tmp_path):
    county, town = pair
    ring(county)
    publish(county, status=0)
    s = report(county, town, tmp_path, "s")
    shutil.copytree(os.path.join(lab.TOP, "forms"), town.path("forms"))
    r = town.run("bundle", "apply", s, status=1)
    assert "移走" in r.err and in_use(town) is None
    shutil.rmtree(town.path("forms"))
    town.run("bundle", "apply", s, status=0)
    assert in_use(town) == 1
