"""tongji init: a township, a county, and refusals that leave nothing."""
import os
import stat

import pytest

import lab


def test_town_has_its_villages_keys_and_admin(town):
    n = town.one("SELECT count(*) FROM village")
    assert n > 20
    codes = [c for c, in town.sql("SELECT code FROM village")]
    assert all(len(c) == 12 and c.startswith(lab.TOWN) for c in codes)
    assert len(set(codes)) == n
    users = town.run("user", "list", status=0).out
    assert users.startswith("wangfang\t") and "admin" in users
    for name in ("site.age", "site.age.pub", "site.minisign",
                 "site.minisign.pub"):
        assert os.path.exists(town.keys(name))
    town.run("check", status=0)


def test_everything_is_private(town):
    for folder, dirs, files in os.walk(town.home):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700, folder
        for f in files:
            mode = stat.S_IMODE(os.stat(os.path.join(folder, f)).st_mode)
            assert mode == 0o600, (f, oct(mode))


def test_database_settings(town):
    assert town.one("PRAGMA journal_mode") == "wal"
    tables = [sql for sql, in town.sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name IN"
        " ('child', 'visit', 'village', 'journal')")]
    assert len(tables) == 4
    for sql in tables:
        assert sql.rstrip().upper().endswith("STRICT"), sql[-80:]


@pytest.mark.parametrize("form", [
    "village", "stated_value", "child", "enrolment", "guardian", "agreement",
    "visit", "assessment", "counselling", "benefit", "standard",
    "medical_bill", "school", "home", "activity", "attendance", "staff",
    "tenure", "training", "trainee", "case", "conference", "referral",
    "mandatory_report", "meeting", "publicity", "project", "evidence"])
def test_every_record_kind_has_its_table(town, form):
    columns = [r[1] for r in town.sql('PRAGMA table_info("%s")' % form)]
    for name in ("uid", "rv", "site", "created_at", "created_by",
                 "updated_at", "updated_by", "deleted"):
        assert name in columns


def test_password_is_not_stored(town):
    for name in os.listdir(town.home):
        if os.path.isfile(town.path(name)):
            with open(town.path(name), "rb") as f:
                assert lab.PASSWORD.encode() not in f.read()


def test_county_has_townships_and_villages(county):
    assert county.one("SELECT count(*) FROM village") > 100
    county.run("check", status=0)


def test_other_province(tmp_path):
    s = lab.town(tmp_path, "513437101")
    assert s.one("SELECT count(*) FROM village"
                 " WHERE code LIKE '513437101%'") > 0


@pytest.mark.parametrize("code", [
    "37032310", "3703231040", "999999999", "370399101", "37032X104", "",
    "３７０３２３１０４", "370323104000", "../etc", "37"])
def test_wrong_codes_leave_nothing(tmp_path, code):
    s = lab.Site(tmp_path / "x")
    r = s.run("init", "--division", code)
    assert r.rc in (1, 2, 3) and r.rc != 0, repr(r)
    assert lab.has_chinese(r.err) and r.out == ""
    assert not os.path.exists(s.home) or os.listdir(s.home) == []


def test_an_existing_database_is_left_alone(town):
    before = town.one("SELECT count(*) FROM journal")
    r = town.run("init", "--division", "370323105", status=1)
    assert lab.has_chinese(r.err)
    assert town.one("SELECT count(*) FROM journal") == before
    assert town.one("SELECT value FROM meta WHERE name='site'") == lab.TOWN


def test_a_weak_password_is_refused(tmp_path):
    s = lab.Site(tmp_path / "x")
    r = s.run("init", "--division", lab.TOWN, "--admin", "wangfang",
              "--password-stdin", stdin="1234\n")
    assert r.rc in (1, 2) and lab.has_chinese(r.err)
    # Told what to do, and doing it works.
    if os.path.exists(s.db):
        assert "tongji user add" in r.err
        s.add_user("wangfang", "admin")


def test_an_admin_without_password_is_wrong_usage(tmp_path):
    s = lab.Site(tmp_path / "x")
    r = s.run("init", "--division", lab.TOWN, "--admin", "wangfang")
    assert r.rc in (1, 2) and "--password-stdin" in r.err


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    r = lab.Site(tmp_path / "file" / "x").run("init", "--division", lab.TOWN)
    assert r.rc == 3 and lab.has_chinese(r.err)


def test_villages_that_are_not_shipped(tmp_path):
    """A county whose villages are not in data/: the site is founded without
    them, and the command that fetches them is named."""
    s = lab.Site(tmp_path / "x")
    r = s.run("init", "--division", "370321101")
    assert "make divisions COUNTY=370321" in r.err
    assert os.path.exists(s.db)
