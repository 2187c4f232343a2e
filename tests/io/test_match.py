"""Which record a row means: the same one again, an update, somebody else's
number, a number twice; references; who may import what."""
import csv
import io
import json
import os
import re
import resource
import signal
import subprocess
import time

import openpyxl
import pytest

import lab

TODAY = {"TONGJI_TODAY": "2026-11-22"}


def put(town, text, status=0, form="child", *more, **kw):
    return town.import_csv(form, text, status, None, *more, env=TODAY, **kw)


def kids(town, n=12):
    names = [town.village(i)[0] for i in range(3)]
    return lab.children(n, names)


def state_of(town):
    """All that matters of a database, without the journal of acts."""
    return [town.sql('SELECT * FROM "%s" ORDER BY uid' % t)
            for t in ("child", "guardian", "enrolment")] + [
        town.sql("SELECT * FROM lookup ORDER BY key, uid"),
        town.sql("SELECT * FROM journal WHERE op NOT IN"
                 " ('import', 'export') ORDER BY seq")]


# ---- again ------------------------------------------------------------------

def test_second_run_changes_nothing(town):
    text = lab.csv_text(kids(town))
    assert lab.counts(put(town, text)) == (12, 0, 0, 0)
    before = state_of(town)
    assert lab.counts(put(town, text)) == (0, 0, 12, 0)
    assert state_of(town) == before
    notes = [v for v, in town.sql(
        "SELECT vals FROM journal WHERE op = 'import' ORDER BY seq")]
    assert len(notes) == 2 and "新增 12" in notes[0] and "未变 12" in notes[1]
    town.run("check", status=0)


def test_dry_run_keeps_nothing(town):
    rows = kids(town)
    rows[3]["id_number"] = ""
    text = lab.csv_text(rows)
    before = state_of(town), town.one("SELECT max(seq) FROM journal")
    dry = put(town, text, 1, "child", "--dry-run")
    assert (state_of(town), town.one("SELECT max(seq) FROM journal")) == before
    assert "试导入" in dry.err
    wet = put(town, text, 1)
    assert lab.counts(dry) == lab.counts(wet) == (11, 0, 0, 1)


def test_few_of_the_absent_columns_are_named(town):
    """Sixty columns that a roster lacks are not sixty words each time; those
    that must be there are all named, and a trial names everything."""
    rows = kids(town, 2)
    for r in rows:
        del r["guardian_name"], r["guardian_relation"], r["guardian_phone"]
    text = lab.csv_text(rows)

    def absent(r, head="没有的列（留空）："):
        return [x for x in r.err.splitlines() if x.startswith(head)]

    trial, = absent(put(town, text, 0, "child", "--dry-run"))
    assert "民族" in trial and "备注" in trial and " 等 " not in trial
    line, = absent(put(town, text, 0))
    # what the lists show comes first
    assert line.startswith("没有的列（留空）：监护人、风险等级、")
    names, count = line.split("：")[1].split(" 等 ")
    assert len(names.split("、")) == 5
    assert count == "%d 列" % len(trial.split("、"))
    for r in rows:
        del r["village"]
    r = put(town, lab.csv_text(rows))
    assert absent(r, "缺少必填的列：") == ["缺少必填的列：村（社区）"]


def test_rows_follow(town):
    """A child's guardian and its spans of category, each journaled."""
    rows = kids(town, 1)
    rows[0]["category"] = "留守；家庭贫困"
    rows[0]["registered_on"] = "2026-03-01"
    put(town, lab.csv_text(rows))
    assert town.sql("SELECT name, is_current, phone FROM guardian") == [
        (rows[0]["guardian_name"], "yes", rows[0]["guardian_phone"])]
    assert town.sql("SELECT category, starts_on, ends_on FROM enrolment"
                    " ORDER BY category") == [
        ("left_behind", "2026-03-01", None), ("poor", "2026-03-01", None)]
    assert town.one("SELECT count(*) FROM journal WHERE op = 'insert' AND"
                    " form IN ('child', 'guardian', 'enrolment')") == 4
    rows[0]["category"] = "留守"
    assert lab.counts(put(town, lab.csv_text(rows))) == (0, 1, 0, 0)
    assert town.one("SELECT ends_on FROM enrolment WHERE category = 'poor'"
                    ) == "2026-11-22"
    town.run("check", status=0)


