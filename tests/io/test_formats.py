"""What files look like: encodings, delimiters, line ends, titles above the
header and sums below it, workbooks."""
import csv
import datetime
import io
import os
import zipfile

import openpyxl
import pytest

import lab

TODAY = {"TONGJI_TODAY": "2026-11-22"}


def table(village, n=3, header=("姓名", "身份证号", "村", "儿童类别", "备注")):
    rows = [list(header)]
    for i in range(n):
        rows.append([lab.name_of(i), lab.id_number("2015-03-01", 2 * i + 11),
                     village, "留守；流动", "第%d个，有㛃字" % i])
    return rows


def text(rows, delimiter=",", end="\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def fresh(town):
    return town.village(0)[1]


ENCODINGS = {
    "utf-8": lambda t: t.encode("utf-8"),
    "utf-8 bom": lambda t: t.encode("utf-8-sig"),
    "gb18030": lambda t: t.encode("gb18030"),
    "gbk": lambda t: t.replace("㛃", "姗").encode("gbk"),
    "utf-16le": lambda t: b"\xff\xfe" + t.encode("utf-16-le"),
    "utf-16be": lambda t: b"\xfe\xff" + t.encode("utf-16-be"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(town, encoding):
    data = ENCODINGS[encoding](text(table(fresh(town))))
    r = town.import_csv("child", data, 0)
    assert lab.counts(r) == (3, 0, 0, 0)
    want = "姗" if encoding == "gbk" else "㛃"
    assert town.one("SELECT count(*) FROM child WHERE note LIKE ?",
                    "%" + want + "%") == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(town, delimiter, end):
    rows = table(fresh(town))
    if delimiter == ";":
        rows[1][3] = "留守、流动"
    data = text(rows, delimiter, end)
    r = town.import_csv("child", data, 0)
    assert lab.counts(r) == (3, 0, 0, 0)
    assert town.one("SELECT count(*) FROM child WHERE category ="
                    " ';left_behind;migrant;'") == 3


def test_encoding_said_wrongly(town):
    data = text(table(fresh(town))).encode("gb18030")
    r = town.import_csv("child", data, 3, None, "--encoding", "utf-8")
    assert "UTF-8" in r.err and lab.has_chinese(r.err)
    assert town.one("SELECT count(*) FROM child") == 0
    r = town.import_csv("child", data, 2, None, "--encoding", "latin1")


def test_rejects_keep_the_encoding(town):
    rows = table(fresh(town))
    rows[2][1] = ""
    for encoding in ("gb18030", "utf-8", "utf-8 bom", "utf-16le"):
        r = town.import_csv("child", ENCODINGS[encoding](text(rows)), 1)
        path = town.path("child.csv.rejects.csv")
        got = open(path, "rb").read()
        if encoding == "gb18030":
            lines = got.decode("gb18030")
        else:
            assert got.startswith(b"\xef\xbb\xbf") == (encoding != "utf-8")
            lines = got.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(lines, newline="")))
        assert lines[0] == ["行号", "字段", "原因"] + rows[0]
        assert [lines[1][0]] + lines[1][3:] == ["3"] + rows[2]
        assert len(lines) == 2
    rows[2][1] = lab.id_number("2015-03-01", 13)
    town.import_csv("child", text(rows), 0)
    assert not os.path.exists(path)     # an old one would mislead


def test_titles_sums_and_feet(town):
    rows = table(fresh(town))
    head, body = rows[0], rows[1:]
    data = text([["沂源县悦庄镇农村留守儿童花名册", "", "", "", ""],
                 ["填报单位：悦庄镇", "", "", "2026年11月", ""],
                 ["", "", "", "", ""],
                 ["序号"] + head, ["1"] + body[0], ["2"] + body[1],
                 ["", "", "", "", "", ""], ["序号"] + head, ["3"] + body[2],
                 ["合 计", "3", "", "", "", ""],
                 ["填表人：王芳", "", "", "审核：李强", "", ""]])
    r = town.import_csv("child", data, 0)
    assert lab.counts(r) == (3, 0, 0, 0)
    for line in (8, 10, 11):
        assert "第 %d 行" % line in r.err, r
    assert "表头在第 4 行" in r.err


def test_two_rows_of_header(town):
    rows = [["姓名", "证件号码", "村", "类别", "监护人", "", "备注"],
            ["", "", "", "", "姓名", "联系电话", ""],
            ["张三", lab.id_number("2015-03-01", 11), fresh(town), "留守",
             "张大山", "13805330001", "好"]]
    r = town.import_csv("child", text(rows), 0)
    assert lab.counts(r) == (1, 0, 0, 0)
    assert town.sql("SELECT name, guardian_name, guardian_phone, note"
                    " FROM child") == [("张三", "张大山", "13805330001", "好")]


def test_header_in_other_words(town):
    rows = table(fresh(town), header=(
        "学生姓名", "＊公民身份号码（必填）", "村（居）", "儿童 类型", "备注："))
    r = town.import_csv("child", text(rows), 0)
    assert lab.counts(r) == (3, 0, 0, 0)
    assert "多余" not in r.err


def test_a_map(town):
    rows = table(fresh(town), header=("A", "B", "C", "D", "姓名"))
    path = town.path("map.csv")
    for encoding in ("utf-8", "gb18030"):
        with open(path, "w", encoding=encoding) as f:
            f.write("列名,字段\nA,name\nB,证件号码\nC,村（社区）\nD,category\n"
                    "姓名,\n")
        r = town.import_csv("child", text(rows), 0, None, "--map", path)
        assert lab.counts(r)[3] == 0 and "多余" not in r.err
    assert town.one("SELECT count(*) FROM child WHERE note IS NULL") == 3
    with open(path, "w") as f:
        f.write("A,nmae\n")
    r = town.import_csv("child", text(rows), 3, None, "--map", path)
    assert "nmae" in r.err and "name" in r.err and "第 1 行" in r.err


def test_no_header(town):
    r = town.import_csv("child", "张三,370323\n李四,370323\n", 3)
    assert "找不到表头" in r.err and "姓名" in r.err


def test_two_columns_for_one_field(town):
    rows = table(fresh(town))
    rows[0][4] = "姓名"
    r = town.import_csv("child", text(rows), 3)
    assert "第 1 列" in r.err and "第 5 列" in r.err
    assert town.one("SELECT count(*) FROM child") == 0


def test_missing_columns_are_named(town):
    r = town.import_csv("child", "姓名,性别,血型\n张三,男,A\n", 1)
    assert "血型" in r.err
    for label in ("村（社区）", "儿童类别"):
        assert label in r.err
    tried = town.import_csv("child", "姓名,性别,血型\n张三,男,A\n", 1,
                            None, "--dry-run")
    for label in ("村（社区）", "儿童类别", "证件号码", "民族"):
        assert label in tried.err
    assert lab.counts(r) == (0, 0, 0, 1)


def test_open_quote_refuses_the_file(town):
    data = text(table(fresh(town))) + '"王五,37,村\n李六,38,村\n'
    r = town.import_csv("child", data, 3)
    assert "第 5 行" in r.err and "引号" in r.err
    assert town.one("SELECT count(*) FROM child") == 0


def test_a_slipped_row(town):
    rows = table(fresh(town))
    rows[2].insert(1, "多")
    r = town.import_csv("child", text(rows), 1)
    assert lab.counts(r) == (2, 0, 0, 1)
    assert "比表头多出" in r.err


@pytest.mark.parametrize("name, data, word", [
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLSX|.xlsx"),
    ("a.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLSX|.xlsx"),
    ("a.ods", b"PK\x03\x04" + b"\0" * 99, "XLSX"),
    ("a.pdf", b"%PDF-1.7\n" + b"\0" * 99, "PDF"),
    ("a.csv", b"", "空文件"),
    ("a.csv", "姓名,村\n张三\0,x\n".encode(), "空字节"),
    ("a.csv", "姓名,村\n张三,x\n".encode() * 40 + b"\xff\xfe\xfd,x\n", "编码"),
    ("a.xlsx", b"PK\x03\x04" + os.urandom(500), "XLSX|WPS"),
])
def test_other_files(town, name, data, word):
    r = town.import_csv("child", data, 3, name)
    assert any(w in r.err for w in word.split("|")), r
    assert lab.has_chinese(r.err)
    assert town.one("SELECT count(*) FROM child") == 0


def test_no_such_file_or_form(town):
    r = town.run("import", "child", town.path("none.csv"), status=3)
    assert "none.csv" in r.err
    r = town.import_csv("chlid", "name\nx\n", 2, "a.csv")
    assert "child" in r.err


# ---- workbooks ---------------------------------------------------------------

def book(path, sheets):
    w = openpyxl.Workbook()
    w.remove(w.active)
    for title, rows in sheets:
        s = w.create_sheet(title)
        for row in rows:
            s.append(row)
    w.save(path)
    return w


def small_book(path, rows, front=""):
    """The least that is a workbook; `rows` is the sheet's XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet"
                   " name='甲' r:id='a'/></sheets></workbook>")
        z.writestr("xl/_rels/workbook.xml.rels", "<Relationships>"
                   "<Relationship Id='a' Target='worksheets/s.xml'/>"
                   "</Relationships>")
        with z.open("xl/worksheets/s.xml", "w", force_zip64=True) as f:
            f.write((front + "<worksheet><sheetData>").encode())
            for piece in [rows] if isinstance(rows, str) else rows:
                f.write(piece.encode())
            f.write(b"</sheetData></worksheet>")


def import_book(town, path, status=0, *more):
    return town.run("import", "child", path, *more, status=status, env=TODAY)


def test_workbook(town):
    path = town.path("a.xlsx")
    rows = table(fresh(town))
    rows[0] += ["出生日期", "监护人电话"]
    for i, row in enumerate(rows[1:]):
        row += [datetime.date(2015, 3, 1), 13805330000 + i]
    book(path, [("说明", [["这是填表说明"]]), ("花名册", [["某镇花名册"]] + rows),
                ("Sheet3", [])])
    r = import_book(town, path)
    assert lab.counts(r) == (3, 0, 0, 0)
    assert "工作表“花名册”" in r.err
    assert town.sql("SELECT birth_date, guardian_phone FROM child"
                    " ORDER BY guardian_phone")[0] == (
                        "2015-03-01", "13805330000")
    assert lab.counts(import_book(town, path)) == (0, 0, 3, 0)


def test_sheet_by_name_and_number(town):
    path = town.path("a.xlsx")
    a, b = table(fresh(town), 2), table(fresh(town), 3)
    book(path, [("一", a), ("二", b)])
    r = import_book(town, path, 0, "--dry-run", "--sheet", "二")
    assert lab.counts(r) == (3, 0, 0, 0)
    r = import_book(town, path, 0, "--dry-run", "--sheet", "1")
    assert lab.counts(r) == (2, 0, 0, 0)
    r = import_book(town, path, 3, "--sheet", "三")
    assert "1.一" in r.err and "2.二" in r.err
    r = import_book(town, path, 0)
    assert "--sheet" in r.err           # the other one looks like one too


def test_merged_cells(town):
    path = town.path("a.xlsx")
    rows = [["沂源县悦庄镇花名册", None, None, None, None]] + table(fresh(town))
    rows[3][2] = rows[4][2] = None
    w = openpyxl.Workbook()
    s = w.active
    for row in rows:
        s.append(row)
    s.merge_cells("A1:E1")
    s.merge_cells("C3:C5")              # the village, once for three children
    w.save(path)
    r = import_book(town, path)
    assert lab.counts(r) == (3, 0, 0, 0)
    assert town.one("SELECT count(DISTINCT village) FROM child") == 1


def test_numbers_of_a_workbook(town):
    path = town.path("a.xlsx")
    good = int(lab.id_number("2015-03-01", 12))
    rows = [["姓名", "证件号码", "村", "类别"],
            ["张一", 370323201503010000, fresh(town), "留守"],
            ["张二", 3.70323201503011e17, fresh(town), "留守"],
            ["张三", good, fresh(town), "留守"],
            ["张四", "=1+2", fresh(town), "留守"],
            ["张五", "#N/A", fresh(town), "留守"]]
    book(path, [("名册", rows)])
    r = import_book(town, path, 1)
    assert lab.counts(r) == (0, 0, 0, 5), r
    got = list(csv.reader(open(path + ".rejects.csv", encoding="utf-8-sig",
                               newline="")))
    assert [row[0] for row in got[1:]] == ["2", "3", "4", "5", "6"]
    for i in (1, 2, 3):                 # openpyxl keeps 16 digits of numbers
        assert "科学记数" in got[i][2]
    assert "公式" in got[4][2] and "#N/A" in got[5][2]


def test_digits_of_a_workbook(town):
    """Digits are taken as they stand, and seen through where they cannot."""
    path = town.path("a.xlsx")
    good = lab.id_number("2015-03-01", 12)
    cell = '<c t="inlineStr"><is><t>%s</t></is></c>'
    rows = "<row>%s</row>" % "".join(
        cell % t for t in ("姓名", "证件号码", "村", "类别"))
    for name, digits in (("张一", good), ("张二", "370323201503010000"),
                         ("张三", "3.7032320150301E+17")):
        rows += "<row>%s<c><v>%s</v></c>%s%s</row>" % (
            cell % name, digits, cell % fresh(town), cell % "留守")
    small_book(path, rows)
    r = import_book(town, path, 1)
    assert lab.counts(r) == (1, 0, 0, 2), r
    assert "第 3 行 张二：证件号码：这个号码只剩前 15 位" in r.err
    assert "第 4 行 张三：证件号码：这个号码被表格软件改成了科学记数" in r.err
    assert town.sql("SELECT name, id_number FROM child") == [("张一", good)]


def test_styles_and_strings(town):
    """Rich text, inline strings, booleans, dates of 1904, phonetic hints."""
    path = town.path("a.xlsx")
    number = lab.id_number("2015-03-01", 12)
    sheet = """<worksheet xmlns="http://schemas.openxmlformats.org/\
spreadsheetml/2006/main"><sheetData>
<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>证件号码</t>
</is></c><c t="inlineStr"><is><t>村</t></is></c><c t="inlineStr"><is><t>类别</t>
</is></c><c t="inlineStr"><is><t>登记日期</t></is></c><c t="inlineStr"><is>
<t>居民医保</t></is></c></row>
<row><c t="s"><v>0</v></c><c t="str"><f>A1</f><v>%s</v></c>
<c t="inlineStr"><is><r><t>%s</t></r><rPh><t>cun</t></rPh></is></c>
<c t="inlineStr"><is><t>留守</t></is></c><c s="1"><v>40000.0</v></c>
<c t="b"><v>1</v></c></row></sheetData></worksheet>""" % (number, fresh(town))
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": "<x:workbook xmlns:x='m' xmlns:r='r'><x:workbookPr"
        " date1904='1'/><x:sheets><x:sheet name='甲' r:id='a'/></x:sheets>"
        "</x:workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships><Relationship Id='a'"
        " Target='/xl/deep/one.xml'/></Relationships>",
        "xl/sharedStrings.xml": "<sst><si><r><t>阿</t></r><r><t>牛</t></r>"
        "<rPh><t>aniu</t></rPh></si></sst>",
        "xl/styles.xml": "<styleSheet><numFmts><numFmt numFmtId='200'"
        " formatCode='yyyy&quot;年&quot;m'/></numFmts><cellXfs><xf"
        " numFmtId='0'/><xf numFmtId='200'/></cellXfs></styleSheet>",
        "xl/deep/one.xml": sheet,
    }
    with zipfile.ZipFile(path, "w") as z:
        for name, body in parts.items():
            z.writestr(name, body)
    r = import_book(town, path)
    assert lab.counts(r) == (1, 0, 0, 0), r
    assert town.sql("SELECT name, id_number, registered_on, medical_insured"
                    " FROM child") == [("阿牛", number, "2013-07-07", "yes")]


def test_bomb(town):
    """A few kilobytes that unpack to gigabytes are refused in bounds."""
    path = town.path("a.xlsx")
    blank = " " * (1 << 20)
    small_book(path, (blank for _ in range(300)))
    assert os.path.getsize(path) < 1 << 20
    r = import_book(town, path, 3)
    assert "太大" in r.err


def test_too_many_cells(town):
    path = town.path("a.xlsx")
    row = "<row>%s</row>" % ("<c><v>1</v></c>" * 2000)
    small_book(path, (row for _ in range(4100)))
    r = import_book(town, path, 3)
    assert "太大" in r.err


def test_entities(town):
    path = town.path("a.xlsx")
    row = ('<row><c t="inlineStr"><is><t>%s</t></is></c></row>'
           "<row><c t='inlineStr'><is><t>&a;</t></is></c></row>" % "姓名")
    small_book(path, row, '<!DOCTYPE worksheet [<!ENTITY a SYSTEM'
               ' "file:///etc/hostname">]>')
    r = import_book(town, path, 3)
    assert lab.has_chinese(r.err)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_damaged_workbook(town, cut):
    path = town.path("a.xlsx")
    book(path, [("名册", table(fresh(town)))])
    data = open(path, "rb").read()
    r = town.import_csv("child", data[:int(len(data) * cut)], 3, "b.xlsx")
    assert lab.has_chinese(r.err)
    assert town.one("SELECT count(*) FROM child") == 0
