"""The restricted class (sexual abuse), attacked from the command line by those
who are not 专办人员: whatever was typed or imported, nothing of it is read in
any export, report, rate, journal, look-up or bundle's plain part; and it is
still counted."""
import os
import re
import zipfile

import pytest

import lab
from test_case import ENV, TODAY, imported, sqlite, village  # noqa: F401

# Ten stems with a mark that stands nowhere else.
MARK = re.compile("疁[一二三四五六七八九十]")
OTHERS = ("lihong", "cunli", "wangfang", "du")


@pytest.fixture
def abuse(village):
    """A report, its case and all that can hang on them, taken in by file."""
    code = village.village(0)[0]
    village.add_user("zb", "special", "--name", "周专办")
    village.add_user("lihong", "supervisor")
    village.add_user("cunli", "director", "--village", code)
    village.add_user("du", "reader")
    imported(village, "visit", [
        {"child": "张晓明", "visit_date": "2026-11-19", "seen_child": "是",
         "findings": "疁一", "danger_signs": ""},
        {"child": "王芳", "visit_date": "2026-11-19", "seen_child": "是",
         "findings": "疁二", "danger_signs": "1"},
        {"child": "王芳", "visit_date": "2026-11-12", "seen_child": "是",
         "findings": "平常的话", "danger_signs": ""}], 3)
    visit = village.one("SELECT uid FROM visit WHERE findings='疁一'")
    imported(village, "mandatory_report", [
        {"situation": "1", "found_at": "2026-11-20 14:05", "child": "张晓明",
         "description": "疁三", "reporter_name": "疁四", "visit": visit,
         "child_note": "", "receipt_no": "疁五"}], 1)
    report = village.one("SELECT uid FROM mandatory_report")
    imported(village, "case", [
        {"source": "强制报告", "report": report, "child": "张晓明",
         "accepted_at": "2026-11-20 15:00", "needs": "人身安全",
         "request": "疁六", "reporter_name": "疁七", "confidential": ""}], 1)
    case = village.one('SELECT uid FROM "case"')
    # a file that says 专办 no does not open what belongs to the case
    imported(village, "referral", [
        {"case": case, "department": "公安局", "sent_on": "2026-11-20",
         "content": "疁八", "confidential": "否"}], 1)
    imported(village, "conference", [
        {"case": case, "held_on": "2026-11-21", "decision": "疁九",
         "confidential": "否"}], 1)
    imported(village, "evidence", [
        {"held_on": "2026-11-20", "kind": "document", "title": "疁十",
         "related_case": case, "confidential": "否"}], 1)
    return village


def test_everything_that_tells_the_story_is_marked(abuse):
    for form in ("case", "referral", "conference", "evidence"):
        assert abuse.sql('SELECT confidential FROM "%s"' % form) == [
            ("yes",)], form
    assert abuse.sql("SELECT findings, confidential FROM visit ORDER BY"
                     " findings") == [("平常的话", None), ("疁一", "yes"),
                                      ("疁二", None)]
    # what is of the class by its situation is not written again, so that its
    # author, who still has it open, can go on
    assert abuse.sql("SELECT confidential FROM mandatory_report") == [(None,)]
    assert abuse.one('SELECT due_on FROM "case"') == "2026-11-23"
    abuse.run("check", status=0)


def names():
    """The titles that `tongji report` knows, from the lists themselves."""
    folder = os.path.join(lab.TOP, "data", "lists")
    text = "".join(open(os.path.join(folder, x)).read()
                   for x in sorted(os.listdir(folder)))
    return re.findall(r"^title\s*=\s*(.*)$", text, re.M) + ["排查汇总表",
                                                             "月报"]