def test_update_only_what_the_file_has(town):
    rows = kids(town)
    put(town, lab.csv_text([dict(r, class_name="三年级") for r in rows]))
    some = [{"name": r["name"], "id_number": r["id_number"],
             "guardian_phone": "13900000000", "class_name": ""}
            for r in rows[:5]]
    assert lab.counts(put(town, lab.csv_text(some))) == (0, 5, 0, 0)
    assert town.one("SELECT count(*) FROM child WHERE class_name = '三年级'"
                    ) == 12      # an empty cell leaves the value alone
    assert town.one("SELECT count(*) FROM guardian WHERE phone ="
                    " '13900000000'") == 5
    changes = json.loads(town.one(
        "SELECT vals FROM journal WHERE form = 'child' AND op = 'update'"))
    assert list(changes) == ["guardian_phone"]


# ---- keys -------------------------------------------------------------------

def test_number_of_somebody_else(town):
    rows = kids(town, 2)
    put(town, lab.csv_text(rows))
    r = put(town, lab.csv_text([dict(rows[0], name="别人")]), 1)
    assert lab.counts(r) == (0, 0, 0, 1)
    assert "证件号码" in r.err and rows[0]["name"] in r.err
    assert town.one("SELECT count(*) FROM child WHERE name = '别人'") == 0


def test_number_twice_in_a_file(town):
    rows = kids(town, 3)
    rows[2] = dict(rows[0], name="同号")
    r = put(town, lab.csv_text(rows + [rows[1]]), 1)
    assert lab.counts(r) == (2, 0, 0, 2)
    assert "第 4 行 同号：证件号码：与第 2 行" in r.err
    assert "第 5 行" in r.err and "与第 3 行" in r.err


def test_without_number(town):
    """Name, birthday and village stand in for a missing number; a number that
    comes later is filled in."""
    row = dict(kids(town, 1)[0], id_number="", no_id_reason="newborn",
               birth_date="2026-10-01", sex="1")
    assert lab.counts(put(town, lab.csv_text([row]))) == (1, 0, 0, 0)
    assert lab.counts(put(town, lab.csv_text([row]))) == (0, 0, 1, 0)
    other = dict(row, village=town.village(7)[0])
    assert lab.counts(put(town, lab.csv_text([other]))) == (1, 0, 0, 0)
    twins = [dict(row, name="双双"), dict(row, name="对对")]
    assert lab.counts(put(town, lab.csv_text(twins))) == (2, 0, 0, 0)
    number = lab.id_number("2026-10-01", 11)
    later = dict(row, id_number=number, no_id_reason="")
    assert lab.counts(put(town, lab.csv_text([later]))) == (0, 1, 0, 0)
    assert town.sql("SELECT id_number, no_id_reason FROM child WHERE name = ?"
                    " AND village = (SELECT uid FROM village WHERE code = ?)",
                    row["name"], row["village"]) == [(number, None)]
    r = put(town, lab.csv_text([dict(row, name="单单")] * 2), 1)
    assert lab.counts(r) == (1, 0, 0, 1)
    assert "第 3 行" in r.err and "第 2 行" in r.err


def test_deleted_stays_deleted(roster):
    uid, name, number = roster.sql(
        "SELECT uid, name, id_number FROM child LIMIT 1")[0]
    roster.sql("UPDATE child SET deleted = 1 WHERE uid = ?", uid)
    r = put(roster, "uid,name\n%s,%s\n" % (uid, name), 1)
    assert "已被删除" in r.err
    r = put(roster, "uid,name\n%s,%s\n" % ("x" + uid[1:], name), 1)
    assert "uid" in r.err
    # the number is free again
    row = dict(kids(roster, 1)[0], name=name, id_number=number)
    assert lab.counts(put(roster, lab.csv_text([row]))) == (1, 0, 0, 0)


def test_missing_optional_columns_keep_defaults(town):
    rows = kids(town, 1)
    put(town, lab.csv_text(rows))
    got = town.sql("SELECT registered_on, risk, id_kind, ethnicity FROM child")
    # 民族 is not guessed from the last record
    assert got == [("2026-11-22", "ordinary", "resident", None)]


# ---- references -------------------------------------------------------------

def visits(town, **more):
    kid = dict(zip(("uid", "name", "id_number"), town.sql(
        "SELECT uid, name, id_number FROM child ORDER BY uid LIMIT 1")[0]))
    row = {"visit_date": "2026-11-01", "method": "入户", "seen_child": "是",
           "visitor": "", "findings": "都好"}
    row.update(more)
    return kid, row


