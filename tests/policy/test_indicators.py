"""Every computed number of both plans against the hand-counted township."""
import json
import os
import re

import pytest

import lab
import township
from township import ENV, TODAY, board, numbers

SICHUAN = {
    "S1": (1, 2), "S2.disabled": (0, 1), "S2.aided": (1, 1),
    "S2.waived": (2, 3), "S2.dream": (1, None), "S3.tomorrow": (1, 1),
    "S3.insured": (7, 9), "S3.subsidies": (1, 1), "S4.law": (1, None),
    "S4.unguarded": (2, None), "S5.vetted": (3, 4), "S5.reported": (3, None),
    "S6.agreements": (1, 4), "S6.hukou": (1, None), "S6.dropout": (1, None),
    "S7.opened": (1, 1), "S7.in_time": (1, 1), "S10.referred": (1, None),
    "S11.bodies": (None, None), "S11.served": (1, None),
    "S12.stations": (2, 58), "S12.coverage": (4, 55),
    "S12.companions": (0, None), "S12.homes": (2, None),
    "S13.linked": (1, 3), "S13.projects": (2, None),
    "S15.providers": (1, None), "S15.hours": (180.5, None),
    "S16.passed": (1, 3), "S16.attended": (2, 3), "S17.concurrent": (1, 2),
    "S17.allowance": (1, 2), "S18.schools": (1, 2), "S18.talks": (1, 2),
    "S19.times": (6, None), "S19.children": (80, None),
    "S20.organisations": (0, None), "S21": (0, 0), "S22.villages": (1, 55),
    "S22.schools": (1, 3), "S22.companies": (1, None), "S23.times": (1, None),
    "S23.children": (12, None), "S24": (5, None), "S25": (1, 55),
    "B1.meetings": (3, None), "B1.cases": (2, None), "B2.fresh": (10, 10),
    "B2.entered": (4, 10), "B2.wrong": (1, 10), "B3.projects": (1, None),
    "B3.money": (50000, None), "B3.lottery": (20000, None),
    "B3.visits": (33, None), "B3.evaluated": (1, 2), "B4.months": (6, None),
}

YIYUAN = {
    "Y3.town": (1, None), "Y3.county": (1, None), "Y5.allowance": (1, 2),
    "Y5.homes": (1, 2), "Y5.training": (2000, None), "Y6.continued": (0, 1),
    "Y6.paid": (1, 2), "Y7": (2, 2), "Y8": (4, 4), "Y9.reported": (1, 3),
    "Y9.unguarded": (2, None), "Y9.alone": (1, None), "Y10.placed": (1, 2),
    "Y11": (0, None), "Y12.medical": (7, 9), "Y12.accident": (6, 9),
    "Y13.money": (1900, 3000), "Y13.bills": (1, 2), "Y14": (1, 1),
    "Y16": (1, 4), "Y17": (2, 3), "Y19.verified": (1, 1),
    "Y19.taught": (1, 1), "Y20.fresh": (10, 10), "Y20.pending": (6, None),
    "Y21.opened": (1, None), "Y21.cases": (1, None), "Y22.key": (0, 0),
    "Y23": (1, None), "Y24.in_time": (2, 5), "Y24.closed": (3, 6),
    "Y24.answered": (3, 3), "Y24.replied": (1, 3), "Y25": (1, 1),
    "Y27": (1, 3), "Y28": (2, None), "Y29": (1, 2), "Y33": (0, None),
    "Y36.agencies": (1, None), "Y38.weeks": (4, 7),
    "Y38.all_weeks": (4, 15), "Y38.own": (1, 2), "Y38.covered": (4, 55),
    "Y39.ledger": (8, 10), "Y39.visits": (4, 42),
    "Y39.assessments": (2, 9), "Y39.counselling": (1, None),
    "Y39.family_education": (1, 2), "Y40": (1, None), "Y41": (2, 55),
    "Y42.town": (1, None), "Y43.certified": (2, 3), "Y43.classes": (1, None),
    "Y44.town": (4, None), "Y44.county": (1, None), "Y45": (None, None),
    "Y46": (2, None), "Y47": (1, None),
}


