"""When is somebody sixteen: on the birthday, or the day after."""
import os
import shutil

import pytest

import lab

DAY = "2026-11-30"
ENV = {"TONGJI_TODAY": DAY}
# born; on DAY by the birthday, by the day after: 留守 still, 超龄
CHILDREN = {
    "今十六": ("2010-11-30", 1, False, True),
    "昨十六": ("2010-11-29", 1, False, False),
    "明十六": ("2010-12-01", 1, True, True),
}


@pytest.fixture
def site(tmp_path):
    town = lab.town(str(tmp_path))
    shutil.copytree(os.path.join(lab.TOP, "data"), town.path("data"))
    return town


def day_after(site):
    with open(site.path("data", "rules", "children.csv"), "a") as f:
        f.write("age,full,1,day,某县〔2026〕1号,2026-01-01,,县里的口径,\n")


def fill(site, children):
    v = site.village(0)[0]
    rows = [{"name": n, "id_number": lab.id_number(b, i + 1), "village": v,
             "category": "留守", "registered_on": "2020-01-05"}
            for i, (n, b) in enumerate(children)]
    r = site.import_csv("child", lab.csv_text(rows, list(rows[0])), env=ENV)
    assert lab.counts(r)[0] == len(rows), r


def listed(site, name, day):
    """Who stands in a report of that day."""
    out = site.run("report", name, "--date", day, "--format", "csv",
                   env={"TONGJI_TODAY": day}).out
    return {n for n in site.names if n in out}


def total(site, day):
    out = site.run("report", "排查汇总表", "--date", day, "--format", "csv",
                   env=ENV).out
    return int(next(line for line in out.splitlines()
                    if line.startswith("合计,")).split(",")[1])


@pytest.mark.parametrize("after", [False, True])
def test_sixteen_on_the_report_day(site, after):
    if after:
        day_after(site)
    site.names = list(CHILDREN)
    fill(site, [(n, c[0]) for n, c in CHILDREN.items()])
    left = {n for n, c in CHILDREN.items() if c[2 + after]}
    assert total(site, DAY) == len(left)
    assert listed(site, "aged_out", DAY) == set(CHILDREN) - left


@pytest.mark.parametrize("after,day", [(False, "2030-03-01"),
                                       (True, "2030-03-02")])
def test_born_on_29_february(site, after, day):
    """Eighteen in a year without the day: 1 March is the birthday."""
    if after:
        day_after(site)
    site.names = ["闰年儿"]
    fill(site, [("闰年儿", "2012-02-29")])
    before = "2030-03-0%d" % (int(day[-1]) - 1) if after else "2030-02-28"

    def why(on):
        return site.run("report", "aged_out", "--date", on, "--format",
                        "csv", env={"TONGJI_TODAY": on}).out

    assert "17" in why(before) and "满16周岁" in why(before)
    assert "18" in why(day) and "满16周岁" not in why(day)


@pytest.mark.parametrize("after", [False, True])
def test_born_today_is_nought(site, after):
    if after:
        day_after(site)
    site.names = ["新生儿"]
    fill(site, [("新生儿", DAY)])
    assert total(site, DAY) == 1
