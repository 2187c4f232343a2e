"""People as they are: rare and long names, twins, 29 February, three
guardians, another township's roster, a director who reaches too far."""
import pytest

import lab

NAMES = ["㛃㛃", "𠅤小𠅤", "阿木·呷呷", "吉克·阿依·约布·日古·木呷·尔布·拉则·古火·什哈·曲比",
         "才仁拉毛措旺姆德吉卓玛次仁白玛央金达瓦"]


def row(town, name, number, **kw):
    return dict({"name": name, "id_number": number,
                 "village": town.village(0)[0], "category": "留守",
                 "registered_on": "2026-01-05"}, **kw)


def load(town, form, rows):
    head = list(dict.fromkeys(k for r in rows for k in r))
    return town.import_csv(form, lab.csv_text(rows, head))


@pytest.mark.parametrize("name", NAMES)
def test_rare_names_go_round(town, name):
    number = lab.id_number("2015-05-04", 1)
    rows = [row(town, name, number, guardian_name=name + "母")]
    assert lab.counts(load(town, "child", rows)) == (1, 0, 0, 0)
    assert lab.counts(load(town, "child", rows)) == (0, 0, 1, 0)
    assert name in town.run("export", "child", status=0).out
    r = town.run("export", "child", "--encoding", "gb18030", "--out",
                 town.path("out.csv"), status=0)
    with open(town.path("out.csv"), encoding="gb18030") as f:
        assert name + "母" in f.read(), r


def test_twins_are_two(town):
    a, b = lab.id_number("2018-06-01", 1), lab.id_number("2018-06-01", 3)
    r = load(town, "child", [
        row(town, "王大宝", a, guardian_name="王父"),
        row(town, "王小宝", b, guardian_name="王父")])
    assert lab.counts(r) == (2, 0, 0, 0), r
    assert "同名" not in r.err


def test_born_on_29_february(town):
    r = load(town, "child", [
        row(town, "闰年儿", lab.id_number("2016-02-29", 1)),
        row(town, "平年儿", None, birth_date="2015-02-29", sex="男",
            no_id_reason="不详")])
    assert lab.counts(r) == (1, 0, 0, 1), r
    assert "不存在" in r.err


def test_three_guardians_and_one_current(town):
    number = lab.id_number("2015-05-04", 1)
    load(town, "child", [row(town, "张晓明", number, guardian_name="张爷爷",
                             guardian_relation="祖父")])
    r = load(town, "guardian", [
        {"child": number, "name": "张父", "relation": "父亲",
         "is_current": "否", "status": "服刑在押"},
        {"child": number, "name": "张叔", "relation": "叔父",
         "is_current": "是"}])
    assert lab.counts(r)[0] == 2, r
    assert "另有一条已是“现监护人”" in r.err        # said, not refused
    assert town.one("SELECT count(*) FROM guardian") == 3
    page = town.run("export", "child", status=0).out
    assert "张爷爷" in page or "张叔" in page
    # a roster that names another one does not lose the three
    load(town, "child", [row(town, "张晓明", number, guardian_name="张父")])
    assert town.one("SELECT count(*) FROM guardian") == 3
    assert town.one("SELECT count(*) FROM guardian WHERE is_current='yes'"
                    ) == 1


def test_roster_of_another_township(town):
    """Every row is refused with the reason, nothing is half taken."""
    rows = [row(town, "外镇%d" % i, lab.id_number("2015-05-04", i),
                village="370323105%03d" % (200 + i)) for i in range(1, 6)]
    r = load(town, "child", rows)
    assert lab.counts(r) == (0, 0, 0, 5), r
    assert "村" in r.err
    for table in ("child", "guardian", "enrolment", "lookup"):
        n = town.one("SELECT count(*) FROM %s" % (
            table + " WHERE form='child'" if table == "lookup" else table))
        assert n == 0, table


def test_director_does_not_reach_another_village(town):
    mine, other = town.village(0)[0], town.village(1)[0]
    a, b = lab.id_number("2015-05-04", 1), lab.id_number("2015-06-04", 1)
    load(town, "child", [row(town, "我村儿", a),
                         row(town, "他村儿", b, village=other)])
    town.run("user", "add", "zhu", "--role", "儿童主任", "--village", mine,
             "--password-stdin", stdin=lab.PASSWORD + "\n", status=0)
    out = town.run("--as", "zhu", "export", "child").out
    assert "我村儿" in out and "他村儿" not in out
    path = town.path("visits.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("child,visit_date,method,seen_child\n"
                "%s,2026-11-01,入户,是\n%s,2026-11-01,入户,是\n" % (a, b))
    r = town.run("--as", "zhu", "import", "visit", path)
    assert lab.counts(r) == (1, 0, 0, 1), r
    assert "他村儿" not in r.err
    assert town.one("SELECT count(*) FROM visit") == 1


def test_photo_without_consent_is_said(town):
    """Nobody asked is as little a consent as a no."""
    r = load(town, "evidence", [
        {"held_on": "2026-01-05", "kind": k, "title": t,
         "contains_names": "是", "consented": c}
        for k, t, c in (("照片", "没问", ""), ("照片", "不同意", "否"),
                        ("照片", "同意", "是"), ("文件", "花名册", ""))])
    assert lab.counts(r) == (4, 0, 0, 0), r
    assert r.err.count("要先有同意记录") == 2
