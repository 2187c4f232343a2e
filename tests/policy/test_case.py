"""One-stop acceptance below the screen: the path is enforced by the database
itself, clocks and rates were counted by hand, bad input is refused."""
import subprocess

import pytest

import lab

TODAY = "2026-11-22"
ENV = {"TONGJI_TODAY": TODAY}


def imported(town, form, rows, n=None, env=ENV, **kw):
    r = town.import_csv(form, lab.csv_text(rows), env=env, **kw)
    if n is not None:
        assert lab.counts(r) == (n, 0, 0, 0), repr(r)
    return r


@pytest.fixture
def village(tmp_path):
    town = lab.town(tmp_path)
    code = town.village(0)[0]
    imported(town, "child", [
        {"name": n, "id_number": lab.id_number("2016-0%d-15" % (i + 1), i + 1),
         "village": code, "category": "留守", "registered_on": "2025-09-01"}
        for i, n in enumerate(("张晓明", "王芳"))], 2)
    return town


def case(town, at="2026-11-02 09:00", **more):
    row = {"source": "来访", "accepted_at": at, "child": "张晓明",
           "needs": "教育", "urgency": "一般"}
    row.update(more)
    r = imported(town, "case", [row])
    assert lab.counts(r)[0] == 1, repr(r)
    return town.one('SELECT uid FROM "case" ORDER BY rowid DESC LIMIT 1')


def sqlite(town, sql):
    """The plain sqlite3 program, as anyone with the file has it."""
    return subprocess.run(["sqlite3", town.db, sql], capture_output=True,
                          text=True)


STEPS = ("assessed", "conferred", "referred", "replied", "told", "closed",
         "followed_up", "archived", "withdrawn", "not_eligible", "merged",
         "handed_to_county", "reopened")


@pytest.mark.parametrize("state", STEPS)
def test_no_state_without_what_it_needs(village, state):
    """A bare case can go nowhere, by any statement."""
    uid = case(village)
    for sql in (
            'UPDATE "case" SET state=\'%s\' WHERE uid=\'%s\'' % (state, uid),
            'UPDATE "case" SET state=\'%s\', closed_on=\'2026-11-20\' WHERE'
            ' uid=\'%s\'' % (state, uid),
            'INSERT INTO "case"(uid, rv, site, created_at, created_by,'
            ' updated_at, updated_by, state, deleted, source, accepted_at,'
            ' needs) SELECT \'x\' || substr(uid, 2), rv, site, created_at,'
            ' created_by, updated_at, updated_by, \'%s\', 0, source,'
            ' accepted_at, needs FROM "case" WHERE uid=\'%s\'' % (state, uid),
    ):
        r = sqlite(village, sql)
        assert r.returncode != 0, sql
    assert village.sql('SELECT state FROM "case"') == [("accepted",)]


def test_closing_wants_feedback_and_telling(village):
    """The counter's way out, step by step in the sqlite3 program: each thing
    that is missing is refused, with all of them it goes."""
    uid = case(village)
    close = ("UPDATE \"case\" SET state='closed', closed_on='2026-11-20',"
             " on_the_spot='yes' WHERE uid='%s'" % uid)
    for more in ("feedback='已帮助办理'", "told_on='2026-11-20'",
                 "told_how='phone'"):
        assert sqlite(village, close).returncode != 0
        r = sqlite(village, "UPDATE \"case\" SET %s WHERE uid='%s'"
                   % (more, uid))
        assert r.returncode == 0, r.stderr
    # never by telling the one who is suspected
    sqlite(village, "UPDATE \"case\" SET told_suspect='yes' WHERE uid='%s'"
           % uid)
    assert sqlite(village, close).returncode != 0
    sqlite(village, "UPDATE \"case\" SET told_suspect='no' WHERE uid='%s'"
           % uid)
    r = sqlite(village, close)
    assert r.returncode == 0, r.stderr
    assert village.one('SELECT state FROM "case"') == "closed"


def test_key_case_wants_a_conference(village):
    uid = case(village, key_case="是", first_assessment="多次报警")
    assert sqlite(village, "UPDATE \"case\" SET state='assessed',"
                  " assessed_on='2026-11-05' WHERE uid='%s'" % uid
                  ).returncode == 0
    for own in ("", ", own_action='已安排'"):
        assert sqlite(village, "UPDATE \"case\" SET state='referred'%s WHERE"
                      " uid='%s'" % (own, uid)).returncode != 0
    assert sqlite(village, "UPDATE \"case\" SET state='conferred' WHERE"
                  " uid='%s'" % uid).returncode != 0
    imported(village, "conference", [
        {"case": uid, "held_on": "2026-11-06", "decision": "由未保站跟进",
         "host": "刘镇长", "due_on": "2026-11-20"}], 1)
    assert sqlite(village, "UPDATE \"case\" SET state='conferred' WHERE"
                  " uid='%s'" % uid).returncode == 0


