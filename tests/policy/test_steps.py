"""Benefits that are confirmed in steps (孤儿, 事实无人抚养, 跨省通办): each step
has its own days from data/rules, counted here by hand over holidays and
make-up days; and clocks of imported cases are stored like typed ones."""
import lab
from test_case import board, case, imported, village  # noqa: F401


def page(town, day, name="办件看板"):
    return [x for x in board(town, name, day).splitlines() if "SL" in x]


def todo(town, day):
    return town.run("report", "今天到期和过期的", "--format", "csv", "--date",
                    day, "--names", env={"TONGJI_TODAY": day}, status=0).out


def test_town_and_county_each_have_fifteen_working_days(village):
    """Accepted Thursday 2026-09-17.  Sunday 09-20 is worked; 09-25 to 09-27
    (中秋) and 10-01 to 10-07 are holidays; Saturday 10-10 is worked.
    1 09-18, 2 09-20, 3..6 09-21..24, 7..9 09-28..30, 10..11 10-08..09,
    12 10-10, 13..15 10-12..14: the town has until 10-14."""
    case(village, at="2026-09-17 09:00", needs="基本生活",
         applied_for="事实无人抚养")
    row, = page(village, "2026-09-18")
    assert "镇查验" in row and "2026-10-14" in row, row
    assert "还有14工作日" in row
    row, = page(village, "2026-10-16")
    assert "过期2工作日" in row and "镇查验" in row, row
    assert "SL" in todo(village, "2026-10-14")
    assert "SL" not in todo(village, "2026-10-13")
    # verified and sent on 10-12: the county has until 11-02
    village.sql("UPDATE \"case\" SET verified_on='2026-10-12',"
                " sent_county_on='2026-10-12'")
    row, = page(village, "2026-10-13")
    assert "县确认" in row and "2026-11-02" in row, row
    village.sql("UPDATE \"case\" SET county_decided_on='2026-10-30',"
                " county_decision='granted'")
    row, = page(village, "2026-10-31")
    assert "县确认" not in row and "镇上评估" in row, row
    # the whole: thirty working days from the day of acceptance
    assert village.one('SELECT due_on FROM "case"') == "2026-11-04"


def test_papers_and_pause_move_the_steps(village):
    """The fifteen days run from the day the papers are complete, and stand
    still while a paper is awaited."""
    case(village, at="2026-11-02 09:00", needs="基本生活", applied_for="孤儿",
         papers_complete_on="2026-11-09")
    row, = page(village, "2026-11-10")
    assert "镇查验" in row and "2026-11-30" in row, row
    village.sql("UPDATE \"case\" SET paused_on='2026-11-12',"
                " pause_reason='等公安回执'")
    assert "暂停着" in page(village, "2026-11-13")[0]
    village.sql("UPDATE \"case\" SET resumed_on='2026-11-19'")
    row, = page(village, "2026-11-20")
    assert "2026-12-07" in row, row


def test_another_province_takes_four_steps(village):
    """3 to enter, 15, 15, 3 to tell: 11-02, 11-05, then from the day it was
    entered; the whole is 36 working days."""
    case(village, at="2026-11-02 09:00", needs="基本生活",
         applied_for="事实无人抚养", cross_province="是")
    assert village.one('SELECT due_on FROM "case"') == "2026-12-22"
    row, = page(village, "2026-11-03")
    assert "录入推送" in row and "2026-11-05" in row, row
    village.sql("UPDATE \"case\" SET entered_on='2026-11-04'")
    row, = page(village, "2026-11-05")
    assert "镇查验" in row and "2026-11-25" in row, row
    village.sql("UPDATE \"case\" SET verified_on='2026-11-20',"
                " sent_county_on='2026-11-20'")
    row, = page(village, "2026-11-21")
    assert "县确认" in row and "2026-12-11" in row, row
    village.sql("UPDATE \"case\" SET county_decided_on='2026-12-01',"
                " county_decision='refused', refusal_reason='父亲已出狱'")
    row, = page(village, "2026-12-02")
    assert "镇告知" in row and "2026-12-04" in row, row


