"""import, export, form, report, indicators from outside: exit statuses, what
goes where, and the round trip.  The formats in depth are in tests/io."""
import csv
import io
import json
import os
import subprocess

import pytest

import lab


def rows_of(r):
    return list(csv.DictReader(io.StringIO(r.raw.decode("utf-8-sig"))))


def test_import_tells_its_counts_last(town):
    v = town.village(0)[0]
    rows = lab.children(3, [v])
    bad = dict(rows[0], id_number=rows[0]["id_number"][:-1] + (
        "1" if rows[0]["id_number"][-1] != "1" else "2"), name="错号码")
    r = town.import_csv("child", lab.csv_text(rows + [bad]), status=1)
    assert lab.counts(r) == (3, 0, 0, 1)
    assert r.out == ""
    with open(town.path("child.csv.rejects.csv"),
              encoding="utf-8-sig") as f:
        rejects = list(csv.DictReader(f))
    assert len(rejects) == 1
    line = list(rejects[0].values())
    assert line[0] == "5" and "错号码" in line
    assert any(lab.has_chinese(x) for x in line[1:3])
    again = town.import_csv("child", lab.csv_text(rows), status=0)
    assert lab.counts(again) == (0, 0, 3, 0)


def test_a_dry_run_changes_nothing(town):
    before = town.sql("SELECT seq, hash FROM journal")
    r = town.import_csv("child", lab.csv_text(lab.children(
        5, [town.village(0)[0]])), 0, None, "--dry-run")
    assert lab.counts(r) == (5, 0, 0, 0)
    assert town.one("SELECT count(*) FROM child") == 0
    assert town.sql("SELECT seq, hash FROM journal") == before


@pytest.mark.parametrize("form, name", [
    ("nosuch", "x.csv"), ("child", "none.csv"), ("../child", "x.csv")])
def test_what_cannot_be_imported(town, form, name):
    with open(town.path("x.csv"), "w") as f:
        f.write("name\n甲\n")
    before = town.one("SELECT count(*) FROM journal")
    r = town.run("import", form, town.path(name))
    assert r.rc in (2, 3) and lab.has_chinese(r.err) and r.out == ""
    assert town.one("SELECT count(*) FROM journal") == before


def test_roles_import_what_they_may(roster):
    code = roster.village(0)[0]
    other = roster.village(1)[0]
    roster.add_user("reader", "reader")
    roster.add_user("zhang", "director", "--village", code)
    n = roster.one("SELECT count(*) FROM child")
    rows = lab.children(2, [code, other], start=500)
    path = roster.path("more.csv")
    with open(path, "w") as f:
        f.write(lab.csv_text(rows))
    r = roster.run("import", "child", path, login="reader")
    assert r.rc in (1, 3) and lab.has_chinese(r.err), repr(r)
    assert roster.one("SELECT count(*) FROM child") == n
    r = roster.run("import", "child", path, login="zhang", status=1)
    assert lab.counts(r) == (1, 0, 0, 1)
    roster.run("check", status=0)


def test_a_director_exports_her_village(roster):
    code = roster.village(0)[0]
    roster.add_user("zhang", "director", "--village", code)
    rows = rows_of(roster.run("export", "child", login="zhang", status=0))
    assert {r["village"] for r in rows} == {code}
    everybody = rows_of(roster.run("export", "child", status=0))
    assert len(everybody) == 12 > len(rows) > 0


def test_export_and_import_again_changes_nothing(roster):
    head = roster.one("SELECT max(seq) FROM journal WHERE image IS NOT NULL")
    for form in ("child", "guardian", "village", "enrolment"):
        to = roster.path(form + "-out.csv")
        roster.run("export", form, "--out", to, status=0)
        r = roster.run("import", form, to, status=0)
        n = roster.one("SELECT count(*) FROM %s" % form)
        assert lab.counts(r) == (0, 0, n, 0), form
    assert roster.one("SELECT max(seq) FROM journal WHERE image IS NOT NULL"
                      ) == head


def test_export_formats(roster, tmp_path):
    plain = rows_of(roster.run("export", "child", status=0))
    r = roster.run("export", "child", "--encoding", "gb18030", status=0)
    text = subprocess.run(["iconv", "-f", "GB18030", "-t", "UTF-8"],
                          input=r.raw, stdout=subprocess.PIPE,
                          check=True).stdout.decode()
    assert list(csv.DictReader(io.StringIO(text))) == plain
    objects = json.loads(roster.run("export", "child", "--format", "json",
                                    status=0).raw)
    assert [o["uid"] for o in objects] == [p["uid"] for p in plain]
    import openpyxl
    to = tmp_path / "child.xlsx"
    roster.run("export", "child", "--format", "xlsx", "--out", to, status=0)
    sheet = openpyxl.load_workbook(str(to)).active
    assert sheet.max_row >= 13
    cells = {c.value for row in sheet.iter_rows() for c in row}
    assert plain[0]["id_number"] in cells


def test_exports_are_in_the_journal(roster):
    before = roster.one("SELECT count(*) FROM journal WHERE op='export'")
    roster.run("export", "child", status=0)
    assert roster.one("SELECT count(*) FROM journal WHERE op='export'") == \
        before + 1


