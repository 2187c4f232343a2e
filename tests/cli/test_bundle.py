"""tongji bundle, held against the outside programs age, minisign, tar,
sha256sum: what we write, others read; what is damaged, nobody accepts."""
import glob
import hashlib
import json
import os
import random
import re
import subprocess

import pytest

import lab


@pytest.fixture
def stick(tmp_path):
    d = tmp_path / "stick"
    d.mkdir()
    return str(d)


@pytest.fixture
def known(roster, county):
    """A township with children that knows its county."""
    roster.run("key", "import", county.card, "--fingerprint",
               lab.fingerprint(county), status=0)
    return roster


def delivery(stick):
    files = sorted(glob.glob(os.path.join(stick, "tj1-*.age")),
                   key=lambda p: int(p.split("-")[-1].split(".")[0]))
    return files[-1]


def create(town, stick, *args, **kw):
    kw.setdefault("status", 0)
    r = town.run("bundle", "create", "--to", stick, *args, **kw)
    return r, delivery(stick)


def unpacked(town, path, to):
    """Opened by age and tar, without us."""
    os.makedirs(str(to))
    plain = str(to) + ".tar"
    lab.run(["age", "-d", "-i", town.keys("site.age"), "-o", plain, path],
            status=0)
    lab.run(["tar", "-xf", plain, "-C", to], status=0)
    inside = os.listdir(str(to))
    return os.path.join(str(to), inside[0]) if len(inside) == 1 and \
        os.path.isdir(os.path.join(str(to), inside[0])) else str(to)


# ---- what is on the stick ---------------------------------------------------

def test_two_files_with_their_names(known, stick):
    r, path = create(known, stick)
    name = os.path.basename(path)
    assert re.fullmatch(r"tj1-370323104-[0-9a-f]{8}-0-\d+\.age", name)
    assert r.out.strip() == path
    deliveries = [f for f in os.listdir(stick) if f.startswith("tj1-")]
    assert sorted(deliveries) == [name, name + ".minisig"]
    upto = int(name.split("-")[-1][:-4])
    assert upto <= known.one("SELECT max(seq) FROM journal")


def test_nothing_personal_is_readable(known, stick):
    _, path = create(known, stick)
    names = [n for n, in known.sql("SELECT name FROM child")]
    assert names
    for f in glob.glob(os.path.join(stick, "*")):
        data = open(f, "rb").read()
        for n in names:
            assert n.encode() not in data
        assert "童记".encode() not in data or not f.endswith(".age")


def test_age_and_tar_read_it(known, stick, tmp_path):
    _, path = create(known, stick)
    bag = unpacked(known, path, tmp_path / "bag")
    have = {os.path.relpath(os.path.join(d, f), bag)
            for d, _, fs in os.walk(bag) for f in fs}
    assert {"bagit.txt", "bag-info.txt", "manifest-sha256.txt",
            "tagmanifest-sha256.txt", "data/header.json",
            "data/rows.jsonl"} <= have
    lab.run(["sha256sum", "-c", "--strict", "manifest-sha256.txt"], cwd=bag,
            status=0)
    lab.run(["sha256sum", "-c", "--strict", "tagmanifest-sha256.txt"],
            cwd=bag, status=0)
    with open(os.path.join(bag, "bagit.txt")) as f:
        assert "BagIt-Version: 1.0" in f.read()
    # every payload file is in the manifest
    listed = {line.split("  ", 1)[1] for line in
              open(os.path.join(bag, "manifest-sha256.txt"))
              .read().splitlines()}
    assert listed == {p for p in have if p.startswith("data/")}


def test_header_and_rows(known, county, stick, tmp_path):
    _, path = create(known, stick)
    bag = unpacked(known, path, tmp_path / "bag")
    header = json.load(open(os.path.join(bag, "data/header.json")))
    assert header["site"] == lab.TOWN
    rows = [json.loads(x) for x in
            open(os.path.join(bag, "data/rows.jsonl"), encoding="utf-8")]
    assert header["rows"] == len(rows)
    children = [r for r in rows if r.get("form") == "child"]
    assert len(children) == known.one("SELECT count(*) FROM child")
    raw = open(os.path.join(bag, "data/rows.jsonl"), "rb").read()
    chain = [e for e in json.dumps(header)]
    assert chain and len(hashlib.sha256(raw).hexdigest()) == 64
    text = json.dumps(header, ensure_ascii=False)
    assert "journal" in text and lab.COUNTY in text