@pytest.mark.parametrize("how", ["uid", "id_number", "name"])
def test_reference(roster, how):
    kid, row = visits(roster)
    row["child"] = kid[how]
    r = put(roster, lab.csv_text([row]), None, "visit")
    assert lab.counts(r) == (1, 0, 0, 0), r
    assert roster.one("SELECT child FROM visit") == kid["uid"]
    r = put(roster, lab.csv_text([row]), 0, "visit")
    assert lab.counts(r) == (0, 0, 1, 0), r


def test_reference_by_number_and_name(roster):
    kid, row = visits(roster)
    other = roster.one("SELECT name FROM child WHERE uid <> ? LIMIT 1",
                       kid["uid"])
    head = ["儿童姓名", "身份证号"] + list(row)
    line = [kid["name"], kid["id_number"]] + list(row.values())
    r = put(roster, text_of([head, line]), 0, "visit")
    assert lab.counts(r) == (1, 0, 0, 0)
    line[0] = other
    line[2] = "2026-11-02"
    r = put(roster, text_of([head, line]), 1, "visit")
    assert "不是同一条记录" in r.err


@pytest.mark.parametrize("first", [True, False])
def test_visitor_outside_the_register_is_kept_by_name(roster, first):
    """A notebook names whoever went; the visit is not refused for it."""
    kid, row = visits(roster, visitor="刘主任、小陈")
    row["child"] = kid["uid"]
    assert lab.counts(put(roster, lab.csv_text([row]), 0, "visit")) == \
        (1, 0, 0, 0)
    seen = "SELECT visitor, visitor_name FROM visit WHERE visit_date = ?"
    assert roster.sql(seen, "2026-11-01") == [(None, "刘主任、小陈")]
    # the name's own column says it better, on either side
    row.update(visit_date="2026-11-02", visitor_name="刘秀英")
    if first:
        row = {"visitor_name": row["visitor_name"], **row}
    put(roster, lab.csv_text([row]), 0, "visit")
    assert roster.sql(seen, "2026-11-02") == [(None, "刘秀英")]
    # a number that nobody has is a mistake
    row.update(visit_date="2026-11-03", visitor="99032320160315019X")
    r = put(roster, lab.csv_text([row]), 1, "visit")
    assert "走访人：工作人员里没有" in r.err


def test_reference_to_one_of_two(roster):
    """A name that two children have is settled by the number beside it."""
    rows = kids(roster, 2)
    twin = dict(rows[0], id_number=lab.id_number("2018-01-01", 11))
    put(roster, lab.csv_text([twin]))
    kid, row = visits(roster)
    head = ["儿童姓名", "身份证号"] + list(row)
    line = [twin["name"], twin["id_number"]] + list(row.values())
    r = put(roster, text_of([head, line]), 0, "visit")
    assert lab.counts(r) == (1, 0, 0, 0)
    line[1] = ""
    line[2] = "2026-11-03"
    r = put(roster, text_of([head, line]), 1, "visit")
    assert "有 2 个" in r.err


def test_reference_to_nobody(roster):
    kid, row = visits(roster)
    for bad in ("查无此人", lab.id_number("2019-01-01", 1), "1" * 36):
        row["child"] = bad
        r = put(roster, lab.csv_text([row]), 1, "visit")
        assert lab.counts(r) == (0, 0, 0, 1), r
        assert "儿童" in r.err and bad[:10] in r.err


