"""Several at once on one database: nobody is refused, nothing is lost, one
chain."""
import subprocess

import lab


def start(site, *args):
    return subprocess.Popen(site.argv(*args), env=lab.environment(),
                            stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)


def test_four_imports_and_readers(town):
    each = 300
    villages = [town.village(i)[0] for i in range(4)]
    running = []
    for i in range(4):
        path = town.path("part%d.csv" % i)
        with open(path, "w", encoding="utf-8") as f:
            f.write(lab.csv_text(lab.children(each, [villages[i]],
                                              start=i * each)))
        running.append(start(town, "import", "child", path))
    for _ in range(3):
        running.append(start(town, "check"))
        running.append(start(town, "export", "child"))
        running.append(start(town, "indicators"))
    for p in running:
        err = p.stderr.read().decode()
        p.stderr.close()
        assert p.wait(120) == 0, "%s\n%s" % (p.args, err)
    assert town.one("SELECT count(*) FROM child") == 4 * each
    assert town.one("SELECT count(DISTINCT id_number) FROM child") == 4 * each
    town.run("check", status=0)


def test_the_same_roster_twice_at_once(town):
    """Both read before either writes: still one record a child."""
    path = town.path("roster.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write(lab.csv_text(lab.children(200, [town.village(0)[0]])))
    running = [start(town, "import", "child", path) for _ in range(3)]
    for p in running:
        err = p.stderr.read().decode()
        p.stderr.close()
        assert p.wait(120) == 0, err
    assert town.one("SELECT count(*) FROM child") == 200
    town.run("check", status=0)


def test_numbers_are_minted_once(town):
    running = []
    for i in range(4):
        path = town.path("case%d.csv" % i)
        with open(path, "w", encoding="utf-8") as f:
            f.write("child_note,needs\n")
            f.writelines("路人%d-%d,基本生活\n" % (i, k) for k in range(25))
        running.append(start(town, "import", "case", path))
    for p in running:
        err = p.stderr.read().decode()
        p.stderr.close()
        assert p.wait(120) == 0, err
    assert town.one('SELECT count(*) FROM "case"') == 100
    assert town.one('SELECT count(DISTINCT case_no) FROM "case"') == 100
    town.run("check", status=0)


def test_bundles_at_once(town, tmp_path):
    """Two deliveries at the same moment: both whole, or one is told to
    wait."""
    sticks = []
    running = []
    for i in range(3):
        d = tmp_path / ("stick%d" % i)
        d.mkdir()
        sticks.append(d)
        running.append(start(town, "bundle", "create", "--to", d))
    for p in running:
        p.stderr.read()
        p.stderr.close()
        assert p.wait(60) in (1, 3)     # 1: there is no county key
    for d in sticks:
        for f in d.iterdir():
            if f.name.endswith(".minisig"):
                town.run("bundle", "verify", str(f)[:-8], status=0)
    town.run("check", status=0)
