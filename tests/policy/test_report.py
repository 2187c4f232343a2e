"""排查汇总表 and the period reports on the hand-counted township."""
import csv
import io
import os
import re
import shutil
import subprocess
import zipfile

import lab
import township
from township import ENV


def survey(town, *more):
    r = town.run("report", "排查汇总表", "--month", "2026-11", "--format",
                 "csv", *more, env=ENV, status=0)
    rows = list(csv.reader(io.StringIO(r.out)))
    head = next(i for i, row in enumerate(rows) if row[:1] == ["村（社区）"])
    return rows, [dict(zip(rows[head], row)) for row in rows[head + 1:]
                  if len(row) == len(rows[head])]


def test_survey_numbers(town):
    # 甲二 15 f, 甲三 10 m, 甲四 9 f, 丁一 8 f; 甲一 is 16 on 11-30.
    _, table = survey(town)
    total = table[-1]
    assert total["村（社区）"] == "合计" and total["合计"] == "4"
    expect = {"年龄和性别：6-13岁男": 1, "年龄和性别：6-13岁女": 2,
              "年龄和性别：14-16岁女": 1, "就学情况：初中": 1,
              "就学情况：小学": 2, "就学情况：辍学": 1, "健康状况：健康": 4,
              "实际监护：祖辈": 1, "实际监护：亲友": 3,
              "户籍性质：未采集": 4, "监护情况：一般": 1, "监护情况：较好": 1,
              "监护情况：未采集": 2, "救助措施（可多项）：低保": 1,
              "救助措施（可多项）：未采集": 3}
    assert {k: int(total[k]) for k in expect} == expect
    assert len(table) == 4                      # A, B, D and the sum


def test_survey_cross_foots(town):
    _, table = survey(town)
    for row in table:
        blocks = {}
        for key, value in row.items():
            if "：" in key:
                block = key.split("：")[0]
                blocks[block] = blocks.get(block, 0) + int(value)
        multi = blocks.pop("救助措施（可多项）")
        assert set(blocks.values()) == {int(row["合计"])}, row
        assert multi >= int(row["合计"])
        assert len(blocks) == 8


def test_survey_changes_with_reasons(town):
    text = town.run("report", "排查汇总表", "--month", "2026-11", env=ENV,
                    status=0).out
    assert "增加 1 人：新登记 1" in text
    assert "减少 1 人：年满十六周岁 1" in text
    assert "甲一" not in text and "合计都等于总数" in text
    july = town.run("report", "排查汇总表", "--month", "2026-06", env=ENV,
                    status=0).out
    assert "减少 1 人：迁出本镇 1" in july


def test_names_only_when_asked(town):
    text = town.run("report", "排查汇总表", "--month", "2026-11", "--names",
                    env=ENV, status=0).out
    assert "含个人信息，不得外传" in text
    assert "甲一" in text and "甲二" in text and "未采集的孩子" in text


def test_monthly(town):
    text = town.run("report", "月报", "--month", "2026-11", env=ENV,
                    status=0).out
    lines = {line.split()[0]: line.split()[1:] for line in text.splitlines()
             if len(line.split()) > 3}
    assert lines["在册儿童"][:2] == ["10", "9"]
    assert lines["其中留守儿童"][:3] == ["4", "4", "持平"]
    assert lines["走访"][:3] == ["4", "0", "+4"]
    assert lines["其中见到孩子"][0] == "3"
    assert lines["活动"][:2] == ["7", "4"]
    assert lines["受理"][0] == "6" and lines["办结"][0] == "3"
    assert "填报单位（盖章）" in text and "还差 2 人" in text
    for name in ("甲二", "乙三", "丁一"):
        assert name not in text


