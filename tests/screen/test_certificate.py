"""Certificates of a county class: numbers, pages, reprints, revocation."""
import glob
import html.parser
import os
import shutil
import subprocess

import pytest

import lab
from test_training import a_class, open_class, register

PEOPLE = ["王秀英", "李桂兰", "张玉芳", "欧阳丽红", "陈艳霞"]
DAY = {"TONGJI_TODAY": "2026-03-21"}


def results(site, rows, title="岗前培训"):
    r = site.import_csv("trainee", lab.csv_text(
        [{"training": title, **x} for x in rows]))
    assert lab.counts(r)[0] == len(rows), repr(r)


def county_class(site, **more):
    register(site, PEOPLE)
    a_class(site, organizer="沂源县民政局", has_exam="是", pass_mark="60",
            gives_certificate="是", issuer="沂源县民政局",
            certificate_prefix="沂民培", **more)
    results(site, [
        {"staff": "王秀英", "present": "是", "score": "88"},
        {"staff": "李桂兰", "present": "是", "score": "59"},
        {"staff": "张玉芳", "present": "否", "score": ""},
        {"staff": "欧阳丽红", "present": "是", "score": "60"},
        {"staff": "陈艳霞", "present": "是", "score": "95.5"}])


@pytest.fixture
def office(tmp_path):
    s = lab.site(os.path.join(str(tmp_path), "county"), lab.COUNTY)
    county_class(s)
    return s


