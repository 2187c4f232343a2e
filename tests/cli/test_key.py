"""tongji key: public parts, the county's keys, knowing each other."""
import glob
import os
import re
import stat

import pytest

import lab


def test_show(town):
    lines = town.run("key", "show", status=0).out.splitlines()
    assert len(lines) == 3
    assert re.fullmatch(r"age1[0-9a-z]{58}", lines[0])
    assert re.fullmatch(r"RW[0-9A-Za-z+/]{54}", lines[1])
    assert re.fullmatch(r"\d{5}( \d{5}){5}", lines[2])
    again = town.run("key", "show", status=0).out.splitlines()
    assert again == lines


def test_the_files_are_age_and_minisign_files(town):
    shown = town.run("key", "show", status=0).out.splitlines()
    r = lab.run(["age-keygen", "-y", town.keys("site.age")], status=0)
    assert r.out.strip() == shown[0]
    with open(town.keys("site.age.pub")) as f:
        assert shown[0] in f.read()
    with open(town.keys("site.minisign.pub")) as f:
        assert f.read().splitlines()[1] == shown[1]


def test_minisign_signs_with_our_key(town, tmp_path):
    (tmp_path / "x").write_text("回执\n")
    lab.run(["minisign", "-S", "-W", "-s", town.keys("site.minisign"), "-m",
             tmp_path / "x"], stdin="\n", status=0)
    lab.run(["minisign", "-V", "-p", town.keys("site.minisign.pub"), "-m",
             tmp_path / "x"], status=0)


def test_every_site_has_its_own(tmp_path):
    a = lab.town(tmp_path / "a").run("key", "show").out
    b = lab.town(tmp_path / "b").run("key", "show").out
    assert not set(a.splitlines()) & set(b.splitlines())


def test_county_keys(tmp_path, county):
    shown = county.run("key", "show", status=0).out.splitlines()
    with open(county.card) as f:
        card = f.read()
    assert shown[0] in card and shown[1] in card
    assert "SECRET" not in card
    # the secret is sealed under the passphrase: age opens it with that only
    with open(county.keys("county.age"), "rb") as f:
        head = f.read(200)
    assert b"AGE-SECRET-KEY" not in head
    mode = stat.S_IMODE(os.stat(county.keys("county.age")).st_mode)
    assert mode == 0o600


def test_the_archive_key_is_shown_once_and_kept_nowhere(tmp_path):
    s = lab.site(tmp_path / "c", lab.COUNTY)
    r = s.run("key", "county", "--passphrase-stdin",
              stdin=lab.PASSWORD + "\n", status=0)
    secret = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]{58}", r.err).group(0)
    for folder, _, files in os.walk(s.home):
        for name in files:
            with open(os.path.join(folder, name), "rb") as f:
                assert secret.encode() not in f.read(), name


@pytest.mark.parametrize("stdin", ["", "\n", "short\n"])
def test_county_passphrase_is_required(tmp_path, stdin):
    s = lab.site(tmp_path / "c", lab.COUNTY)
    r = s.run("key", "county", "--passphrase-stdin", stdin=stdin)
    assert r.rc == 2 and lab.has_chinese(r.err)
    assert not os.path.exists(s.keys("county.age"))


def test_county_keys_are_not_replaced(county):
    before = open(county.keys("county.age"), "rb").read()
    r = county.run("key", "county", "--passphrase-stdin",
                   stdin="Another-One-9\n")
    assert r.rc != 0 and lab.has_chinese(r.err)
    assert open(county.keys("county.age"), "rb").read() == before


def test_a_township_cannot_make_county_keys(town):
    r = town.run("key", "county", "--passphrase-stdin",
                 stdin=lab.PASSWORD + "\n", status=1)
    assert lab.has_chinese(r.err)


def test_import_needs_the_right_digits(town, county):
    digits = lab.fingerprint(county)
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    for bad in (wrong, "", "12345", digits[:-6], "y", "是"):
        r = town.run("key", "import", county.card, "--fingerprint", bad)
        assert r.rc == 1 and "核对码" in r.err, repr(r)
        assert not os.path.exists(town.keys("county.key"))
    town.run("key", "import", county.card, "--fingerprint", digits, status=0)
    assert os.path.exists(town.keys("county.key"))


def test_digits_may_be_typed(town, county):
    digits = lab.fingerprint(county)
    r = town.run("key", "import", county.card,
                 stdin=digits.replace(" ", "") + "\n", status=0)
    assert "核对码" in r.err


def test_digits_in_full_width(town, county):
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c
                   for c in lab.fingerprint(county))
    town.run("key", "import", county.card, "--fingerprint", wide, status=0)


def test_a_changed_card_is_refused(town, county, tmp_path):
    """The digits cover everything that the card says."""
    digits = lab.fingerprint(county)
    lines = open(county.card).read().splitlines()
    other = lab.site(tmp_path / "evil", lab.COUNTY)
    to = tmp_path / "evil-card"
    to.mkdir()
    other.run("key", "county", "--to", to, "--passphrase-stdin",
              stdin=lab.PASSWORD + "\n", status=0)
    theirs = (to / "county.key").read_text().splitlines()
    tried = 0
    for i, line in enumerate(lines):
        if line.startswith("#") or line == theirs[i]:
            continue
        tried += 1
        bad = tmp_path / "bad.key"
        bad.write_text("\n".join(lines[:i] + [theirs[i]] + lines[i + 1:])
                       + "\n")
        r = town.run("key", "import", bad, "--fingerprint", digits)
        assert r.rc == 1, "%s\n%r" % (line, r)
    assert tried == 3       # age, archive, minisign