def test_a_year_without_calendar_counts_weekdays(village):
    """2030 has no calendar: Monday 01-07 and fifteen weekdays is 01-28."""
    r = imported(village, "case", [
        {"source": "来访", "accepted_at": "2030-01-07 09:00", "child": "王芳",
         "needs": "基本生活", "applied_for": "孤儿"}],
        env={"TONGJI_TODAY": "2030-01-08"})
    assert lab.counts(r)[0] == 1, repr(r)
    row, = page(village, "2030-01-08")
    assert "镇查验" in row and "2030-01-28" in row, row


def test_county_refuses_with_a_reason(village):
    uid = case(village, at="2026-11-02 09:00", needs="基本生活",
               applied_for="孤儿")
    row = {"uid": uid, "source": "来访", "accepted_at": "2026-11-02 09:00",
           "needs": "基本生活", "verified_on": "2026-11-10",
           "sent_county_on": "2026-11-10", "county_decided_on": "2026-11-20",
           "county_decision": "不予确认"}
    r = imported(village, "case", [row])
    assert lab.counts(r) == (0, 0, 0, 1), repr(r)
    row["refusal_reason"] = "父母一方有抚养能力"
    r = imported(village, "case", [row])
    assert lab.counts(r) == (0, 1, 0, 0), repr(r)
    # not before it was sent to the county, nor sent before it was verified
    for field, day in (("county_decided_on", "2026-11-09"),
                       ("sent_county_on", "2026-11-06")):
        bad = dict(row)
        bad[field] = day
        r = imported(village, "case", [bad])
        assert lab.counts(r)[3] == 1, (field, repr(r))


# ---- clocks of what is imported ---------------------------------------------

def test_imported_case_and_referral_get_their_clock(village):
    """The rules of the day of acceptance, the hotline's earlier date, the
    urgent term, the department's own; a date in the file stands."""
    for more, due in (
            ({}, "2026-11-16"),                       # education, 10
            ({"needs": "教育;医疗救助"}, "2026-11-23"),    # the later, 15
            ({"urgency": "紧急"}, "2026-11-03"),
            ({"source": "12345热线", "slip_no": "A1",
              "slip_due": "2026-11-10"}, "2026-11-10"),
            ({"due_on": "2026-12-31"}, "2026-12-31")):
        uid = case(village, **dict({"child": "", "child_note": repr(due)},
                                   **more))
        assert village.one('SELECT due_on FROM "case" WHERE uid=?', uid) \
            == due, more
    uid = village.one("SELECT uid FROM \"case\" WHERE urgency='urgent'")
    other = village.one("SELECT uid FROM \"case\" WHERE due_on='2026-12-31'")
    imported(village, "referral", [
        {"case": uid, "department": "教体局", "sent_on": "2026-11-10"},
        {"case": other, "department": "教体局", "sent_on": "2026-11-10"},
        {"case": other, "department": "公安局", "sent_on": "2026-11-10"}], 3)
    assert village.sql("SELECT due_on FROM referral ORDER BY referral_no") == [
        ("2026-11-11",), ("2026-11-17",), ("2026-11-11",)]


def test_an_update_by_file_moves_only_the_programs_date(village):
    row = {"source": "来访", "accepted_at": "2026-11-02 09:00", "child":
           "张晓明", "needs": "教育", "urgency": "一般"}
    uid = case(village)
    imported(village, "case", [dict(row, uid=uid, urgency="紧急")])
    assert village.one('SELECT due_on FROM "case"') == "2026-11-03"
    imported(village, "case", [dict(row, uid=uid, due_on="2026-11-20")])
    assert village.one('SELECT due_on FROM "case"') == "2026-11-20"
    imported(village, "case", [dict(row, uid=uid, urgency="紧急")])
    assert village.one('SELECT due_on FROM "case"') == "2026-11-20"


def test_a_case_older_than_the_rules_has_a_clock_too(village):
    """The shipped terms begin in 2026; a case of December 2025 is not lost
    from the rate."""
    case(village, at="2025-12-22 09:00")
    assert village.one('SELECT due_on FROM "case"') == "2026-01-06"
    r = village.run("report", "办理质量（今年）", "--format", "csv", "--date",
                    "2026-11-20", env={"TONGJI_TODAY": "2026-11-20"},
                    status=0)
    assert "受理单按时办结率,0,1,0%" in r.out.replace('"', ''), r.out
