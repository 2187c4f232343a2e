"""What a county's townships bring on their sticks, month after month, the
same every time: what verifying and merging are measured on.  Made by the
program itself, which takes a minute; kept in build/ while forms, data and
programs that make it stay as they are."""
import glob
import hashlib
import os
import shutil
import subprocess
import sys

import lab

HERE = os.path.dirname(os.path.abspath(__file__))
TOWNS = ["370323001", "370323002"] + ["370323%d" % n for n in range(102, 110)]
MONTHS = 5
ROWS = 4800             # of one bundle: a child, its guardian, its categories


def enrol(county, town, where):
    """Exchange keys with the county; the town's first bundle of all it has."""
    os.makedirs(where, exist_ok=True)
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    town.run("bundle", "create", "--to", where, status=0, limit=600)
    card = os.path.join(where, "enrol-%s.txt" % town.one(
        "SELECT value FROM meta WHERE name = 'site'"))
    county.run("key", "enrol", card, "--fingerprint",
               lab.fingerprint(town), status=0)


def receive(county, where):
    return county.run("bundle", "receive", where, "--passphrase-stdin",
                      stdin=county.passphrase + "\n", limit=900)


def roster(folder, codes, count):
    """A roster of `count` children in the villages of these codes."""
    path = os.path.join(folder, "villages.txt")
    with open(path, "w") as f:
        f.writelines(c + "\n" for c in codes)
    done = subprocess.run([sys.executable, os.path.join(HERE, "roster.py"),
                           str(count), path], stdout=subprocess.PIPE,
                          check=True, text=True)
    return done.stdout.splitlines(True)


def share(county, towns, months, rows):
    """(header, {(town, month): lines of a roster}): `rows` records each."""
    codes = {t: [c for c, in county.sql(
        "SELECT code FROM village WHERE site = ? AND length(code) = 12"
        " ORDER BY code", t)]
        for t in towns}
    head, *lines = roster(county.home, [codes[towns[0]][0]],
                          len(towns) * months * (rows // 3 + 1))
    out, at = {}, 0
    for m in range(months):
        for t in towns:
            part, have = [], 0
            while have < rows:
                cells = lines[at].split(",")
                cells[5] = codes[t][at % len(codes[t])]
                have += 3 + cells[6].count(";")
                part.append(",".join(cells))
                at += 1
            out[t, m] = part
    return head, out


def write(path, head, lines):
    with open(path, "w") as f:
        f.write(head)
        f.writelines(lines)
    return path


def make(folder, towns, months, rows):
    """In `folder`: county/ and its key, which knows the townships and has
    taken nothing; sticks/ with a bundle of each township and month;
    roster.csv of them all; town/, the last township as it is then."""
    county = lab.county(folder)
    head, parts = share(county, towns, months, rows)
    sites = {t: lab.site(os.path.join(folder, t), t) for t in towns}
    whole = os.path.join(folder, "sticks")
    os.makedirs(whole)
    for t in towns:
        enrol(county, sites[t], os.path.join(folder, "cards"))
    fresh = os.path.join(folder, "fresh")
    shutil.copytree(county.home, fresh)
    for m in range(months):
        stick = os.path.join(folder, "month-%d" % m)
        os.makedirs(stick)
        for t in towns:
            path = write(os.path.join(folder, "part.csv"), head, parts[t, m])
            sites[t].run("import", "child", path, status=0, limit=600)
            sites[t].run("bundle", "create", "--to", stick, status=0,
                         limit=600)
        for path in glob.glob(stick + "/tj1-*"):
            shutil.copy(path, whole)
        receive(county, stick)
        for t in towns:
            sites[t].run("bundle", "apply", stick, status=0, limit=600)
        shutil.rmtree(stick)
    write(os.path.join(folder, "roster.csv"), head,
          [line for t in towns for m in range(months)
           for line in parts[t, m]])
    shutil.rmtree(county.home)
    os.rename(fresh, county.home)
    for t in towns[:-1]:
        shutil.rmtree(sites[t].home)
    os.rename(sites[towns[-1]].home, os.path.join(folder, "town"))


def mark(*more):
    """Changes when what is made would."""
    h = hashlib.sha256(repr(more).encode())
    for path in sorted(glob.glob(lab.TOP + "/forms/*") +
                       glob.glob(lab.TOP + "/data/**/*", recursive=True) +
                       [os.path.join(lab.TOP, "src", "db", "schema.c"),
                        os.path.abspath(__file__),
                        os.path.join(HERE, "roster.py")]):
        if os.path.isfile(path):
            with open(path, "rb") as f:
                h.update(f.read())
    return h.hexdigest()


class Sticks:
    """The county that has taken nothing, the folder of bundles, the roster,
    and the last township."""

    def __init__(self, towns=TOWNS, months=MONTHS, rows=ROWS):
        name = "%dx%dx%d" % (len(towns), months, rows)
        folder = os.path.join(lab.TOP, "build", "bench-sticks", name)
        seal, want = os.path.join(folder, "mark"), mark(towns, months, rows)
        try:
            with open(seal) as f:
                made = f.read() == want
        except OSError:
            made = False
        if not made:
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            make(folder, towns, months, rows)
            with open(seal, "w") as f:
                f.write(want)
        self.county = lab.Site(os.path.join(folder, "county"))
        self.county.passphrase = lab.PASSWORD
        self.town = lab.Site(os.path.join(folder, "town"))
        self.bundles = os.path.join(folder, "sticks")
        self.roster = os.path.join(folder, "roster.csv")
        self.count = len(towns) * months
        self.rows = self.count * rows


def peaks(folder, rows):
    """Most memory (MB) of each step of the circle with one bundle of so many
    records."""
    os.makedirs(folder)
    county, town = lab.county(folder), lab.site(
        os.path.join(folder, "site"), TOWNS[-1])
    head, parts = share(county, TOWNS[-1:], 1, rows)
    enrol(county, town, os.path.join(folder, "card"))
    town.run("import", "child", write(os.path.join(folder, "part.csv"), head,
                                      parts[TOWNS[-1], 0]),
             status=0, limit=600)
    stick = os.path.join(folder, "stick")
    os.makedirs(stick)
    out = {"create": lab.peak(town.argv("bundle", "create", "--to", stick))}
    path, = glob.glob(stick + "/tj1-*.age")
    out["verify"] = lab.peak(town.argv("bundle", "verify", path))
    out["receive"] = lab.peak(
        county.argv("bundle", "receive", stick, "--passphrase-stdin"),
        stdin=county.passphrase + "\n")
    out["apply"] = lab.peak(town.argv("bundle", "apply", stick))
    have = county.one("SELECT count(*) FROM child")
    assert have == len(parts[TOWNS[-1], 0]), have
    return out