@pytest.mark.parametrize("scheme,expected", [("sichuan", SICHUAN),
                                             ("yiyuan", YIYUAN)])
def test_every_number(town, scheme, expected):
    got = numbers(board(town, scheme))
    assert {k: got[k] for k in expected} == expected


def test_every_item_is_there_with_its_mode(town):
    s, y = board(town, "sichuan"), board(town, "yiyuan")
    assert list(s) == ["S%d" % i for i in range(1, 26)] + [
        "B%d" % i for i in range(1, 5)]
    assert list(y) == ["Y%d" % i for i in range(1, 48)]
    for item in list(s.values()) + list(y.values()):
        assert item["mode"] in ("computed", "entered", "evidence")
        assert item["words"] and item["section"] and item["item"]
        assert item["units"]
        assert set(item) >= {"id", "scheme", "section", "item", "target",
                             "unit", "mode", "numerator", "denominator",
                             "value", "met", "short_by", "period", "as_of"}
    assert s["S24"]["words"].startswith("以进学校和社区为主题")
    assert y["Y29"]["units_inferred"] and y["Y40"]["units_inferred"]
    assert not y["Y28"]["units_inferred"]
    assert s["S16"]["deadline"] == "原时限2021-12，现按长期"
    assert s["S25"]["deadline"] == "长期"
    assert [i for i in y if y[i]["veto"]] == ["Y45", "Y46", "Y47"]


def test_headline_is_the_first_part(town):
    for item in board(town, "sichuan").values():
        if item["parts"]:
            first = item["parts"][0]
            for key in ("numerator", "denominator", "value", "target", "met"):
                assert item[key] == first[key]


def part(items, name):
    item = items[name.split(".")[0]]
    return next(p for p in item["parts"] if p["id"] == name)


def test_verdicts(town):
    s, y = board(town, "sichuan"), board(town, "yiyuan")
    # 1 of 3 passed, all must: 2 short.
    assert (s["S16"]["value"], s["S16"]["met"], s["S16"]["short_by"]) == (
        33.3, False, 2)
    # 2 of 58 stations, half wanted: 29.
    assert (s["S12"]["target"], s["S12"]["met"], s["S12"]["short_by"]) == (
        50, False, 27)
    assert (s["S4"]["met"], s["S4"]["short_by"]) == (True, 0)
    assert (s["S7"]["value"], s["S7"]["met"]) == (100, True)
    # A county's target is not judged in a township; nor a number that the
    # plan does not state; nor one without anybody to count.
    assert (s["S24"]["target"], s["S24"]["met"]) == (10, None)
    assert (s["S1"]["target"], s["S1"]["met"]) == (None, None)
    assert (s["S21"]["value"], s["S21"]["met"]) == (None, None)
    assert s["S21"]["denominator"] == 0
    # Money in yuan: 70 % of 3000 are 2100.  Each bill must reach it.
    assert part(y, "Y13.bills")["short_by"] == 1
    assert (y["Y13"]["value"], y["Y13"]["met"], y["Y13"]["short_by"]) == (
        63.3, False, 200)
    # 甲二 甲三 甲四 丁一 (甲二 is fifteen and still at 初中): 1 of 4 is
    # 25 %, at most 0.6 %: one too many.
    assert (y["Y16"]["target"], y["Y16"]["met"], y["Y16"]["short_by"]) == (
        0.6, False, 1)
    assert (y["Y46"]["target"], y["Y46"]["met"], y["Y46"]["short_by"]) == (
        0, False, 2)
    assert y["Y45"]["met"] is None          # nobody has said anything yet
    assert (y["Y38"]["value"], y["Y38"]["short_by"]) == (57.1, 3)
    assert part(y, "Y39.family_education")["met"] is False
    assert part(y, "Y3.county")["met"] is None
    assert y["Y3"]["met"] is True


def test_first_screen_bars(town):
    got = numbers(board(town, "home"))
    assert got == {"H1": (3, 6), "H2": (2, 8), "H3": (2, 3), "H4": (2, 5)}