def test_minisign_accepts_the_signature(known, stick):
    _, path = create(known, stick)
    r = lab.run(["minisign", "-V", "-p", known.keys("site.minisign.pub"),
                 "-m", path, "-x", path + ".minisig"], status=0)
    assert "Signature and comment signature verified" in r.out
    # the comment shows no more than the file's name does
    with open(path + ".minisig", encoding="utf-8") as f:
        text = f.read()
    for n, in known.sql("SELECT name FROM child"):
        assert n not in text


def test_the_county_opens_it_with_age(known, county, stick, tmp_path):
    """County and archive are recipients too: with age and the paper copy a
    county without this program reads it."""
    s = lab.site(tmp_path / "c2", lab.COUNTY)
    to = tmp_path / "card2"
    to.mkdir()
    r = s.run("key", "county", "--to", to, "--passphrase-stdin",
              stdin=lab.PASSWORD + "\n", status=0)
    paper = tmp_path / "paper.txt"
    paper.write_text(re.search(r"AGE-SECRET-KEY-1\w+", r.err).group(0) + "\n")
    os.remove(known.keys("county.key"))
    known.run("key", "import", to / "county.key", "--fingerprint",
              lab.fingerprint(s), status=0)
    _, path = create(known, stick)
    out = lab.run(["age", "-d", "-i", paper, path], status=0).raw
    assert b"rows.jsonl" in out
    r = lab.tongji("bundle", "decrypt", "-i", paper, path, status=0)
    assert r.raw == out


def test_padding_hides_the_exact_size(known, stick):
    """Padmé: few significant bits in the length of what is encrypted."""
    _, path = create(known, stick)
    plain = lab.run(["age", "-d", "-i", known.keys("site.age"), path],
                    status=0).raw
    n = len(plain)
    e = n.bit_length() - 1
    s = e.bit_length()
    assert n % (1 << (e - s)) == 0 or n % 512 == 0
    assert n % 512 == 0


def test_without_a_county_key(roster, stick):
    r, path = create(roster, stick, status=1)
    assert "县里打不开" in r.err
    lab.run(["age", "-d", "-i", roster.keys("site.age"), "-o", "/dev/null",
             path], status=0)
    roster.run("bundle", "verify", stick, status=0)


def test_full_adds_tables(known, stick, tmp_path):
    _, path = create(known, stick, "--full")
    bag = unpacked(known, path, tmp_path / "bag")
    csvs = [f for f in os.listdir(os.path.join(bag, "data"))
            if f.endswith(".csv")]
    assert "child.csv" in csvs
    text = open(os.path.join(bag, "data/child.csv"),
                encoding="utf-8-sig").read()
    for n, in known.sql("SELECT name FROM child"):
        assert n in text


def test_a_second_delivery_keeps_the_first(known, stick):
    _, first = create(known, stick)
    before = open(first, "rb").read()
    known.import_csv("child", lab.csv_text(lab.children(
        3, [known.village(4)[0]], start=50)), status=0)
    r, second = create(known, stick)
    assert second != first
    assert open(first, "rb").read() == before
    assert "第2包" in r.err
    known.run("bundle", "verify", stick, status=0)


def test_the_same_again_is_said_or_made_anew(known, stick):
    create(known, stick)
    n = len(os.listdir(stick))
    r = known.run("bundle", "create", "--to", stick)
    assert r.rc in (0, 1) and lab.has_chinese(r.err)
    assert len(os.listdir(stick)) >= n
    known.run("bundle", "verify", stick, status=0)


def test_a_folder_that_is_not_there(known, tmp_path):
    r = known.run("bundle", "create", "--to", tmp_path / "none")
    assert r.rc == 3 and lab.has_chinese(r.err) and r.out == ""