def test_periods(town):
    quarter = town.run("report", "季报", "--month", "2026Q4", env=ENV,
                       status=0).out
    assert "2026年第4季度" in quarter
    half = town.run("report", "半年报", "--month", "2026-07", env=ENV,
                    status=0).out
    assert "2026年下半年" in half
    assert "2025年" in town.run("report", "年报", "--month", "2026", env=ENV,
                               status=0).out
    town.run("report", "月报", "--month", "2027-01", env=ENV, status=2)
    town.run("report", "月报", "--month", "2026-13", env=ENV, status=2)
    town.run("report", "没有的", env=ENV, status=2)


def test_html_is_one_page_of_its_own(town, tmp_path):
    out = tmp_path / "m.html"
    town.run("report", "月报", "--month", "2026-11", "--format", "html",
             "--out", out, env=ENV, status=0)
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "<svg" in page
    assert "src=" not in page and "http" not in page and "<script" not in page
    assert len(page.encode()) < 300 * 1024
    assert "@page{size:A4" in page


def test_workbook(town, tmp_path):
    import openpyxl
    out = tmp_path / "s.xlsx"
    town.run("report", "排查汇总表", "--month", "2026-11", "--format", "xlsx",
             "--out", out, env=ENV, status=0)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    cells = [c.value for row in sheet.iter_rows() for c in row]
    assert "农村留守儿童基本情况排查汇总表" in cells and 4 in cells
    town.run("report", "月报", "--format", "xlsx", env=ENV, status=2)


def test_director_gets_her_own_villages(town):
    rows = town.run("user", "list", env=ENV, status=0).out
    if "bingcun" not in rows:
        town.run("user", "add", "bingcun", "--role", "director", "--village",
                 township.B, "--password-stdin", stdin="Shan-Shui-27\n",
                 env=ENV, status=0)
    text = town.run("report", "排查汇总表", "--month", "2026-11", "--format",
                    "csv", env=ENV, status=0, login="bingcun").out
    total = [r for r in csv.reader(io.StringIO(text)) if r[:1] == ["合计"]]
    assert total[0][1] == "1"


def test_what_was_handed_in_stays(tmp_path):
    import json

    import lab
    site = lab.town(tmp_path)
    village = site.village(0)[0]

    def visits(rows):
        r = site.import_csv("visit", "child,visit_date,method,seen_child\n" +
                            "".join("甲,%s,入户,是\n" % d for d in rows),
                            env=ENV)
        assert lab.counts(r)[0] == len(rows), r

    site.import_csv("child", "name,no_id_reason,sex,birth_date,village,"
                    "category,registered_on\n甲,不详,男,2015-01-01,%s,留守,"
                    "2026-01-01\n" % village, 0, env=ENV)
    visits(["2026-10-05"])
    r = site.run("report", "月报", "--month", "2026-10", "--save", env=ENV,
                 status=0)
    assert "已存档：2026年10月 月报（第1次）" in r.err
    visits(["2026-10-20", "2026-10-21"])
    now = site.run("report", "月报", "--month", "2026-10", env=ENV, status=0)
    kept = site.run("report", "月报", "--month", "2026-10", "--saved",
                    env=ENV, status=0)
    line = {name: [x for x in out.splitlines() if x.startswith("走访 ")][0]
            .split()[1] for name, out in (("now", now.out),
                                          ("kept", kept.out))}
    assert line == {"now": "3", "kept": "1"}
    assert "第1次存档" in kept.err
    # Due on 04-01, 07-01 and 10-01, nobody came; then on 2027-01-05.
    assert site.sql("SELECT n, d FROM snapshot_number WHERE number ="
                    " 'yiyuan Y39.visits'") == [(0, 3)]
    assert site.one("SELECT count(*) FROM journal WHERE op = 'report'") == 1
    assert "第2次" in site.run("report", "月报", "--month", "2026-10",
                              "--save", env=ENV, status=0).err
    site.run("report", "月报", "--month", "2026-09", "--saved", env=ENV,
             status=3)
    site.run("report", "月报", "--save", "--names", env=ENV, status=2)
    site.run("check", env=ENV, status=0)
    site.run("user", "add", "yicun", "--role", "director", "--village",
             village, "--password-stdin", stdin=lab.PASSWORD + "\n", env=ENV,
             status=0)
    refused = site.run("report", "月报", "--save", env=ENV, login="yicun")
    assert refused.rc == 1 and "只有督导员" in refused.err
    assert json.loads(site.run("indicators", "--format", "json", env=ENV,
                               status=0).out)