def test_half_years_meet_at_midyear(town):
    for day, label in (("2026-06-29", "2026H1"), ("2026-06-30", "2026H1"),
                       ("2026-07-01", "2026H2")):
        law = board(town, "sichuan", day)["S4"]
        assert law["period"] == label
        assert law["numerator"] == (0 if day == "2026-06-29" else 1), day


def test_ages_out_on_the_day(town):
    before, on = (numbers(board(town, "sichuan", d))
                  for d in ("2026-11-29", "2026-11-30"))
    assert before["S6.agreements"] == (1, 5)
    assert on["S6.agreements"] == (1, 4)
    assert before["B2.wrong"] == (0, 10)    # 留守 at 16 is a doubt


def test_a_past_day_knows_who_was_there(town):
    # 06-29: 甲一 甲三 甲四 丁一 丁二 (甲二 came later); agreements of 甲四 and
    # 丁一 were in force.  06-30: 丁二 has left.
    assert numbers(board(town, "sichuan", "2026-06-29"))[
        "S6.agreements"] == (2, 5)
    assert numbers(board(town, "sichuan", "2026-06-30"))[
        "S6.agreements"] == (2, 4)


def test_weeks_are_monday_to_sunday(town):
    # On Sunday 11-29 the week of 11-23 is not over; on Monday it is.
    assert numbers(board(town, "yiyuan", "2026-11-29"))[
        "Y38.weeks"] == (3, 6)
    rows = town.run("indicators", "--records", "Y38.weeks", "--date", TODAY,
                    env=ENV, status=0).out
    weeks = dict(re.findall(r"(2026-\d\d-\d\d) 起一周 (\d+) 次", rows))
    assert weeks == {"2026-10-12": "2", "2026-10-19": "1", "2026-10-26": "2",
                     "2026-11-02": "0", "2026-11-09": "3", "2026-11-16": "0",
                     "2026-11-23": "2"}


def test_records_behind_a_number(town):
    r = town.run("indicators", "--records", "Y46", "--date", TODAY, env=ENV,
                 status=0)
    assert sorted(line.split(",")[2:] for line in
                  r.out.strip().splitlines()[1:]) == [
        ["丁一", "1", "0", "独自居住"], ["乙三", "1", "0", "没有监护人"]]
    # A restricted report is counted, and cannot be opened.
    r = town.run("indicators", "--records", "S5.reported", "--date", TODAY,
                 env=ENV, status=0)
    assert len(r.out.strip().splitlines()) == 4


def test_numbers_and_records_agree(town):
    """What the board says is the sum of the rows that it opens."""
    for scheme in ("sichuan", "yiyuan"):
        for name, (n, d) in numbers(board(town, scheme)).items():
            r = town.run("indicators", "--records", name, "--date", TODAY,
                         env=ENV, status=0)
            rows = [line.split(",") for line in
                    r.out.strip().splitlines()[1:]]
            if n is None:
                assert rows == []
                continue
            total = sum(float(c[3]) for c in rows)
            scale = 100 if name.split(".")[0] in ("Y13", "B3", "Y5") and (
                name.split(".")[-1] in ("money", "lottery", "training", "Y13")
            ) else 1
            assert total / scale == pytest.approx(n), name
            if d is not None:
                assert sum(float(c[4]) for c in rows) / scale == \
                    pytest.approx(d), name


def test_director_counts_her_own_village(town):
    town.run("user", "add", "yicun", "--role", "director", "--village",
             township.B, "--password-stdin", stdin=lab.PASSWORD + "\n",
             env=ENV, status=0)
    got = numbers(board(town, "sichuan", login="yicun"))
    assert got["S6.agreements"] == (0, 1)           # 甲四
    assert got["S3.insured"] == (2, 2)              # 甲四 乙一
    assert got["S5.reported"] == (2, None)          # one is restricted
    assert got["S4.unguarded"] == (0, None)