class Page(html.parser.HTMLParser):
    """Sheets and their text; whatever would be fetched from elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.sheets, self.fetched = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        d = dict(attrs)
        if d.get("class") == "sheet":
            self.sheets.append("")
        if tag in ("script", "img", "link", "iframe") or "src" in d or \
                "href" in d:
            self.fetched.append(tag)

    def handle_data(self, data):
        if self.sheets:
            self.sheets[-1] += data


def outbox(site, kind):
    return sorted(glob.glob(site.path("发件箱", kind + "-*.html")))


def save_to_outbox(t):
    t.wait("放到哪里", "发件箱")
    t.press("end", "pgdn", "enter")
    t.wait("发件箱/")
    t.press("enter")


def certificates(t, title="岗前培训"):
    open_class(t, title)
    t.type("4")
    t.wait("给合格的人编证书号")


def numbers(site):
    return [n for n, in site.sql("SELECT certificate_no FROM trainee WHERE"
                                 " certificate_no IS NOT NULL ORDER BY 1")]


def test_issue_print_reprint_revoke(office, open_term):
    t = open_term(office, env=DAY)
    t.login()
    certificates(t)
    t.wait("给合格的人编证书号  3 人")
    t.type("1")
    t.wait("编出的号不能收回")
    t.press("enter")
    t.wait("给合格的人编证书号  0 人", "打印证书（没打过的）  3 人")
    want = ["沂民培〔2026〕%04d号" % n for n in (1, 2, 3)]
    assert numbers(office) == want
    t.type("2")
    save_to_outbox(t)
    t.wait("打印证书（没打过的）  0 人", "补打一个人的证书  3 人")
    page = Page(open(outbox(office, "证书")[0], encoding="utf-8").read())
    assert len(page.sheets) == 3 and page.fetched == []
    for number in want:
        assert sum(number in s for s in page.sheets) == 1
    text = "".join(page.sheets)
    assert "2026年3月20日" in text and "6学时" in text
    assert "李桂兰" not in text and "张玉芳" not in text
    for word in ("留守", "困境", "孤儿"):
        assert word not in text
    os.unlink(outbox(office, "证书")[0])
    # again, with a reason
    t.type("3")
    t.wait("补打谁的证书")
    t.type("wxy")
    t.wait("王秀英", "筛选: wxy")
    t.press("enter")
    t.wait("原因")
    t.type("证书丢失\r")
    save_to_outbox(t)
    t.wait("给合格的人编证书号  0 人")
    page = Page(open(outbox(office, "证书")[0], encoding="utf-8").read())
    assert len(page.sheets) == 1 and "王秀英" in page.sheets[0]
    assert office.one("SELECT reprints FROM trainee t JOIN staff s ON"
                      " s.uid=t.staff WHERE s.name='王秀英'") == 1
    assert office.one("SELECT count(*) FROM journal WHERE op='print'"
                      " AND vals LIKE '%补打证书%证书丢失%'") == 1
    # revoked: the number is not used again
    t.type("4")
    t.wait("作废谁的证书")
    t.type("cyx")
    t.wait("陈艳霞", "筛选: cyx")
    t.press("enter")
    t.wait("原因")
    t.type("替考\r")
    t.wait("作废一个人的证书  2 人")
    got = office.sql("SELECT revoked_on, revoked_reason FROM trainee t JOIN"
                     " staff s ON s.uid=t.staff WHERE s.name='陈艳霞'")[0]
    assert tuple(got) == ("2026-03-21", "替考")
    t.press("esc")
    t.close()
    a_class(office, "补训班", on="2026-03-21", organizer="沂源县民政局",
            gives_certificate="是", certificate_prefix="沂民培",
            has_exam="是", pass_mark="60")
    results(office, [{"staff": "李桂兰", "present": "是", "score": "70"}],
            "补训班")
    t = open_term(office, env=DAY)
    t.login()
    certificates(t, "补训班")
    t.type("1")
    t.wait("编出的号不能收回")
    t.press("enter")
    t.wait("给合格的人编证书号  0 人")
    assert numbers(office) == want + ["沂民培〔2026〕0004号"]
    # nor is the row deleted that a number hangs on
    t.press("esc")
    t.type("8")
    t.wait("共1条")
    t.type("d")
    t.wait("删除", "原因")
    t.type("不要了\r")
    t.wait("不能删除", "请作废证书")
    assert office.one("SELECT count(*) FROM trainee WHERE deleted") == 0
    office.run("check", status=0)


def test_who_left_is_named(office, open_term):
    office.sql("UPDATE staff SET left_on='2026-03-21' WHERE name='陈艳霞'")
    t = open_term(office, env=DAY)
    t.login()
    certificates(t)
    t.type("1")
    t.wait("编出的号不能收回", "离任：陈艳霞")
    t.press("esc")
    t.wait("给合格的人编证书号  3 人")
    assert numbers(office) == []


def test_attendance_list_of_a_spreadsheet(office):
    """As WPS saves it: Chinese headings, names; two of one name need the
    number."""
    office.import_csv("staff", lab.csv_text([
        {"name": "王秀英", "role": "儿童主任", "id_number":
         lab.id_number("1980-05-06", 8), "appointed_on": "2026-03-01",
         "village": office.sql("SELECT code FROM village WHERE length(code)"
                               "=12 ORDER BY code DESC")[0][0]}]), status=0)
    a_class(office, "四月班", on="2026-04-10", has_exam="是", pass_mark="60")
    text = ("培训班,学员,到场,成绩\r\n四月班,李桂兰,是,77\r\n"
            "四月班,王秀英,是,80\r\n四月班,%s,是,81\r\n"
            "四月班,张玉芳,否,\r\n" % lab.id_number("1980-05-06", 8))
    r = office.import_csv("trainee", text.encode("gb18030"), name="签到.csv")
    assert lab.counts(r) == (3, 0, 0, 1), repr(r)
    rejects = open(office.path("签到.csv.rejects.csv"),
                   encoding="gb18030").read()
    assert "王秀英" in rejects
    got = office.sql("SELECT s.name, t.score, t.result FROM trainee t"
                     " JOIN staff s ON s.uid=t.staff JOIN training g"
                     " ON g.uid=t.training WHERE g.title='四月班'"
                     " AND t.present='yes' ORDER BY t.score")
    assert [tuple(x) for x in got] == [("李桂兰", 77, "passed"),
                                       ("王秀英", 81, "passed")]


def test_a_township_numbers_nothing(town, open_term):
    """A county class: the county's database; a town class: 参训证明."""
    county_class(town)
    t = open_term(town, env=DAY)
    t.login()
    certificates(t)
    t.type("1")                     # refused before anything is asked
    assert "编出的号" not in t.wait("由县民政局的库编号", "镇里可以打参训证明")
    assert numbers(town) == []
    t.type("5")
    save_to_outbox(t)
    t.wait("打印参训证明")
    page = Page(open(outbox(town, "参训证明")[0], encoding="utf-8").read())
    assert len(page.sheets) == 4 and page.fetched == []
    assert all("特此证明" in s and "证书编号" not in s for s in page.sheets)