# ---- bad input ------------------------------------------------------------

def test_referral_due_before_it_was_sent(village):
    uid = case(village)
    r = imported(village, "referral", [
        {"case": uid, "department": "教体局", "sent_on": "2026-11-10",
         "due_on": "2026-11-09"}])
    assert lab.counts(r) == (0, 0, 0, 1)
    assert "应回复日期早于转出日期" in r.err + \
        open(village.path("referral.csv.rejects.csv")).read()
    assert sqlite(village, "SELECT count(*) FROM referral").stdout == "0\n"


def test_referral_before_its_case(village):
    uid = case(village, at="2026-11-12 10:00")
    r = imported(village, "referral", [
        {"case": uid, "department": "教体局", "sent_on": "2026-11-10"}])
    assert lab.counts(r) == (0, 0, 0, 1)


def test_answer_to_a_closed_or_withdrawn_referral(village):
    uid = case(village)
    imported(village, "referral", [
        {"case": uid, "department": "教体局", "sent_on": "2026-11-10",
         "withdrawn_on": "2026-11-12", "withdrawn_reason": "送错了"}], 1)
    no = village.one("SELECT referral_no FROM referral")
    r = imported(village, "referral", [
        {"case": uid, "department": "教体局", "sent_on": "2026-11-10",
         "referral_no": no, "replied_on": "2026-11-13", "outcome": "已落实"}])
    assert lab.counts(r) == (0, 0, 0, 1), repr(r)
    assert village.one("SELECT replied_on FROM referral") is None


def test_child_of_another_township(village):
    """An unknown child is refused by name; written as a note it is taken, and
    a child who has left warns and is taken too."""
    r = imported(village, "case", [
        {"source": "来访", "accepted_at": "2026-11-20 09:00",
         "child": "外镇某某", "needs": "教育"}])
    assert lab.counts(r) == (0, 0, 0, 1), repr(r)
    r = imported(village, "case", [
        {"source": "来访", "accepted_at": "2026-11-20 09:00",
         "child_note": "南麻街道的孩子，姓李", "needs": "教育"}])
    assert lab.counts(r)[0] == 1, repr(r)
    village.sql("UPDATE child SET left_on='2026-10-01', left_reason='moved'"
                " WHERE name='王芳'")
    r = imported(village, "case", [
        {"source": "来访", "accepted_at": "2026-11-20 09:00", "child": "王芳",
         "needs": "教育"}])
    assert lab.counts(r)[0] == 1, repr(r)


def test_reporter_is_not_found_by_a_village_director(village):
    code, name = village.village(0)
    village.add_user("cunli", "director", "--village", code)
    case(village, reporter_name="李举报", reporter_phone="13812345678",
         reporter_relation="邻居")
    imported(village, "mandatory_report", [
        {"situation": "多处损伤或严重营养不良",
         "found_at": "2026-11-20 14:05", "child": "张晓明",
         "reporter_name": "赵秘密"}], 1)
    for form in ("case", "mandatory_report"):
        r = village.run("export", form, login="cunli", env=ENV)
        assert "张晓明" in r.out or "2026-11" in r.out
        for word in ("李举报", "13812345678", "赵秘密"):
            assert word not in r.out, form
    # nor is a name of theirs in the look-up that everyone searches
    for word in ("李举报", "李", "赵秘密", "ljb", "13812345678"):
        assert village.one("SELECT count(*) FROM lookup WHERE form IN"
                           " ('case', 'mandatory_report') AND key = ?",
                           word) == 0


# ---- clocks ---------------------------------------------------------------

def rate(town, name, date):
    r = town.run("indicators", "--scheme", "yiyuan", "--format", "json",
                 "--date", date, env={"TONGJI_TODAY": date}, status=0)
    import json
    for item in json.loads(r.out)["indicators"]:
        for part in item.get("parts", []):
            if part.get("label") == name:
                return part
    raise AssertionError(name)


def board(town, name, date):
    r = town.run("report", name, "--format", "csv", "--date", date,
                 "--names", env={"TONGJI_TODAY": date}, status=0)
    return r.out