def test_empty_township(tmp_path):
    site = lab.town(tmp_path)
    for scheme in ("sichuan", "yiyuan"):
        for item in board(site, scheme).values():
            if item["denominator"] == 0:
                assert item["value"] is None and item["met"] is None
    text = site.run("indicators", "--scheme", "yiyuan", status=0).out
    assert "无对象" in text and "未填报" in text
    assert text.index("否决项") < text.index("还没达到的")


def test_text_fits_the_screen(town):
    text = town.run("indicators", "--scheme", "yiyuan", "--date", TODAY,
                    env=ENV, status=0).out
    for line in text.splitlines()[1:]:      # the title is the plan's own
        assert sum(1 + (ord(c) > 0x2e80) for c in line) <= 80, line
    for line in ("监护责任未落实", "多出 2 人", "还差 3 周"):
        assert line in text
    note = town.run("indicators", "--scheme", "sichuan", env=ENV, status=0)
    assert "征求意见稿" in note.out


def test_csv_and_usage(town):
    r = town.run("indicators", "--format", "csv", "--date", TODAY, env=ENV,
                 status=0)
    lines = r.out.split("\r\n")
    assert lines[0].startswith("id,scheme,section,item,part,target,unit,mode,"
                               "numerator,denominator,value,met,short_by,")
    assert any(line.startswith("S16,sichuan,童之行,") for line in lines)
    assert any(line.startswith("Y47,yiyuan,") for line in lines)
    both = json.loads(town.run("indicators", "--format", "json", env=ENV,
                               status=0).out)
    assert len(both) == 29 + 47
    assert "有：sichuan、yiyuan" in town.run(
        "indicators", "--scheme", "guizhou", env=ENV, status=2).err
    town.run("indicators", "--format", "xml", env=ENV, status=2)
    town.run("indicators", "--date", "2026-02-30", env=ENV, status=2)
    town.run("indicators", "--records", "S99", env=ENV, status=2)


def test_plain_sqlite3_comes_to_the_same(town):
    """The SQL of every number, run by the sqlite3 program."""
    extension = os.path.join(os.path.dirname(lab.BIN), "tongji_sql")
    for scheme in ("sichuan", "yiyuan"):
        script, wanted = [], []
        for name, (n, d) in numbers(board(town, scheme)).items():
            if name.split(".")[0] in ("B3", "Y13", "Y5"):
                continue                # money is in 分 there
            sql = town.run("indicators", "--sql", name, "--date", TODAY,
                           env=ENV, status=0).out
            script.append(re.sub(r"^CREATE TEMP VIEW ",
                                 "CREATE TEMP VIEW IF NOT EXISTS ", sql,
                                 flags=re.M))
            wanted.append((name, n or 0, d))
        r = lab.run(["sqlite3", "-readonly", "-bail", town.db],
                    stdin=".load %s\n" % extension + "".join(script),
                    status=0, env={"TONGJI_HOME": lab.TOP})
        got = [line.split("|") for line in r.out.strip().splitlines()]
        assert len(got) == len(wanted)
        for cells, (name, n, d) in zip(got, wanted):
            assert float(cells[1]) == n, name
            if d is not None:
                assert float(cells[2]) == d, name


def test_two_years_and_shared_directors(tmp_path):
    site = lab.town(tmp_path)
    names = [site.village(i)[1] for i in range(4)]
    r = site.import_csv("staff", "name,role,village,other_villages\n"
                        "一人管三村,儿童主任,%s,%s；%s\n" % (
                            site.village(0)[0], names[1], names[2]), env=ENV)
    assert lab.counts(r) == (1, 0, 0, 0), r
    site.import_csv("stated_value", "indicator,period,value,source\n"
                    "两年内极端事件,2025,1,县公安局\n"
                    "两年内极端事件,2026,0,县公安局\n", 0, env=ENV)
    y = board(site, "yiyuan")
    assert y["Y41"]["numerator"] == 3
    assert (y["Y45"]["value"], y["Y45"]["met"]) == (1, False)
    later = board(site, "yiyuan", "2028-01-01")["Y45"]
    assert (later["value"], later["met"]) == (0, True)
    assert board(site, "yiyuan", "2029-01-01")["Y45"]["value"] is None