def test_the_month_closes_when_the_office_says(town, tmp_path):
    """月结日 25: November is 10-26 to 11-25; the plans' years stay."""
    site = lab.Site(str(tmp_path / "town"))
    shutil.copytree(town.home, site.home)
    os.unlink(site.path("keys", "highwater"))
    site.sql("INSERT INTO meta(name, value) VALUES('closing_day', '25')")

    def lines(month):
        text = site.run("report", "月报", "--month", month, env=ENV,
                        status=0).out
        return text, {x.split()[0]: x.split()[1:] for x in text.splitlines()
                      if len(x.split()) > 3}

    text, nov = lines("2026-11")
    assert "2026-10-26 至 2026-11-25" in text
    assert nov["走访"][:2] == ["3", "0"]        # 11-27 is December's
    assert nov["活动"][:2] == ["7", "3"]
    assert nov["在册儿童"][:2] == ["10", "9"]
    assert lines("2026-12")[1]["走访"][:2] == ["1", "3"]
    year = site.run("report", "年报", "--month", "2026", env=ENV,
                    status=0).out
    assert "2025-12-26 至 2026-11-30" in year
    # The first screen's bars: since 11-26 one visit was due, and done.
    home = township.numbers(township.board(site, "home"))
    assert home["H1"] == (1, 1)
    assert township.numbers(township.board(site, "sichuan"))["S4.law"] == (
        1, None)
    site.run("report", "月报", "--month", "2026-11", "--save", env=ENV,
             status=0)
    assert site.sql("SELECT period, on_date FROM snapshot") == [
        ("2026-11", "2026-11-25")]


def sheets(path):
    """The texts of each sheet, by name."""
    with zipfile.ZipFile(path) as z:
        names = re.findall(r'<sheet name="([^"]*)"',
                           z.read("xl/workbook.xml").decode())
        shared = re.findall(r"<si>.*?</si>", z.read(
            "xl/sharedStrings.xml").decode(), re.S)
        words = [re.sub("<[^>]*>", "", s) for s in shared]
        out = {}
        for i, name in enumerate(names, 1):
            text = z.read("xl/worksheets/sheet%d.xml" % i).decode()
            out[name] = (text, [words[int(n)] for n in re.findall(
                r't="s"><v>(\d+)</v>', text)])
    return out


def test_the_board_as_a_workbook_and_a_page(town, tmp_path):
    path = str(tmp_path / "board.xlsx")
    town.run("indicators", "--format", "xlsx", "--out", path, env=ENV,
             status=0)
    book = sheets(path)
    assert len(book) == 2
    for text, words in book.values():
        for w in ("指标看板", "悦庄镇  业务日期 2026-11-30", "数值", "责任单位",
                  "填报单位（盖章）：", "审核人：", "2026-11-30"):
            assert w in words, w
        assert 'paperSize="9"' in text and 'orientation="landscape"' in text
        assert 'fitToHeight="0"' in text and "mergeCell " in text
    sichuan, yiyuan = [w for _, w in book.values()]
    assert "本镇 5 场" in sichuan and "全县目标 10 场" in sichuan
    assert "未达到，还差 2 人（12-31前）" in sichuan
    assert yiyuan.index("否决项") < yiyuan.index("还没达到的")
    assert any("推定" in w for w in yiyuan)
    page = str(tmp_path / "board.html")
    town.run("indicators", "--format", "html", "--out", page, "--scheme",
             "yiyuan", env=ENV, status=0)
    with open(page, encoding="utf-8") as f:
        text = f.read()
    assert "填报单位（盖章）" in text and "Y47" in text and "S16" not in text
    town.run("indicators", "--format", "xlsx", env=ENV, status=2)
    town.run("indicators", "--out", path, env=ENV, status=2)


