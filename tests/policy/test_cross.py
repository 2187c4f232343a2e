"""Cross tables on the hand-counted township (10 children in the ledger)."""
import csv
import io
import zipfile

from township import ENV


def table(town, *args, status=0):
    r = town.run("report", "统计", "--format", "csv", *args, env=ENV,
                 status=status)
    rows = list(csv.reader(io.StringIO(r.out)))
    at = next((i for i, row in enumerate(rows) if row[1:2] == ["合计"]), None)
    if at is None:
        return r
    out = {}
    for row in rows[at + 1:]:
        if not row:
            break
        out[row[0]] = dict(zip(rows[at][1:], row[1:]))
    return out


def test_two_fields(town):
    t = table(town, "--form", "child", "--rows", "sex", "--cols",
              "study_status")
    # 男 甲一 甲三 乙一 乙三 在学, 丙二 未入学; 女 甲二 乙二 丁一 在学, 甲四 辍学,
    # 丙一 too young.
    assert t["男"] == {"合计": "5", "在学": "4", "未到入学年龄": "0",
                      "适龄未入学": "1", "辍学": "0"}
    assert t["女"] == {"合计": "5", "在学": "3", "未到入学年龄": "1",
                      "适龄未入学": "0", "辍学": "1"}
    assert t["合计"]["合计"] == "10" and t["合计"]["在学"] == "7"


def test_several_codes_count_under_each(town):
    t = table(town, "--form", "child", "--rows", "category")
    assert {k: int(v["合计"]) for k, v in t.items()} == {
        "留守": 5, "孤儿": 2, "事实无人抚养": 1, "残疾": 2, "家庭贫困": 1,
        "合计": 10}


def test_filters_and_those_who_left(town):
    assert table(town, "--form", "child", "--rows", "sex", "--where",
                 "category=留守")["合计"]["合计"] == "5"
    assert table(town, "--form", "child", "--rows", "sex", "--where",
                 "category=留守", "--left-too")["合计"]["合计"] == "6"
    assert table(town, "--form", "child", "--rows", "sex", "--where",
                 "category=留守", "--where", "sex=女")["合计"]["合计"] == "3"
    assert table(town, "--form", "child", "--rows", "sex", "--where",
                 "guardian_name=")["合计"]["合计"] == "1"


def test_age_months_and_uncollected(town):
    t = table(town, "--form", "child", "--rows", "age")
    assert t["16岁"]["合计"] == "1" and list(t)[0] == "4岁"
    t = table(town, "--form", "visit", "--rows", "visit_date")
    assert {k: v["合计"] for k, v in t.items()} == {
        "2026-02": "1", "2026-11": "4", "合计": "5"}
    t = table(town, "--form", "child", "--rows", "teaching_mode")
    assert t["未采集"]["合计"] == "9" and list(t)[-2] == "未采集"


def test_mistakes(town):
    r = table(town, "--form", "child", "--rows", "sexx", status=2)
    assert "是不是 sex" in r.err
    assert "不能用来分类" in table(town, "--form", "child", "--rows", "name",
                             status=2).err
    assert "条件应写成" in table(town, "--form", "child", "--rows", "sex",
                            "--where", "sex", status=2).err
    assert table(town, "--form", "child", "--rows", "sex", "--where",
                 "sex=三", status=1).err
    table(town, "--form", "no_such", "--rows", "sex", status=2)
    table(town, "--rows", "sex", status=2)


def test_as_a_workbook_and_a_chart(town, tmp_path):
    for kind in ("xlsx", "html"):
        town.run("report", "统计", "--form", "child", "--rows", "sex",
                 "--cols", "study_status", "--format", kind, "--out",
                 str(tmp_path / ("t." + kind)), env=ENV, status=0)
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2 and "5  50.0%" in page
    with zipfile.ZipFile(tmp_path / "t.xlsx") as z:
        assert "适龄未入学" in z.read("xl/sharedStrings.xml").decode()