@pytest.mark.parametrize("text", [
    "", "x", "kind county\n", "kind township\ndivision 370323104\n",
    "\0" * 100, "kind county\ndivision 370323\nname 县\nage age1xxx\n",
    "A" * 100000])
def test_what_is_no_card(town, tmp_path, text):
    path = tmp_path / "county.key"
    path.write_text(text)
    r = town.run("key", "import", path, "--fingerprint", "0" * 30)
    assert r.rc in (1, 3) and lab.has_chinese(r.err), repr(r)
    assert not os.path.exists(town.keys("county.key"))


def test_another_county_is_refused(town, tmp_path):
    far = lab.county(tmp_path / "far", "513437")
    r = town.run("key", "import", far.card, "--fingerprint",
                 lab.fingerprint(far), status=1)
    assert lab.has_chinese(r.err)


def test_keys_are_in_the_journal(town, county):
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    assert town.one("SELECT count(*) FROM journal WHERE op='key_import'"
                    " AND vals LIKE ?",
                    "%" + lab.fingerprint(county) + "%") == 1
    town.run("check", status=0)


def test_only_administrators_trust_keys(town, county):
    town.add_user("chief", "supervisor")
    r = town.run("key", "import", county.card, "--fingerprint",
                 lab.fingerprint(county), login="chief", status=1)
    assert lab.has_chinese(r.err)
    assert not os.path.exists(town.keys("county.key"))


def enrolment(town, county, folder):
    """The enrolment file that a township's first stick carries."""
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    town.run("bundle", "create", "--to", folder, status=0)
    found = [f for f in os.listdir(folder) if f.startswith("enrol-")]
    assert found == ["enrol-%s.txt" % lab.TOWN]
    return os.path.join(folder, found[0])


def test_enrolment(town, county, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    card = enrolment(town, county, stick)
    assert "SECRET" not in open(card).read()
    bad = county.run("key", "enrol", card, "--fingerprint", "0" * 30)
    assert bad.rc == 1
    county.run("key", "enrol", card, "--fingerprint", lab.fingerprint(town),
               status=0)
    # now the county can say whose delivery it is, with its own key
    county.run("bundle", "verify", stick, "--passphrase-stdin",
               stdin=county.passphrase + "\n", status=0)


def test_enrolling_what_is_not_below_us(county, tmp_path):
    far = lab.town(tmp_path / "far", "513437101")
    far_county = lab.county(tmp_path / "fc", "513437")
    stick = tmp_path / "stick"
    stick.mkdir()
    far.run("key", "import", far_county.card, "--fingerprint",
            lab.fingerprint(far_county), status=0)
    far.run("bundle", "create", "--to", stick, status=0)
    r = county.run("key", "enrol", stick / "enrol-513437101.txt",
                   "--fingerprint", lab.fingerprint(far), status=1)
    assert lab.has_chinese(r.err)


def test_another_passphrase(county, town, tmp_path):
    """The keys stay, the passphrase changes; a wrong one changes nothing."""
    new = "Gao-Shan-Liu-Shui"

    def change(old, to, status):
        return county.run("key", "passphrase", "--passphrase-stdin",
                          stdin="%s\n%s\n" % (old, to), status=status)
    digits = lab.fingerprint(county)
    before = open(county.keys("county.age"), "rb").read()
    r = change("wrong-passphrase", new, 1)
    assert "口令不对" in r.err
    r = change(county.passphrase, "short", 1)
    assert "至少8个" in r.err
    r = county.run("key", "passphrase", "--passphrase-stdin",
                   stdin=county.passphrase + "\n", status=2)
    assert "两行" in r.err
    assert open(county.keys("county.age"), "rb").read() == before
    assert change(county.passphrase, new, 0).err.startswith("口令已改")
    assert lab.fingerprint(county) == digits
    assert not glob.glob(county.keys("county.new*"))
    assert county.one("SELECT count(*) FROM journal"
                      " WHERE op='key_passphrase'") == 1
    r = change(county.passphrase, "Third-One-2026", 1)
    assert "口令不对" in r.err
    # what was encrypted before opens with the new one, and only with it
    town.run("key", "import", county.card, "--fingerprint", digits, status=0)
    to = tmp_path / "stick"
    to.mkdir()
    town.run("bundle", "create", "--to", to, status=0)
    county.run("key", "enrol", glob.glob(str(to) + "/enrol-*")[0],
               "--fingerprint", lab.fingerprint(town), status=0)
    r = county.run("bundle", "receive", to, "--passphrase-stdin",
                   stdin=county.passphrase + "\n", status=1)
    assert "口令不对" in r.err
    county.run("bundle", "receive", to, "--passphrase-stdin",
               stdin=new + "\n", status=0)
    r = town.run("key", "passphrase", "--passphrase-stdin",
                 stdin="a\nlong-enough\n")
    assert r.rc != 0 and lab.has_chinese(r.err)


def test_digits_missing_are_said(town, county):
    digits = lab.fingerprint(county)
    for typed, word in ((digits[:-1], "29 位"), ("1" * 31, "31 位"),
                        (digits[:-1] + "x", "只有数字"),
                        (digits[1:] + digits[0], "再打电话")):
        if typed.replace(" ", "") == digits.replace(" ", ""):
            continue
        r = town.run("key", "import", county.card, "--fingerprint", typed,
                     status=1)
        assert word in r.err and digits not in r.err, repr(r)