def test_pause_moves_the_day(village):
    """Education: ten working days from Monday 11-02 is 11-16.  Paused from
    11-05 to 11-12 (five working days): 11-23."""
    case(village)
    assert "2026-11-16" in board(village, "办件看板", "2026-11-03")
    village.sql("UPDATE \"case\" SET paused_on='2026-11-05',"
                " pause_reason='补材料'")
    shown = board(village, "办件看板", "2026-11-30")
    assert "暂停着" in shown and "家庭补材料" in shown
    village.sql("UPDATE \"case\" SET resumed_on='2026-11-12'")
    assert "2026-11-23" in board(village, "办件看板", "2026-11-30")
    # a date that was stored is moved as well; the slip's own is not
    village.sql("UPDATE \"case\" SET due_on='2026-11-16'")
    assert "2026-11-23" in board(village, "办件看板", "2026-11-30")
    village.sql("UPDATE \"case\" SET slip_due='2026-11-18'")
    assert "2026-11-18" in board(village, "办件看板", "2026-11-30")
    village.sql("UPDATE \"case\" SET extended_to='2026-12-04'")
    assert "2026-12-04" in board(village, "办件看板", "2026-11-30")


def test_holidays_and_a_year_without_calendar(village):
    """National Day 2026: 10-01 to 10-07 are holidays, 10-10 is worked.  Ten
    working days from 09-28 end on 10-16 at the latest; in 2030 weekdays."""
    case(village, at="2026-09-28 09:00")
    days = [x for x in board(village, "办件看板", "2026-09-29").splitlines()
            if "SL" in x]
    assert "2026-10-1" in days[0]
    # 2030-01-07 is a Monday: ten weekdays later is 01-21
    r = imported(village, "case", [
        {"source": "来访", "accepted_at": "2030-01-07 09:00", "child": "王芳",
         "needs": "教育"}], env={"TONGJI_TODAY": "2030-01-08"})
    assert lab.counts(r)[0] == 1, repr(r)
    assert "2030-01-21" in board(village, "办件看板", "2030-01-08")


def test_restricted_cases_are_counted_but_not_listed(village):
    case(village, confidential="是", child_note="", request="不可外传的话")
    case(village, child="王芳")
    village.add_user("zb", "special")
    for who, n in (("wangfang", 1), ("zb", 2)):
        for name in ("办件看板", "快到期的受理单", "今天到期和过期的"):
            r = village.run("report", name, "--format", "csv", "--date",
                            "2026-11-20", "--names", login=who,
                            env={"TONGJI_TODAY": "2026-11-20"}, status=0)
            assert r.out.count("SL2026-") == n, (who, name, r.out)
        r = village.run("report", "办理质量（今年）", "--format", "csv",
                        "--date", "2026-11-20", login=who,
                        env={"TONGJI_TODAY": "2026-11-20"}, status=0)
        assert "受理单按时办结率,0,2,0%" in r.out.replace('"', ''), r.out


def test_hotline_slips_in_and_answers_out(village):
    """The county hotline's own column names; the same list twice is no second
    case; the answers go back by the slip's number, without names."""
    slips = ("工单编号,来源,来电时间,诉求内容,事项,办理时限,来电人,来电号码\n"
             "2026111800017,12345,2026-11-18 08:30,孩子没有医保,医保参保,"
             "2026-11-25,匿名市民,13900000000\n"
             "2026111800018,12345,2026-11-18 10:00,想了解助学政策,教育,"
             "2026-11-26,,\n")
    r = village.import_csv("case", slips, env=ENV)
    assert lab.counts(r) == (2, 0, 0, 0), repr(r)
    r = village.import_csv("case", slips, env=ENV)
    assert lab.counts(r) == (0, 0, 0, 2), repr(r)
    assert "这个热线单号已经受理过了" in r.err
    assert village.sql('SELECT slip_no, slip_due, needs FROM "case" ORDER BY 1'
                       ) == [("2026111800017", "2026-11-25", ";insurance;"),
                             ("2026111800018", "2026-11-26", ";education;")]
    village.sql("UPDATE \"case\" SET feedback='已帮助参保',"
                " told_on='2026-11-20', told_how='phone' WHERE slip_no ="
                " '2026111800017'")
    out = board(village, "热线单答复", TODAY)
    assert "2026111800017" in out and "已帮助参保" in out
    assert "匿名市民" not in out and "13900000000" not in out