@pytest.mark.parametrize("args", [
    ["export", "nosuch"], ["export", "child", "--format", "doc"],
    ["export", "child", "--encoding", "latin1"],
    ["report", "没有这个"], ["report", "月报", "--format", "doc"],
    ["report", "月报", "--month", "2026-13"],
    ["indicators", "--scheme", "nosuch"],
    ["indicators", "--date", "2026-02-30"],
    ["indicators", "--format", "doc"],
], ids=" ".join)
def test_words_that_are_wrong(town, args):
    r = town.run(*args)
    assert r.rc == 2, repr(r)
    assert lab.has_chinese(r.err) and r.out == ""


@pytest.mark.parametrize("verb", ["dictionary", "blank"])
def test_no_such_form(town, verb):
    r = town.run("form", verb, "nosuch")
    assert r.rc == 2 and "nosuch" in r.err and r.out == ""


def test_formulas_are_guarded(town):
    town.import_csv("school", "name,kind\n=cmd|' /C calc'!A0,\n@SUM(1),\n"
                    "＝1＋1,\n", status=0)
    out = rows_of(town.run("export", "school", status=0))
    assert len(out) == 3
    for row in out:
        assert row["name"][0] not in "=+-@＝＋－＠\t\r"


# ---- forms ------------------------------------------------------------------

def test_the_shipped_forms_are_clean(town):
    r = town.run("form", "check", status=0)
    assert "0 处错误" in r.err


def test_a_mistake_is_named_with_its_place(town, tmp_path):
    forms = tmp_path / "forms"
    forms.mkdir()
    for name in os.listdir(os.path.join(lab.TOP, "forms")):
        if name.endswith(".form"):
            with open(os.path.join(lab.TOP, "forms", name)) as f:
                text = f.read()
            (forms / name).write_text(text)
    bad = (forms / "school.form").read_text().replace(
        "[kind]", "[kind]\nrequierd = true", 1)
    (forms / "school.form").write_text(bad)
    line = bad[:bad.index("requierd")].count("\n") + 1
    r = town.run("form", "check", "--dir", forms, status=1)
    assert "school.form:%d:" % line in r.err and "required" in r.err


def test_a_new_form_needs_nothing_else(town):
    """Copied to the data folder it is a table, an import and an export."""
    os.mkdir(town.path("forms"))
    for name in os.listdir(os.path.join(lab.TOP, "forms")):
        if name.endswith(".form"):
            os.symlink(os.path.join(lab.TOP, "forms", name),
                       town.path("forms", name))
    with open(town.path("forms", "donation.form"), "w") as f:
        f.write("[form]\nname = donation\ntitle = 捐赠\nlist = given_on item\n"
                "key = given_on item\n\n[given_on]\ntype = date\nlabel = 日期\n"
                "required = true\n\n[item]\ntype = text 1..40\nlabel = 物品\n"
                "required = true\n\n[amount]\ntype = money\nlabel = 金额\n"
                "check = amount >= 0\ncheck_message = 金额不能是负数\n")
    town.run("form", "check", status=0)
    r = town.import_csv("donation", "日期,物品,金额\n2026年3月1日,书包,1200.50\n"
                        "2026-3-2,文具,-1\n", status=1)
    assert lab.counts(r) == (1, 0, 0, 1)
    out = rows_of(town.run("export", "donation", status=0))
    assert out[0]["given_on"] == "2026-03-01"
    assert out[0]["amount"] in ("1200.50", "1200.5")
    assert town.one("SELECT amount FROM donation") == 120050
    assert "捐赠" in town.run("form", "blank", "donation", status=0).out
    assert "捐赠" in town.run("form", "dictionary", "donation", status=0).out
    town.run("check", status=0)


def test_dictionary_and_blank(town):
    r = town.run("form", "dictionary", status=0)
    rows = list(csv.DictReader(io.StringIO(r.out.lstrip("\ufeff"))))
    assert {"child", "visit", "case"} <= {x["form"] for x in rows}
    names = {x["field"] for x in rows if x["form"] == "child"}
    assert {"name", "id_number", "village", "category"} <= names
    blank = town.run("form", "blank", "child", status=0).out
    assert "姓名" in blank and "身份" in blank or "证件号码" in blank


# ---- numbers ----------------------------------------------------------------

@pytest.mark.parametrize("scheme", ["sichuan", "yiyuan"])
def test_indicators(roster, scheme):
    text = roster.run("indicators", "--scheme", scheme, status=0).out
    assert lab.has_chinese(text)
    objects = json.loads(roster.run("indicators", "--scheme", scheme,
                                    "--format", "json", status=0).raw)
    table = rows_of(roster.run("indicators", "--scheme", scheme, "--format",
                               "csv", status=0))
    assert {o["scheme"] for o in objects} == {scheme}
    # the table has a line for every part of an item, the objects nest them
    assert [o["id"] for o in objects] == \
        list(dict.fromkeys(row["id"] for row in table))


def test_indicators_of_another_day(roster):
    objects = json.loads(roster.run("indicators", "--format", "json",
                                    "--date", "2026-06-30", status=0).raw)
    assert any("2026-06-30" in (o["as_of"], o["period"]) for o in objects)


@pytest.mark.parametrize("name", ["排查汇总表", "月报", "季报", "半年报", "年报"])
@pytest.mark.parametrize("form", ["text", "csv", "html"])
def test_reports(roster, name, form):
    r = roster.run("report", name, "--format", form, "--month", "2026-11",
                   status=0)
    assert lab.has_chinese(r.out)
    for child, in roster.sql("SELECT name FROM child"):
        assert child not in r.out       # no names without --names
    if form == "html":
        assert "<script" not in r.out and "http" not in r.out.replace(
            "http://www.w3.org", "")
