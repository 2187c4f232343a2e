"""A large bundle needs no more memory than a small one."""
import json
import os
import shutil
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "bench")]

import lab  # noqa: E402
import sticks  # noqa: E402


def test_each_step_is_constant(tmp_path):
    small = sticks.peaks(str(tmp_path / "small"), 500)
    large = sticks.peaks(str(tmp_path / "large"), 8000)
    more = {step: large[step] - small[step] for step in small}
    assert max(more.values()) < 4, (small, large)
    # the county's key is slow to guess because it takes 64 MB
    assert max(large.values()) < 80
    assert max(large[s] for s in ("create", "verify", "apply")) < 16


def rows(town, to):
    """The records in its next bundle."""
    os.makedirs(to)
    path = town.run("bundle", "create", "--to", to, status=0).out.strip()
    town.run("bundle", "open", path, "--to", to + "/bag", "--yes", status=0)
    found = [f for where, _, fs in os.walk(to + "/bag") for f in
             [os.path.join(where, x) for x in fs] if f.endswith("rows.jsonl")]
    with open(found[0], encoding="utf-8") as f:
        return sorted(json.loads(line)["uid"] for line in f)


def test_the_rows_after_a_long_time(tmp_path):
    """After so many entries of the journal that they are not kept in memory,
    the same records are found: the changed ones and no other."""
    county, town = lab.county(tmp_path), lab.town(tmp_path)
    names = [town.village(i)[0] for i in range(3)]
    town.import_csv("child", lab.csv_text(lab.children(6, names)), 0)
    stick = str(tmp_path / "first")
    sticks.enrol(county, town, stick)
    sticks.receive(county, stick)
    town.run("bundle", "apply", stick, status=0)
    town.import_csv("child", lab.csv_text(lab.children(2, names, 6)), 0)
    shutil.copytree(town.home, tmp_path / "long")
    (tmp_path / "long" / "keys" / "highwater").unlink(missing_ok=True)
    long = lab.Site(tmp_path / "long")
    long.sql("UPDATE journal SET seq = seq + 50000 WHERE seq ="
             " (SELECT max(seq) FROM journal)")
    want = rows(town, str(tmp_path / "a"))
    assert want == rows(long, str(tmp_path / "b"))
    new = {u for u, in town.sql("SELECT uid FROM child ORDER BY"
                                " created_at, uid LIMIT 2 OFFSET 6")}
    assert len(new) == 2 and new < set(want) and len(want) < 12