def everything(town, who):
    """All that a login can have written: (what, text)."""
    forms = [x[:-5] for x in os.listdir(os.path.join(lab.TOP, "forms"))
             if x.endswith(".form")]
    for form in forms:
        r = town.run("export", form, "--format", "json", login=who, env=ENV)
        yield "export " + form, r.out + r.err
    book = town.path("x.xlsx")
    for form in ("visit", "case", "evidence"):
        town.run("export", form, "--format", "xlsx", "--out", book, login=who,
                 env=ENV, status=0)
        with zipfile.ZipFile(book) as z:
            yield "xlsx " + form, "".join(
                z.read(n).decode("utf-8", "replace") for n in z.namelist())
    for name in names():
        r = town.run("report", name, "--format", "html", "--names", "--date",
                     TODAY, login=who, env=ENV)
        yield "report " + name, r.out + r.err
    for scheme in ("sichuan", "yiyuan"):
        r = town.run("indicators", "--scheme", scheme, "--format", "json",
                     login=who, env=ENV, status=0)
        yield scheme, r.out + r.err


@pytest.mark.parametrize("who", OTHERS)
def test_nothing_is_read_by_the_others(abuse, who):
    for what, text in everything(abuse, who):
        assert not MARK.search(text), (who, what, MARK.findall(text))


def test_those_entitled_read_it(abuse):
    seen = set()
    for what, text in everything(abuse, "zb"):
        seen.update(MARK.findall(text))
    assert len(seen) == 10, seen


def drill(town, number, who):
    return town.run("indicators", "--records", number, "--date", TODAY,
                    login=who, env=ENV, status=0).out


def test_the_rows_behind_a_number_say_nothing_but_count(abuse):
    """Y 强报②: one report, without a receipt known to those not entitled:
    neither when it was found nor what it was."""
    other, own = drill(abuse, "Y27", "lihong"), drill(abuse, "Y27", "zb")
    assert other.count("mandatory_report") == own.count("mandatory_report") \
        == 1
    assert "2026-11-20" in own and "2026-11-20" not in other, other


@pytest.mark.parametrize("who", ("lihong", "cunli"))
def test_a_file_cannot_reach_it(abuse, who):
    """By uid, by number, by key or as a parent: refused, changed nothing and
    quoted nothing."""
    case = abuse.one('SELECT uid FROM "case"')
    report = abuse.one("SELECT uid FROM mandatory_report")
    no = abuse.one('SELECT case_no FROM "case"')
    when = {"source": "来访", "accepted_at": "2026-11-20 15:00",
            "needs": "教育", "request": "改过了"}
    before = abuse.one("SELECT max(seq) FROM journal")
    for form, row in (
            ("case", dict(when, uid=case)), ("case", dict(when, case_no=no)),
            ("case", dict(when, merged_into=case)),
            ("referral", {"case": case, "department": "教体局",
                          "sent_on": "2026-11-21"}),
            ("evidence", {"held_on": "2026-11-21", "kind": "document",
                          "title": "探", "related_case": no}),
            ("mandatory_report", {"uid": report, "situation": "4",
                                  "found_at": "2026-11-20 14:05"})):
        r = attack(abuse, form, row, who)
        assert lab.counts(r)[3] == 1, (form, row, repr(r))
        assert not MARK.search(r.err + r.out), repr(r)
        path = abuse.path(form + ".csv.rejects.csv")
        assert not MARK.search(open(path).read())
    changed = abuse.sql("SELECT DISTINCT op FROM journal WHERE seq > ?",
                        before)
    assert not {x for x, in changed} & {"insert", "update", "delete"}, changed


def attack(town, form, row, who):
    path = town.path(form + ".csv")
    with open(path, "w") as f:
        f.write(lab.csv_text([row]))
    return town.run("import", form, path, login=who, env=ENV)