def text_of(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


VILLAGE_WORDS = ["%s", "%s委会", "沂源县悦庄镇%s", "悦庄镇 %s",
                 "山东省沂源县悦庄镇%s", "　%s　", "%s民委员会"]


@pytest.mark.parametrize("way", range(len(VILLAGE_WORDS)))
def test_village_as_rosters_write_it(town, way):
    code, name = town.sql("SELECT code, name FROM village WHERE name LIKE"
                          " '%村' ORDER BY code LIMIT 1")[0]
    row = dict(kids(town, 1)[0], village=VILLAGE_WORDS[way] % name)
    assert lab.counts(put(town, lab.csv_text([row]))) == (1, 0, 0, 0)
    assert town.one("SELECT v.code FROM child c JOIN village v ON v.uid ="
                    " c.village") == code
    row["village"] = name[:-1]
    assert lab.counts(put(town, lab.csv_text([row]))) == (0, 0, 1, 0)


def test_village_of_another_town(town):
    """Its namesake here is not meant."""
    name = town.village(0)[1]
    row = dict(kids(town, 1)[0], village="燕崖镇" + name)
    r = put(town, lab.csv_text([row]), 1)
    assert "燕崖镇" in r.err and lab.counts(r) == (0, 0, 0, 1)


# ---- states -----------------------------------------------------------------

CASE = ("case_no,source,accepted_at,village,child,needs,urgency,state,"
        "closed_on,feedback,told_on,told_how,end_reason\n")


def case_codes(town, field):
    """The first code of a select field of a case, from the dictionary."""
    text = open(os.path.join(lab.TOP, "forms", "case.form"),
                encoding="utf-8").read()
    part = re.search(r"\[%s\].*?type *= *select\w+ (\w+)" % field, text,
                     re.S).group(1)
    rows = open(os.path.join(lab.TOP, "data/codes/%s.csv" % part),
                encoding="utf-8").read().splitlines()
    rows = [r for r in rows if not r.startswith("#")]
    return rows[1].split(",")[0]


def case_row(roster, **more):
    kid = roster.sql("SELECT name, id_number FROM child ORDER BY uid LIMIT 1")
    row = {"case_no": "", "source": case_codes(roster, "source"),
           "accepted_at": "2026-03-01 09:00", "village": roster.village(0)[0],
           "child": kid[0][1], "needs": case_codes(roster, "needs"),
           "urgency": "一般", "state": "", "closed_on": "", "feedback": "",
           "told_on": "", "told_how": "", "end_reason": ""}
    row.update(more)
    return row


def test_state_by_its_moves(roster):
    """Last year's closed cases go in, through every step on the way."""
    row = case_row(roster, case_no="SL2025-0001", state="办结",
                   closed_on="2026-04-01", feedback="已落实",
                   told_on="2026-03-20",
                   told_how=case_codes(roster, "told_how"))
    r = put(roster, lab.csv_text([row]), 0, "case")
    assert lab.counts(r) == (1, 0, 0, 0), r
    assert roster.sql('SELECT state, closed_on FROM "case"') == [
        ("closed", "2026-04-01")]
    ops = [o for o, in roster.sql("SELECT op FROM journal WHERE form = 'case'"
                                  " AND op <> 'import' ORDER BY seq")]
    assert ops[0] == "insert" and len(ops) >= 2
    r = put(roster, lab.csv_text([row]), 0, "case")
    assert lab.counts(r) == (0, 0, 1, 0), r
    roster.run("check", status=0)


def test_state_that_cannot_be(roster):
    row = case_row(roster, case_no="SL2025-0002", state="closed")
    ok = case_row(roster, case_no="SL2025-0003", accepted_at="2026-03-02 10:30",
                  state="受理")
    r = put(roster, lab.csv_text([row, ok]), 1, "case")
    assert lab.counts(r) == (1, 0, 0, 1), r
    assert "办结" in r.err and "第 2 行" in r.err
    assert roster.sql('SELECT case_no, state FROM "case"') == [
        ("SL2025-0003", "accepted")]
    r = put(roster, lab.csv_text([dict(ok, state="飞了")]), 1, "case")
    assert "飞了" in r.err
    roster.run("check", status=0)


# ---- round trips ------------------------------------------------------------

@pytest.mark.parametrize("kind", ["csv", "gb18030", "xlsx"])
def test_own_export_is_unchanged(town, kind):
    rows = kids(town)
    rows[0].update(class_name="=1+1", note="第一行\n“二”,\"三\"",
                   siblings="2", medical_insured="是")
    rows[1].update(class_name="-5", note="'引号", siblings="", phone="0533-3221234")
    for row in rows:
        for k in ("class_name", "note", "siblings", "medical_insured",
                  "phone"):
            row.setdefault(k, "")
    put(town, lab.csv_text(rows))
    before = state_of(town)
    path = town.path("out.xlsx" if kind == "xlsx" else "out.csv")
    more = ["--encoding", "gb18030"] if kind == "gb18030" else []
    town.run("export", "child", "--out", path, *more, status=0)
    r = town.run("import", "child", path, status=0, env=TODAY)
    assert lab.counts(r) == (0, 0, 12, 0)
    assert "多余" not in r.err
    assert state_of(town) == before


def test_export_into_an_empty_database(town, tmp_path):
    put(town, lab.csv_text(kids(town)))
    path = town.path("out.csv")
    town.run("export", "child", "--out", path, status=0)
    other = lab.town(tmp_path / "other")
    r = other.run("import", "child", path, status=0, env=TODAY)
    assert lab.counts(r) == (12, 0, 0, 0)
    fields = "uid, name, id_number, village, category, guardian_phone"
    query = "SELECT %s FROM child ORDER BY uid" % fields
    assert other.sql(query) == town.sql(query)


def test_export_csv(town):
    rows = kids(town, 3)
    rows[0]["category"] = "留守；家庭贫困"
    rows[0]["class_name"] = "=cmd|' /C calc'!A0"
    for row in rows:
        row.setdefault("class_name", "")
    put(town, lab.csv_text(rows))
    r = town.run("export", "child", status=0)
    assert not r.raw.startswith(b"\xef\xbb\xbf")
    got = list(csv.DictReader(io.StringIO(r.out, newline="")))
    assert len(got) == 3 and list(got[0])[:2] == ["uid", "name"]
    first = [g for g in got if g["name"] == rows[0]["name"]][0]
    assert first["category"] == "left_behind;poor"
    assert first["village"] == rows[0]["village"]
    assert first["id_number"] == rows[0]["id_number"]
    assert first["class_name"].startswith("'=cmd")
    assert "deleted" not in first and "rv" not in first
    path = town.path("o.csv")
    town.run("export", "child", "--out", path, status=0)
    data = open(path, "rb").read()
    assert data.startswith(b"\xef\xbb\xbf")     # for Excel
    assert data[3:] == r.raw
    assert os.stat(path).st_mode & 0o777 == 0o600
    r = town.run("export", "child", "--encoding", "gb18030", status=0)
    assert rows[0]["name"] in r.raw.decode("gb18030")
    notes = [v for v, in town.sql("SELECT vals FROM journal WHERE op ="
                                  " 'export' ORDER BY seq")]
    assert len(notes) == 3 and "3 条" in notes[1] and "o.csv" in notes[1]


def test_export_json(town):
    rows = kids(town, 2)
    rows[0].update(siblings="2", category="留守；家庭贫困")
    rows[1].update(siblings="")
    put(town, lab.csv_text(rows))
    got = json.loads(town.run("export", "child", "--format", "json",
                              status=0).out)
    assert len(got) == 2
    first = [g for g in got if g["name"] == rows[0]["name"]][0]
    assert first["siblings"] == 2 and first["note"] is None
    assert first["category"] == ["left_behind", "poor"]
    assert first["id_number"] == rows[0]["id_number"]


def test_export_nothing(town):
    assert json.loads(town.run("export", "child", "--format", "json",
                               status=0).out) == []
    out = town.run("export", "child", status=0).out
    assert out.count("\n") == 1 and out.startswith("uid,name,")


def test_export_xlsx(town):
    put(town, lab.csv_text(kids(town)))
    path = town.path("o.xlsx")
    town.run("export", "child", "--out", path, status=0)
    s = openpyxl.load_workbook(path).active
    assert s.title == "儿童台账" and s.max_row == 13
    head = [c.value for c in s[1]]
    assert head[:2] == ["uid", "name"]
    cell = s.cell(2, head.index("id_number") + 1)
    assert cell.data_type == "s" and len(cell.value) == 18
    assert s.cell(1, 2).comment.text == "姓名"
    town.run("export", "child", "--format", "xlsx", status=2)
    r = town.run("export", "child", "--out", "/nonexistent/a.xlsx", status=3)
    assert lab.has_chinese(r.err)
    r = town.run("export", "child", "--out", "/nonexistent/a.csv", status=3)
    assert lab.has_chinese(r.err)
    town.run("export", "child", "--format", "pdf", status=2)


def test_money(town):
    """Yuan outside, 分 inside."""
    put(town, lab.csv_text(kids(town, 1)))
    name = town.one("SELECT name FROM child")
    form = "child,kind,starts_on,amount\n"
    kind = town.run("export", "benefit", status=0)
    assert kind.out.startswith("uid,child,")
    code = open(os.path.join(lab.TOP, "data/codes/benefit_kind.csv"),
                encoding="utf-8").read().split("name,label")[1]
    code = code.splitlines()[1].split(",")[0]
    r = put(town, form + "%s,%s,2026-01-01,\"1,234.5元\"\n" % (name, code),
            0, "benefit")
    assert town.one("SELECT amount FROM benefit") == 123450
    out = town.run("export", "benefit", status=0).out
    assert ",1234.50," in out


# ---- who --------------------------------------------------------------------

def test_director(town):
    mine, theirs = town.village(0), town.village(1)
    town.add_user("lina", "director", "--village", mine[0])
    rows = kids(town, 4)
    for i, row in enumerate(rows):
        row["village"] = (mine, theirs)[i % 2][0]
    put(town, lab.csv_text(rows))
    new = dict(rows[0], name="新来的",
               id_number=lab.id_number("2019-05-05", 12))
    text = lab.csv_text([
        rows[0],                                # hers, unchanged
        dict(rows[1], guardian_phone="13811111111"),    # not hers
        new, dict(new, village=theirs[0], name="外村的",
                  id_number=lab.id_number("2019-05-05", 14))])
    r = put(town, text, 1, "child", login="lina")
    assert lab.counts(r) == (1, 0, 1, 2), r
    assert "已在本镇登记，请联系督导员" in r.err
    assert rows[1]["name"] not in r.err.split("没有的列")[0]
    assert town.one("SELECT count(*) FROM child WHERE guardian_phone ="
                    " '13811111111'") == 0
    out = town.run("export", "child", login="lina", status=0).out
    got = list(csv.DictReader(io.StringIO(out)))
    assert {g["name"] for g in got} == {rows[0]["name"], rows[2]["name"],
                                        "新来的"}


def test_reader(town):
    town.add_user("zhao", "reader")
    r = put(town, lab.csv_text(kids(town, 2)), None, "child", login="zhao")
    assert r.rc in (1, 3) and "只能查看" in r.err
    assert town.one("SELECT count(*) FROM child") == 0


# ---- disks ------------------------------------------------------------------

def small_disk():
    """Files of this process cannot grow beyond two megabytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))


def test_full_disk(town):
    text = lab.csv_text(kids(town, 2500))
    r = put(town, text, 3, "child", preexec_fn=small_disk)
    assert "磁盘" in r.err
    assert town.one("SELECT count(*) FROM child") == 0
    assert town.one("SELECT count(*) FROM journal WHERE op = 'import'") == 0
    town.run("check", status=0)
    assert lab.counts(put(town, text)) == (2500, 0, 0, 0)
    path = town.path("o.csv")
    open(path, "w").write("old")
    r = town.run("export", "child", "--out", path, "--format", "json",
                 status=3, preexec_fn=small_disk)
    assert lab.has_chinese(r.err)
    assert open(path).read() == "old"       # what was there is still whole
    assert not os.path.exists(path + ".part")


def test_full_pipe(roster):
    with open("/dev/full", "wb") as full:
        p = subprocess.run(roster.argv("export", "child"), stdout=full,
                           stderr=subprocess.PIPE, env=lab.environment())
    assert p.returncode == 3 and lab.has_chinese(p.stderr.decode())


def test_rejects_that_cannot_be_written(town):
    """What was good is in; what was refused is at least on the screen."""
    rows = kids(town, 3)
    rows[1]["id_number"] = ""
    path = town.path("child.csv")
    os.mkdir(path + ".rejects.csv")
    r = put(town, lab.csv_text(rows), 3)
    assert "退回的行写不出来" in r.err and "第 3 行" in r.err
    assert "新增 2 更新 0 未变 0 退回 1" in r.err
    assert town.one("SELECT count(*) FROM child") == 2


# ---- kill -------------------------------------------------------------------

def test_kill(town):
    """All or nothing, whenever the power goes."""
    n = 1500
    text = lab.csv_text(kids(town, n))
    path = town.path("big.csv")
    open(path, "w", encoding="utf-8").write(text)
    for wait in (0.01, 0.03, 0.06, 0.1, 0.15, 0.2):
        p = subprocess.Popen(town.argv("import", "child", path),
                             stderr=subprocess.DEVNULL,
                             env=lab.environment(**TODAY))
        time.sleep(wait)
        p.send_signal(signal.SIGKILL)
        p.wait()
        assert town.one("SELECT count(*) FROM child") in (0, n)
        assert town.one("PRAGMA integrity_check") == "ok"
    r = town.run("import", "child", path, env=TODAY)
    new, changed, same, refused = lab.counts(r)
    assert (new + same, changed, refused) == (n, 0, 0), r
    town.run("check", status=0)


def test_a_refused_row_names_each_field_once(town, tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("姓名,身份证号,性别,出生日期,村（社区）,儿童类别\n"
                    "赵小花,,女,2014-07-01,%s,困境\n" % town.village(0)[1])
    r = town.run("import", "child", path, status=1)
    assert "赵小花：“证件号码”必须填写；“无证原因”必须填写\n" in r.err