def test_a_town_class_is_told_in_whole_words(office, open_term):
    """The sentence fits the line; a look-up shows the whole title."""
    a_class(office, "新任儿童主任岗前培训", on="2026-04-10", level="镇级")
    t = open_term(office, env=DAY)
    t.login()
    t.type("4")
    t.choose("培训班")
    t.wait("共2条", "新任儿童主任岗前培训")
    t.type("n")
    t.wait("先查有没有", "新任儿童主任岗前培训  ")
    t.press("esc")
    t.wait("共2条", gone=("先查有没有",))
    t.press("enter")
    t.choose("证书与参训证明")
    t.wait("给合格的人编证书号")
    t.type("1")
    t.wait("镇级班打参训证明", "抄进培训签到")


def refused(site, form, row, *words):
    r = site.import_csv(form, lab.csv_text([row]), name="one.csv")
    assert lab.counts(r)[3] == 1, repr(r)
    text = open(site.path("one.csv.rejects.csv"), encoding="utf-8-sig").read()
    for w in words:
        assert w in text, text


def test_bad_input(office):
    """Every line of it is refused with its reason, or warned of."""
    row = {"training": "岗前培训"}
    refused(office, "trainee", {**row, "staff": "王秀英", "present": "是",
                                "score": "101"}, "成绩超过满分")
    refused(office, "trainee", {**row, "staff": "张玉芳", "present": "否",
                                "result": "合格"}, "没有到场，不能合格")
    refused(office, "trainee", {**row, "staff": "张玉芳", "present": "否",
                                "certificate_no": "X1"},
            "到场并合格的人才能有证书")
    refused(office, "trainee", {**row, "staff": "没有这人",
                                "present": "是"}, "没有这人")
    a_class(office, "明年的班", on="2099-01-05")
    refused(office, "trainee", {"training": "明年的班", "staff": "王秀英",
                                "present": "是"}, "这个班还没有开")
    # two of one name: which one?
    r = office.import_csv("staff", lab.csv_text([
        {"name": "王秀英", "role": "儿童主任", "appointed_on": "2026-03-01",
         "village": office.sql("SELECT code FROM village WHERE"
                               " length(code)=12 ORDER BY code DESC")[0][0]}
    ]), name="namesake.csv")
    assert lab.counts(r) == (1, 0, 0, 0), repr(r)
    refused(office, "trainee", {"training": "明年的班", "staff": "王秀英"},
            "王秀英")
    # twice in one class: the second row is the first one's
    r = office.import_csv("trainee", lab.csv_text(
        [{**row, "staff": "陈艳霞", "present": "是", "score": "95.5"}]),
        name="twice.csv")
    assert lab.counts(r) == (0, 0, 1, 0), repr(r)


def png_size(path):
    data = open(path, "rb").read(24)
    return int.from_bytes(data[16:20], "big"), \
        int.from_bytes(data[20:24], "big")


def test_the_page_as_a_picture(office, open_term, tmp_path):
    """One A4 sheet, landscape, for each; only with a browser at hand, which
    the long run has."""
    t = open_term(office, env=DAY)
    t.login()
    certificates(t)
    t.type("1")
    t.wait("编出的号不能收回")
    t.press("enter")
    t.wait("没打过的）  3 人")
    t.type("2")
    save_to_outbox(t)
    t.wait("没打过的）  0 人")
    path = outbox(office, "证书")[0]
    text = open(path, encoding="utf-8").read()
    assert "size:A4 landscape" in text and "break-after:page" in text
    browser = shutil.which("chromium")
    if not os.environ.get("TONGJI_SOAK"):
        return
    assert browser, "no chromium; make soak installs it"
    pdf, png = str(tmp_path / "c.pdf"), str(tmp_path / "c.png")
    common = [browser, "--headless", "--no-sandbox", "--disable-gpu",
              "--user-data-dir=%s" % (tmp_path / "profile")]
    subprocess.run(common + ["--no-pdf-header-footer",
                             "--print-to-pdf=" + pdf, "file://" + path],
                   check=True, timeout=120, stderr=subprocess.DEVNULL)
    data = open(pdf, "rb").read()
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") == 3
    subprocess.run(common + ["--screenshot=" + png,
                             "--window-size=1123,794", "file://" + path],
                   check=True, timeout=120, stderr=subprocess.DEVNULL)
    assert png_size(png) == (1123, 794)