@pytest.mark.parametrize("who", ("lihong", "cunli"))
def test_a_file_does_not_learn_that_it_exists(abuse, who):
    """The child and the day of a hidden visit are answered as any other day
    is; the row is kept, the hidden visit stays as it was, and 专办 sees both."""
    row = {"child": "张晓明", "visit_date": "2026-11-19", "seen_child": "是",
           "findings": "改过了"}
    free = attack(abuse, "visit", dict(row, visit_date="2026-11-17"), who)
    r = attack(abuse, "visit", row, who)
    assert lab.counts(free) == lab.counts(r) == (1, 0, 0, 0), repr(r)
    assert r.err == free.err and r.out == free.out
    assert abuse.one("SELECT count(*) FROM visit WHERE findings='疁一'") == 1
    # again: her own row, not the hidden one, and not two
    r = attack(abuse, "visit", row, who)
    assert lab.counts(r) == (0, 0, 1, 0), repr(r)
    day = "2026-11-19"
    seen = {w: abuse.run("export", "visit", login=w, status=0).out.count(day)
            for w in (who, "zb")}
    assert seen["zb"] == seen[who] + 2      # 王芳's is hidden too


def test_what_becomes_restricted_takes_the_rest_along(village):
    """Imported while it was ordinary, then the file says 专办: the referral and
    the conference go with the case; another child's stay."""
    imported(village, "case", [
        {"source": "来访", "accepted_at": "2026-11-02 09:00", "child": n,
         "needs": "教育"} for n in ("张晓明", "王芳")], 2)
    one, two = (u for u, in village.sql('SELECT uid FROM "case" ORDER BY'
                                        ' case_no'))
    imported(village, "referral", [
        {"case": u, "department": "教体局", "sent_on": "2026-11-03"}
        for u in (one, two)], 2)
    imported(village, "conference", [
        {"case": one, "held_on": "2026-11-04", "decision": "疁一"}], 1)
    r = imported(village, "case", [
        {"uid": one, "source": "来访", "accepted_at": "2026-11-02 09:00",
         "needs": "教育", "confidential": "是"}])
    assert lab.counts(r) == (0, 1, 0, 0), repr(r)
    assert village.sql('SELECT "case", confidential FROM referral ORDER BY'
                       ' referral_no') == [(one, "yes"), (two, None)]
    assert village.one("SELECT confidential FROM conference") == "yes"
    # and the case that another goes on in
    r = imported(village, "case", [
        {"uid": one, "source": "来访", "accepted_at": "2026-11-02 09:00",
         "needs": "教育", "merged_into": two}])
    assert lab.counts(r) == (0, 1, 0, 0), repr(r)
    assert village.sql('SELECT confidential FROM "case"') == [("yes",)] * 2
    village.run("check", status=0)


def test_what_the_county_says_of_it(abuse):
    """A correction of a restricted record, and one of a sealed field, lie in
    the tray without field, value or reason, and are not hers to decide; 专办
    decides, and the county's due day stands."""
    abuse.add_user("zhuren", "special;supervisor")
    case = abuse.one('SELECT uid FROM "case"')
    imported(abuse, "mandatory_report", [
        {"situation": "6", "found_at": "2026-11-19 10:00",
         "child_note": "另一件"}], 1)
    open_one = abuse.one("SELECT uid FROM mandatory_report WHERE situation"
                         " = '6'")
    for uid, form, field, value in (
            (case, "case", "due_on", "2026-12-24"),
            (open_one, "mandatory_report", "suspect", "疁九")):
        abuse.sql("INSERT INTO tray(kind, form, uid, mark, field, theirs, note,"
                  " at) VALUES('proposal', ?, ?, 'x', ?, ?, '疁十',"
                  " '2026-11-21')", form, uid, field, value)
    hers = abuse.run("bundle", "list", login="lihong", env=ENV)
    assert not MARK.search(hers.out + hers.err), repr(hers)
    assert "2026-12-24" not in hers.out and hers.out.count("限专办") == 2
    for n in ("1", "2"):
        r = abuse.run("bundle", "decide", n, "县里", login="lihong", env=ENV)
        assert r.rc != 0, repr(r)
    assert abuse.one("SELECT count(*) FROM tray WHERE decision IS NULL") == 2
    r = abuse.run("bundle", "decide", "1", "县里", login="zhuren", env=ENV,
                  status=0)
    assert abuse.one('SELECT due_on FROM "case"') == "2026-12-24", repr(r)


