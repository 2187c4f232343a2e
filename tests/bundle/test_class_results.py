"""Results and certificates of a county class reach the township on the
receipt: of directors and of the supervisor, who has no village; and count
there."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import lab  # noqa: E402
from test_circle import base, clean, pair, receive, stick  # noqa: E402,F401


def s16(site, on):
    r = site.run("indicators", "--scheme", "sichuan", "--format", "json",
                 "--date", on, status=0)
    x = [x for x in json.loads(r.out) if x["id"] == "S16"][0]
    return x["numerator"], x["denominator"]


def test_certificates_come_down(pair, tmp_path):  # noqa: F811
    county, town = pair
    r = town.import_csv("staff", lab.csv_text([
        {"name": "赵主任", "role": "儿童主任", "village": town.village(0)[0],
         "appointed_on": "2026-03-01"},
        {"name": "钱督导", "role": "儿童督导员", "village": "",
         "appointed_on": "2026-03-01"}]))
    assert lab.counts(r) == (2, 0, 0, 0), repr(r)
    assert s16(town, "2026-04-01") == (0, 2)
    s = stick(tmp_path, "up")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    county.import_csv("training", lab.csv_text([
        {"title": "岗前培训", "level": "县级", "starts_on": "2026-03-20",
         "ends_on": "2026-03-20", "has_exam": "是", "pass_mark": "60"}]),
        status=0)
    r = county.import_csv("trainee", lab.csv_text([
        {"training": "岗前培训", "staff": n, "present": "是", "score": x,
         "certificate_no": "沂民培〔2026〕%04d号" % i}
        for i, (n, x) in enumerate((("赵主任", "70"), ("钱督导", "80")), 1)]))
    assert lab.counts(r) == (2, 0, 0, 0), repr(r)
    s = stick(tmp_path, "down")
    town.run("bundle", "create", "--to", s, status=0)
    receive(county, s, status=0)
    town.run("bundle", "apply", s, status=0)
    got = town.sql("SELECT s.name, t.result, t.certificate_no FROM trainee t"
                   " JOIN staff s ON s.uid=t.staff"
                   " JOIN training g ON g.uid=t.training ORDER BY 3")
    assert [tuple(x) for x in got] == [
        ("赵主任", "passed", "沂民培〔2026〕0001号"),
        ("钱督导", "passed", "沂民培〔2026〕0002号")]
    assert s16(town, "2026-04-01") == (2, 2)
    clean(county, town)