def test_drafts_stay_at_home(known, stick, tmp_path):
    known.sql("INSERT INTO draft(form,uid,by,at,field,display,data) VALUES"
              "('child','01890000-0000-7000-8000-000000000001','wangfang',"
              "'2026-11-22 10:00:00','name','草稿甲',"
              "'{\"\":\"\",\"name\":[null,\"草稿甲\"]}')")
    _, path = create(known, stick)
    bag = unpacked(known, path, tmp_path / "bag")
    assert "草稿甲" not in open(os.path.join(bag, "data/rows.jsonl"),
                             encoding="utf-8").read()


def test_restricted_rows_travel_whoever_packs(known, stick, tmp_path):
    """Bundles never depend on who makes them."""
    known.import_csv("case", "child_note,needs,confidential\n"
                     "路人,基本生活,是\n")
    assert known.one('SELECT count(*) FROM "case"') == 1
    known.add_user("chief", "supervisor")
    _, path = create(known, stick, login="chief")
    bag = unpacked(known, path, tmp_path / "bag")
    rows = [json.loads(x) for x in
            open(os.path.join(bag, "data/rows.jsonl"), encoding="utf-8")]
    assert [r for r in rows if r.get("form") == "case"]


# ---- verify -----------------------------------------------------------------

def test_verify_says_what_it_is(known, stick):
    _, path = create(known, stick)
    for what in (path, stick):
        r = known.run("bundle", "verify", what, status=0)
        assert "完好" in r.err and "悦庄镇" in r.err


def test_verify_without_a_signature(known, stick):
    _, path = create(known, stick)
    os.remove(path + ".minisig")
    r = known.run("bundle", "verify", path, status=1)
    assert lab.has_chinese(r.err)


def test_verify_somebody_elses_signature(known, stick, tmp_path):
    _, path = create(known, stick)
    other = lab.town(tmp_path / "other")
    os.remove(path + ".minisig")
    lab.run(["minisign", "-S", "-W", "-s", other.keys("site.minisign"), "-m",
             path], stdin="\n", status=0)
    known.run("bundle", "verify", path, status=1)


def test_what_others_sign_with_our_key_counts(known, stick):
    """A signature by the minisign program over the same file."""
    _, path = create(known, stick)
    ours = open(path + ".minisig").read()
    os.remove(path + ".minisig")
    comment = ours.splitlines()[2].split(": ", 1)[1]
    lab.run(["minisign", "-S", "-W", "-s", known.keys("site.minisign"), "-m",
             path, "-t", comment], stdin="\n", status=0)
    known.run("bundle", "verify", path, status=0)