if os.environ.get("TONGJI_SOAK"):
    def look(argv, path):
        done = subprocess.run(argv, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300)
        assert os.path.exists(path), done.stdout
        return subprocess.run(["pdftotext", "-layout", path, "-"],
                              stdout=subprocess.PIPE, check=True,
                              text=True).stdout

    def test_office_and_browser_print_it(town, tmp_path):
        for kind, name in (("xlsx", "a"), ("html", "b")):
            town.run("report", "月报", "--month", "2026-11", "--format", kind,
                     "--out", str(tmp_path / ("%s.%s" % (name, kind))),
                     env=ENV, status=0)
        book = look(["soffice", "--headless", "--convert-to", "pdf",
                     "-env:UserInstallation=file://%s/office" % tmp_path,
                     "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")],
                    str(tmp_path / "a.pdf"))
        page = look(["chromium", "--headless", "--no-sandbox",
                     "--disable-gpu", "--no-pdf-header-footer",
                     "--print-to-pdf=%s/b.pdf" % tmp_path,
                     "file://%s/b.html" % tmp_path], str(tmp_path / "b.pdf"))
        for text in (book, page):
            for w in ("儿童工作月报", "在册儿童", "新任职人员合格率",
                      "填报单位（盖章）", "还差 2 人"):
                assert w in text, w


def test_the_names_are_a_file_of_their_own(town):
    text = town.run("report", "月报", "--month", "2026-11", "--names",
                    env=ENV, status=0).out
    assert "儿童工作月报名单" in text and "含个人信息，不得外传" in text
    assert "制表：" in text and "填报单位" not in text
    assert "在册儿童" not in text               # not the report again
    changes = text[text.index("增减和原因"):text.index("监护未落实")]
    rows = [x.split() for x in changes.splitlines()]
    assert ["+", "甲二"] in [r[1:3] for r in rows]
    assert ["满", "甲一"] in [r[1:3] for r in rows]
    assert "乙三" in text[text.index("监护未落实"):text.index("应走访")]
    june = town.run("report", "季报", "--month", "2026Q2", "--names", env=ENV,
                    status=0).out
    assert "迁出本镇" in june and "丁二" in june


def test_a_reason_goes_with_what_was_not_mended(town, tmp_path):
    site = lab.Site(str(tmp_path / "town"))
    shutil.copytree(town.home, site.home)
    os.unlink(site.path("keys", "highwater"))
    r = site.run("report", "月报", "--month", "2026-11", env=ENV, status=0)
    assert "处要紧的问题没有改。没有写照报的原因" in r.out
    r = site.run("report", "月报", "--month", "2026-11", "--save", "--reason",
                 "证件在补办", env=ENV, status=0)
    assert "照报的原因：2026-11-30 " in r.out and "证件在补办" in r.out
    saved = site.run("report", "月报", "--month", "2026-11", "--saved",
                     env=ENV, status=0).out
    assert "证件在补办" in saved
    # In the bundle's page too, and in the journal.
    to = str(tmp_path / "stick")
    os.mkdir(to)
    site.run("bundle", "create", "--to", to, env=ENV, status=1)
    file = next(f for f in os.listdir(to) if f.endswith(".age"))
    site.run("bundle", "open", os.path.join(to, file), "--to",
             str(tmp_path / "bag"), "--yes", env=ENV, status=0)
    page = next(p for p in (tmp_path / "bag").rglob("report.html"))
    assert "证件在补办" in page.read_text(encoding="utf-8")
    assert site.one("SELECT count(*) FROM journal WHERE op = 'override'") == 1
    # Two months on it is no reason any more.
    later = site.run("report", "月报", "--month", "2027-01",
                     env={"TONGJI_TODAY": "2027-02-01"}, status=0).out
    assert "没有写照报的原因" in later
