"""Forms as a county technician meets them: the commands, a changed form, and
the database in the hands of the plain sqlite3 program."""
import csv
import io
import os
import shutil
import subprocess

import pytest

import lab

FORMS = os.path.join(lab.TOP, "forms")
GOLDEN = os.path.join(lab.TOP, "tests", "form")
EXTENSION = os.path.join(os.path.dirname(lab.BIN), "tongji_sql")


def sqlite(*words):
    r = subprocess.run(["sqlite3", *map(str, words)], capture_output=True,
                       env=lab.environment())
    return r.returncode, r.stdout.decode().strip(), r.stderr.decode()


def own_forms(town):
    """A copy of the shipped forms that this town uses instead."""
    to = town.path("forms")
    shutil.copytree(FORMS, to)
    return to


def edit(folder, name, old, new):
    path = os.path.join(folder, name + ".form")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new, 1))


# ---- commands ---------------------------------------------------------------

def test_check_finds_nothing_in_what_we_ship(town):
    r = town.run("form", "check", status=0)
    assert r.out == ""
    assert "0 处错误，0 处警告" in r.err


def test_check_says_where_and_stops_after_twenty(town, tmp_path):
    r = town.run("form", "check", "--dir", GOLDEN, status=1)
    assert "20 处错误" in r.err and "还有更多" in r.err
    few = tmp_path / "few"
    few.mkdir()
    for name in ("village", "child", "bad_type"):
        shutil.copy(os.path.join(GOLDEN, name + ".form"), few)
    r = town.run("form", "check", "--dir", few, status=1)
    assert "bad_type.form:11:9: 没有“integr”这种类型，是不是“integer”？" \
        in r.err.splitlines()


def test_dictionary_lists_every_field(town):
    r = town.run("form", "dictionary", status=0)
    rows = list(csv.DictReader(io.StringIO(r.out)))
    forms = {f[:-5] for f in os.listdir(FORMS) if f.endswith(".form")}
    assert {x["form"] for x in rows} == forms
    for form in forms:
        fields = [x["field"] for x in rows if x["form"] == form]
        columns = [c[1] for c in town.sql(
            'SELECT * FROM pragma_table_info(?)', form)]
        assert columns[9:] == fields, form
    text = town.run("form", "dictionary", "child", "--format", "text",
                    status=0).out
    assert "姓名" in text and "必填" in text


def test_blank_forms_print(town):
    for name in os.listdir(FORMS):
        if name.endswith(".form"):
            out = town.run("form", "blank", name[:-5], status=0).out
            assert "填表人：" in out
    r = town.run("form", "blank", "chlid")
    assert r.rc != 0 and "是不是“child”" in r.err


# ---- a changed form -----------------------------------------------------------

def test_a_new_field_is_a_column_everywhere(town):
    folder = own_forms(town)
    edit(folder, "child", "[hukou_state]",
         "[shoe_size]\ntype  = integer 10..50\nlabel = 鞋码\n\n[hukou_state]")
    village = town.village()[1]
    rows = [dict(lab.children(1, [village])[0], 鞋码="三十")]
    r = town.import_csv("child", lab.csv_text(rows), status=1)
    assert lab.counts(r) == (0, 0, 0, 1)
    rows[0]["鞋码"] = "３１"
    r = town.import_csv("child", lab.csv_text(rows), status=0)
    assert lab.counts(r) == (1, 0, 0, 0)
    assert town.one("SELECT shoe_size FROM child") == 31
    assert "shoe_size" in town.run("export", "child", status=0).out
    town.run("check", status=0)


@pytest.mark.parametrize("old,new,says", [
    ("[hukou_state]\ntype  = select_one hukou_state",
     "[hukou_state]\ntype  = date", "类型不能从 select_one 改成 date"),
    ("[lives_alone]", "[lives_by_itself]", "“lives_alone”已经在用，不能删掉"),
])
def test_what_would_lose_data_is_refused(town, old, new, says):
    folder = own_forms(town)
    edit(folder, "child", old, new)
    r = town.run("export", "child")
    assert r.rc != 0 and says in r.err and "child.form" in r.err
    shutil.rmtree(folder)
    town.run("export", "child", status=0)


def test_a_wrong_form_says_where(town):
    folder = own_forms(town)
    edit(folder, "visit", "type     = date", "type     = dat")
    r = town.run("form", "check", status=1)
    assert "visit.form:" in r.err and "是不是“date”" in r.err


def test_a_tightened_constraint_waits_for_the_old_rows(town):
    village = town.village()[1]
    town.import_csv("child", lab.csv_text(lab.children(2, [village])),
                    status=0)
    folder = own_forms(town)
    edit(folder, "child", "constraint = trim(name) <> ''",
         "constraint = length(name) > 20")
    r = town.run("check", status=0)
    text = town.one("SELECT sql FROM sqlite_schema WHERE name='child'")
    assert "length" not in text
    assert town.one("SELECT count(*) FROM child") == 2, repr(r)


# ---- the plain sqlite3 program ------------------------------------------------

def test_stock_sqlite_checks_and_copies_the_database(town, tmp_path):
    assert sqlite(town.db, "PRAGMA integrity_check")[:2] == (0, "ok")
    copy = tmp_path / "copy.db"
    rc, out, err = sqlite(town.db, "VACUUM INTO '%s'" % copy)
    assert rc == 0, err
    assert sqlite(copy, "PRAGMA integrity_check")[:2] == (0, "ok")


def test_stock_sqlite_cannot_jump_a_state(town):
    def insert(site, state):
        return sqlite(town.db, "INSERT INTO \"case\"(uid,rv,site,created_at,"
                      "created_by,updated_at,updated_by,state) VALUES("
                      "lower(hex(randomblob(8))),'0',%s,'','','','','%s')"
                      % (site, state))
    own = "(SELECT value FROM meta WHERE name='site')"
    rc, out, err = insert(own, "closed")
    assert rc != 0 and "第一步" in err
    assert insert(own, "accepted")[0] == 0
    rc, out, err = sqlite(town.db,
                          "UPDATE \"case\" SET state='archived'")
    assert rc != 0 and "没有这一步" in err
    rc, out, err = sqlite(town.db, "UPDATE \"case\" SET state='closed'")
    assert rc != 0
    assert insert("'other'", "closed")[0] == 0
    assert sqlite(town.db, "UPDATE \"case\" SET state='archived'"
                  " WHERE site='other'")[0] == 0


def test_functions_load_into_stock_sqlite():
    rc, out, err = sqlite(
        ":memory:", ".load " + EXTENSION,
        "SELECT age('2015-03-01','2026-11-22'), id_valid('11010519491231002X'"
        "), id_birth('11010519491231002X'), id_sex('11010519491231002X'),"
        " pinyin('单雄信'), workdays_after('2025-09-26', 3),"
        " workdays_between('2025-09-26', '2025-10-13')")
    assert (rc, out) == (0, "11|1|1949-12-31|2|dxx|2025-09-30|7"), err