def test_totals_count_it(abuse):
    """Boards by village, by department and by person, for the supervisor."""
    imported(abuse, "case", [
        {"source": "来访", "accepted_at": "2026-11-20 09:00", "child": "王芳",
         "needs": "教育"}], 1)
    for name, row in (("各村在办", ",2,0,0,0,2026-11-23"),
                      ("各部门转办", "公安局,1,1,0,"),
                      ("各人经手", "（没有填经手人）,2,0,2,1")):
        r = abuse.run("report", name, "--format", "csv", "--names", "--date",
                      TODAY, login="lihong", env=ENV, status=0)
        assert row in r.out.replace('"', ''), (name, r.out)
    r = abuse.run("report", "办件看板", "--format", "csv", "--names", "--date",
                  TODAY, login="lihong", env=ENV, status=0)
    assert r.out.count("SL2026") == 1


def test_a_hotline_slip_does_not_come_back_openly(abuse):
    """The county's list of the week, with a slip that 专办 has in hand."""
    slip = {"source": "12345热线", "slip_no": "2026112000017",
            "accepted_at": "2026-11-20 09:00", "child_note": "疁某",
            "needs": "人身安全", "confidential": "是"}
    imported(abuse, "case", [slip], 1)
    n = abuse.one('SELECT count(*) FROM "case"')
    del slip["confidential"]
    slip["accepted_at"] = "2026-11-20 09:30"
    r = attack(abuse, "case", slip, "lihong")
    assert lab.counts(r)[3] == 1 and "已经受理过了" in r.err, repr(r)
    assert abuse.one('SELECT count(*) FROM "case"') == n


def test_the_look_up_has_no_word_of_it(abuse):
    """The keys of restricted records answer only those entitled; names of
    reporters and suspects are keys of nobody."""
    for word in ("疁四", "疁七"):
        assert abuse.one("SELECT count(*) FROM lookup WHERE key LIKE ?",
                         word + "%") == 0


def test_the_bundles_plain_part(abuse, tmp_path):
    """What stands beside the sealed file on a stick, and its report, have no
    word of it."""
    stick = tmp_path / "stick"
    stick.mkdir()
    abuse.run("bundle", "create", "--to", stick, env=ENV)
    for root, _, files in os.walk(stick):
        for name in files:
            data = open(os.path.join(root, name), "rb").read()
            assert "疁".encode() not in data, name


def test_stock_sqlite_leaves_no_closed_case_behind(village):
    """A case is not born closed, does not jump there, and goes nowhere with
    its referrals hanging on it."""
    imported(village, "case", [
        {"source": "来访", "accepted_at": "2026-11-02 09:00",
         "child": "张晓明", "needs": "教育"}], 1)
    uid = village.one('SELECT uid FROM "case"')
    imported(village, "referral", [
        {"case": uid, "department": "教体局", "sent_on": "2026-11-03"}], 1)
    new = ('INSERT INTO "case"(uid, rv, site, created_at, created_by,'
           ' updated_at, updated_by, state, deleted, source, accepted_at,'
           ' needs, feedback, told_on, told_how, first_assessment, closed_on)'
           ' SELECT \'x\' || substr(uid, 2), rv, site, created_at, created_by,'
           ' updated_at, updated_by, \'closed\', 0, source, accepted_at, needs,'
           ' \'好\', \'2026-11-20\', \'phone\', \'好\', \'2026-11-20\''
           ' FROM "case"')
    for sql in (new, new.replace("'closed'", "'told'"),
                "UPDATE \"case\" SET state='closed', closed_on='2026-11-20',"
                " feedback='好', told_on='2026-11-20', told_how='phone',"
                " first_assessment='好'",
                "UPDATE \"case\" SET state=NULL",
                'UPDATE "case" SET state=\'no_such\'',
                'DELETE FROM "case"', 'DELETE FROM referral',
                'UPDATE "case" SET deleted=1'):
        r = sqlite(village, sql)
        assert r.returncode != 0, (sql, r.stdout)
    assert village.sql('SELECT state, deleted FROM "case"') == [
        ("accepted", 0)]
    assert village.one("SELECT count(*) FROM referral") == 1