def hear_from(county, code):
    """As after a township's first bundle."""
    county.sql("INSERT INTO incarnation(site, inc, applied, chain, first_at)"
               " VALUES(?1, ?1, 1, '', '2026-11-01 09:00')", code)


def test_rates_count_the_townships_that_reported(tmp_path):
    site = lab.site(tmp_path / "county", lab.COUNTY)
    count = dict(site.sql("SELECT site, count(*) FROM village"
                          " WHERE length(code) = 12 GROUP BY site"))
    towns = sorted(count)

    def parts(scheme):
        return {p["id"]: p for it in board(site, scheme).values()
                for p in it["parts"]}

    def says(*what):
        return site.run(*what, env=ENV, status=0).out

    assert parts("sichuan")["S22.villages"]["denominator"] == 0
    hear_from(site, towns[0])
    hear_from(site, towns[3])
    known = count[towns[0]] + count[towns[3]]
    assert parts("sichuan")["S22.villages"]["denominator"] == known
    y3 = board(site, "yiyuan")["Y3"]
    assert (y3["met"], y3["short_by"]) == (False, 2)
    silent = "另有 10 个乡镇没有报过，不在内"
    for what in (("indicators",), ("report", "月报"), ("report", "排查汇总表"),
                 ("indicators", "--scheme", "yiyuan")):
        assert silent in says(*what), what
    # its SQL comes to the same in the plain sqlite3
    r = lab.run(["sqlite3", "-readonly", "-bail", site.db], status=0,
                stdin=".load %s/tongji_sql\n" % os.path.dirname(lab.BIN) +
                says("indicators", "--sql", "S22.villages"),
                env={"TONGJI_HOME": lab.TOP})
    assert float(r.out.split("|")[2]) == known
    for code in towns:
        if code not in (towns[0], towns[3]):
            hear_from(site, code)
    assert parts("sichuan")["S22.villages"]["denominator"] == \
        sum(count.values())
    assert "没有报过" not in says("indicators", "--scheme", "yiyuan")


def test_county_wants_it_of_every_town(tmp_path):
    """镇每年至少一次: twelve meetings in one township are one of twelve."""
    site = lab.site(tmp_path / "county", lab.COUNTY)
    towns = [r[0] for r in site.sql(
        "SELECT code FROM village WHERE length(code) = 9 ORDER BY code")]
    assert len(towns) == 12
    text = "title,kind,level,held_on,minutes_no\n" + "".join(
        "第%d次会,党委政府专题会,镇,2026-03-%02d,纪要%d\n" % (i, i, i)
        for i in range(1, 13))
    r = site.import_csv("meeting", text, env=ENV)
    assert lab.counts(r)[0] == 12, r
    site.sql("UPDATE meeting SET site = ?", towns[0])
    for code in towns:
        hear_from(site, code)
    y3 = board(site, "yiyuan")["Y3"]
    assert (y3["numerator"], y3["met"], y3["short_by"]) == (12, False, 11)
    for i, code in enumerate(towns):
        site.sql("UPDATE meeting SET site = ? WHERE title = ?", code,
                 "第%d次会" % (i + 1))
    y3 = board(site, "yiyuan")["Y3"]
    assert (y3["numerator"], y3["met"], y3["short_by"]) == (12, True, 0)
    # A county's own target is judged here.
    assert board(site, "sichuan")["S24"]["met"] is False


def test_json_says_it_in_words(town):
    s = board(town, "sichuan")
    assert s["S1"]["scheme_note"] == "征求意见稿"
    assert s["S1"]["verdict"] == "参考"
    assert s["S16"]["verdict"] == "未达到" and s["S4"]["verdict"] == "已达到"
    assert s["S24"]["verdict"] == "县级目标"
    assert s["S21"]["verdict"] == "无对象"
    assert board(town, "yiyuan")["Y1"]["verdict"] == "缺佐证"