def test_every_flipped_bit_is_refused(known, stick, tmp_path):
    """200 flips over the file, always its first and last bytes, a third of
    them in the age header; none is accepted and none crashes."""
    _, path = create(known, stick)
    good = open(path, "rb").read()
    sig = open(path + ".minisig", "rb").read()
    rnd = random.Random(20261122)
    rounds = 1000 if os.environ.get("TONGJI_SOAK") else 60
    places = [0, len(good) - 1] + [rnd.randrange(600) for _ in range(
        rounds // 3)] + [rnd.randrange(len(good)) for _ in range(rounds)]
    work = tmp_path / "work"
    work.mkdir()
    one = str(work / os.path.basename(path))
    for at in places:
        bad = bytearray(good)
        bad[at] ^= 1 << rnd.randrange(8)
        open(one, "wb").write(bytes(bad))
        open(one + ".minisig", "wb").write(sig)
        r = known.run("bundle", "verify", one)
        assert r.rc == 1, "byte %d\n%r" % (at, r)


def test_flips_with_a_right_signature_are_refused_too(known, stick,
                                                      tmp_path):
    """Signed again after the damage: then age's own tags must notice."""
    _, path = create(known, stick)
    good = open(path, "rb").read()
    comment = open(path + ".minisig").read().splitlines()[2].split(": ", 1)[1]
    rnd = random.Random(7)
    work = tmp_path / "work"
    work.mkdir()
    one = str(work / os.path.basename(path))
    for at in [20, 200, len(good) - 1] + [rnd.randrange(len(good))
                                          for _ in range(12)]:
        bad = bytearray(good)
        bad[at] ^= 1 << rnd.randrange(8)
        open(one, "wb").write(bytes(bad))
        lab.run(["minisign", "-S", "-W", "-s", known.keys("site.minisign"),
                 "-m", one, "-t", comment], stdin="\n", status=0)
        r = known.run("bundle", "verify", one)
        assert r.rc == 1, "byte %d\n%r" % (at, r)


def test_every_truncation_is_refused(known, stick, tmp_path):
    _, path = create(known, stick)
    good = open(path, "rb").read()
    sig = open(path + ".minisig", "rb").read()
    rnd = random.Random(11)
    work = tmp_path / "work"
    work.mkdir()
    one = str(work / os.path.basename(path))
    cuts = [0, 1, 21, 100, 200, 1000, len(good) - 1, len(good) - 16,
            len(good) - 17] + [rnd.randrange(len(good)) for _ in range(20)]
    for cut in cuts:
        open(one, "wb").write(good[:cut])
        open(one + ".minisig", "wb").write(sig)
        assert known.run("bundle", "verify", one).rc == 1, cut
    for cut in (0, 1, 100, len(sig) - 5):
        open(one, "wb").write(good)
        open(one + ".minisig", "wb").write(sig[:cut])
        assert known.run("bundle", "verify", one).rc == 1, cut


def test_every_flipped_signature_is_refused(known, stick, tmp_path):
    _, path = create(known, stick)
    sig = open(path + ".minisig", "rb").read()
    start = sig.index(b"\n") + 1        # after the untrusted comment
    for at in range(start, len(sig) - 1, 3):
        bad = bytearray(sig)
        bad[at] ^= 1
        open(path + ".minisig", "wb").write(bytes(bad))
        r = known.run("bundle", "verify", path)
        assert r.rc == 1, "byte %d\n%r" % (at, r)
    open(path + ".minisig", "wb").write(sig)
    known.run("bundle", "verify", path, status=0)


def test_a_renamed_delivery_is_refused(known, stick):
    """The signed comment names the file: a swap is noticed."""
    _, path = create(known, stick)
    other = re.sub(r"-0-(\d+)\.age$", r"-0-99999.age", path)
    os.rename(path, other)
    os.rename(path + ".minisig", other + ".minisig")
    known.run("bundle", "verify", other, status=1)


@pytest.mark.parametrize("make", [
    lambda p: p.write_bytes(b""), lambda p: p.write_bytes(b"x" * 5000),
    lambda p: p.write_bytes(b"age-encryption.org/v1\n"),
    lambda p: p.write_text("不是数据包"), lambda p: p.mkdir()])
def test_what_is_no_bundle(town, tmp_path, make):
    for name in ("tj1-370323104-00000000-0-5.age", "文件.zip"):
        p = tmp_path / name
        make(p)
        r = town.run("bundle", "verify", p)
        assert r.rc == 1 and lab.has_chinese(r.err), repr(r)


def test_verify_nothing(town, tmp_path):
    r = town.run("bundle", "verify", tmp_path / "none", status=1)
    assert lab.has_chinese(r.err)


def test_verify_of_a_bag_needs_no_database(tmp_path):
    bag = tmp_path / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "data" / "甲.txt").write_text("内容\n")
    (bag / "bagit.txt").write_text(
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    digest = hashlib.sha256("内容\n".encode()).hexdigest()
    (bag / "manifest-sha256.txt").write_text(digest + "  data/甲.txt\n")
    lab.run([lab.BIN, "-C", tmp_path / "none", "bundle", "verify", bag],
            status=0)
    (bag / "data" / "甲.txt").write_text("内容改\n")
    r = lab.run([lab.BIN, "-C", tmp_path / "none", "bundle", "verify", bag],
                status=1)
    assert "甲.txt" in r.err
    assert not (tmp_path / "none").exists()


def test_an_opened_bundle_is_a_bag(known, stick, tmp_path):
    _, path = create(known, stick)
    bag = unpacked(known, path, tmp_path / "bag")
    lab.run([lab.BIN, "-C", tmp_path / "none", "bundle", "verify", bag],
            status=0)


# ---- open, decrypt ----------------------------------------------------------

def test_open_asks_first(known, stick, tmp_path):
    _, path = create(known, stick)
    to = tmp_path / "opened"
    for answer in ("", "\n", "y\n", "不\n"):
        r = known.run("bundle", "open", path, "--to", to, stdin=answer)
        assert r.rc == 1 and not to.exists(), repr(r)
    known.run("bundle", "open", path, "--to", to, stdin="拆开\n", status=0)
    mine = {os.path.relpath(os.path.join(d, f), str(to)): os.path.join(d, f)
            for d, _, fs in os.walk(str(to)) for f in fs}
    bag = unpacked(known, path, tmp_path / "bag")
    theirs = {os.path.relpath(os.path.join(d, f), bag): os.path.join(d, f)
              for d, _, fs in os.walk(bag) for f in fs}
    assert {os.path.basename(p) for p in mine} == \
        {os.path.basename(p) for p in theirs}
    for f in mine.values():
        assert os.stat(f).st_mode & 0o077 == 0


def test_open_of_a_damaged_bundle_leaves_nothing(known, stick, tmp_path):
    _, path = create(known, stick)
    bad = bytearray(open(path, "rb").read())
    bad[-1] ^= 1
    open(path, "wb").write(bytes(bad))
    to = tmp_path / "opened"
    r = known.run("bundle", "open", path, "--to", to, "--yes")
    assert r.rc == 1 and not to.exists(), repr(r)


def test_decrypt_any_age_file(tmp_path):
    """Written by the age program; no database is needed."""
    key, secret = tmp_path / "key.txt", tmp_path / "in.txt"
    lab.run(["age-keygen", "-o", key], status=0)
    secret.write_bytes(os.urandom(200000))
    pub = re.search(r"age1\w+", key.read_text()).group(0)
    for armor in ([], ["-a"]):
        out = tmp_path / "out.age"
        lab.run(["age", *armor, "-r", pub, "-o", out, secret], status=0)
        r = lab.run([lab.BIN, "-C", tmp_path / "none", "bundle", "decrypt",
                     "-i", key, out], status=0)
        assert r.raw == secret.read_bytes()
    assert not (tmp_path / "none").exists()


def test_decrypt_with_the_wrong_key(known, stick, tmp_path):
    _, path = create(known, stick)
    key = tmp_path / "key.txt"
    lab.run(["age-keygen", "-o", key], status=0)
    r = lab.tongji("bundle", "decrypt", "-i", key, path, status=1)
    assert r.raw == b"" and lab.has_chinese(r.err)


def test_a_truncated_file_says_so_after_its_data(known, stick, tmp_path):
    _, path = create(known, stick)
    cut = tmp_path / "cut.age"
    cut.write_bytes(open(path, "rb").read()[:-20])
    r = lab.tongji("bundle", "decrypt", "-i", known.keys("site.age"), cut,
                   status=1)
    assert lab.has_chinese(r.err)


# ---- the stick and the disk -------------------------------------------------

def test_a_full_stick(known, tmp_path):
    """No room: said before anything is written; nothing half is left."""
    import resource
    stick = tmp_path / "full"
    stick.mkdir()

    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    r = lab.run(known.argv("bundle", "create", "--to", stick),
                preexec_fn=small)
    assert r.rc == 3 and lab.has_chinese(r.err), repr(r)
    assert not [f for f in os.listdir(str(stick)) if f.endswith(".minisig")]
    known.run("check", status=0)
    # and with room again it works
    known.run("bundle", "create", "--to", stick, status=0)
    known.run("bundle", "verify", stick, status=0)


def test_a_damaged_earlier_delivery_is_named(known, stick):
    _, first = create(known, stick)
    bad = bytearray(open(first, "rb").read())
    bad[len(bad) // 2] ^= 1
    open(first, "wb").write(bytes(bad))
    known.import_csv("child", lab.csv_text(lab.children(
        2, [known.village(4)[0]], start=70)), status=0)
    r = known.run("bundle", "create", "--to", stick, status=1)
    assert os.path.basename(first) in r.err and "损坏" in r.err