def test_visit_is_due_the_day_after_a_report(tmp_path):
    site = lab.town(tmp_path)
    village = site.village(0)[0]
    site.import_csv("child", "name,no_id_reason,sex,birth_date,village,"
                    "category,registered_on\n甲,不详,男,2015-01-01,%s,留守,"
                    "2026-11-20\n乙,不详,女,2015-01-01,%s,留守,2026-11-20\n"
                    % (village, village), 0, env=ENV)

    def overdue():
        items = board(site, "monthly", login="wangfang")
        return items["M7"]["numerator"]

    assert overdue() == 0
    site.import_csv("mandatory_report", "situation,found_at,child\n"
                    "其他严重侵害或危险,2026-11-28 10:00,甲\n"
                    "隐私部位异常损伤,2026-11-28 10:00,乙\n", 0, env=ENV)
    assert overdue() == 1       # 乙's report shows itself to nobody else
    site.import_csv("visit", "child,visit_date,method,seen_child\n"
                    "甲,2026-11-28,入户,是\n", 0, env=ENV)
    assert overdue() == 0


def test_villages_that_merged(tmp_path):
    """甲 goes into 乙: until that day each stands for itself; afterwards 甲's
    director, home, 六一 and 宣讲 are 乙's."""
    site = lab.town(tmp_path)
    old, new = site.village(0), site.village(1)
    n = site.one("SELECT count(*) FROM village WHERE length(code) = 12")
    for form, text in (
            ("staff", "name,role,village,appointed_on\n"
             "老主任,儿童主任,%s,2020-01-01\n" % old[0]),
            ("home", "village,name,kind,keeper,opened_on\n"
             "%s,老家,儿童之家,管理员,2020-01-01\n" % old[0]),
            ("activity", "village,held_on,kind,title\n"
             "%s,2026-06-01,六一活动,六一\n" % old[0]),
            ("publicity", "village,held_on,kind,title\n"
             "%s,2026-03-01,政策宣讲,宣讲\n" % old[0]),
            ("stated_value", "indicator,period,village,value,source\n"
             "村内儿童总数,2026,%s,130,派出所\n" % new[0]),
            ("village", "code,name,valid_to,merged_into\n"
             "%s,%s,2026-09-01,%s\n" % (old[0], old[1], new[0]))):
        r = site.import_csv(form, text, env=ENV)
        assert lab.counts(r)[3] == 0, r
    for day, own, villages in (("2026-08-31", 0, n), ("2026-09-01", 1, n - 1)):
        s, y = board(site, "sichuan", day), board(site, "yiyuan", day)
        got = numbers({**s, **y})
        assert got["Y38.own"] == (own, 1), day
        for name in ("Y41", "Y38.covered", "S25", "S22.villages"):
            assert got[name] == (1, villages), (day, name)
        at = site.run("indicators", "--records", "Y41", "--date", day,
                      env=ENV, status=0).out
        assert [c.split(",")[2] for c in at.splitlines()[1:]
                if c.split(",")[3] == "1"] == [
                    new[1] if own else old[1]]


def test_six_one_at_a_school_is_its_village_s(tmp_path):
    site = lab.town(tmp_path)
    site.import_csv("school", "name,kind,village\n悦庄小学,小学,%s\n"
                    % site.village(3)[0], 0, env=ENV)
    site.import_csv("activity", "school,held_on,kind,title\n"
                    "悦庄小学,2026-06-01,六一活动,六一\n", 0, env=ENV)
    assert board(site, "sichuan")["S25"]["numerator"] == 1


def test_a_disabled_child_nobody_asked_about_is_not_verified(tmp_path):
    """学业状况未采集: neither at school nor verified."""
    site = lab.town(tmp_path)
    site.import_csv("child", "name,no_id_reason,sex,birth_date,village,"
                    "category\n甲,不详,男,2016-01-01,%s,残疾\n"
                    % site.village(0)[0], 0, env=ENV)
    y19 = board(site, "yiyuan")["Y19"]
    assert (y19["numerator"], y19["denominator"], y19["met"]) == (0, 1, False)
