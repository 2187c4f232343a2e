"""A roster with every kind of dirt that townships' rosters have: what is
accepted, as what, and what is refused, for which reason.

Every case is one row of one file, so that the cases also must not disturb
each other: one import, then a look at each row."""
import csv

import pytest

import lab

GOOD = lab.id_number("2015-03-01", 11)
HEAD = ["name", "id_number", "no_id_reason", "sex", "birth_date", "village",
        "category", "guardian_name", "guardian_relation", "guardian_phone",
        "siblings", "medical_insured", "class_name", "note"]


def number(n):
    """A boy's number of his own, born 2015-03-01."""
    return lab.id_number("2015-03-01", 101 + 2 * n)


def wrong_digit(text):
    return text[:-1] + ("1" if text[-1] != "1" else "2")


FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
WITH_X = next(n for n in (lab.id_number("2016-05-%02d" % d, 7)
                          for d in range(1, 29)) if n.endswith("X"))
ZEROS = "370323201503010000"

# name of the case: what differs from a clean row, what must be stored.
ACCEPTED = {
    "clean": ({}, {}),
    "full-width digits": (
        {"id_number": number(1).translate(FULL),
         "guardian_phone": "１３８０５３３００１１"},
        {"id_number": number(1), "guardian_phone": "13805330011"}),
    "lower-case x": ({"id_number": WITH_X.lower(), "birth_date": "",
                      "sex": ""}, {"id_number": WITH_X, "sex": "1"}),
    "blanks inside the number": (
        {"id_number": " ".join((number(2)[:6], number(2)[6:14],
                                number(2)[14:]))}, {"id_number": number(2)}),
    "apostrophe of a spreadsheet": (
        {"id_number": "'" + number(3), "guardian_phone": "'13805330012"},
        {"id_number": number(3), "guardian_phone": "13805330012"}),
    "blanks in the name": ({"name": " 李　四 "}, {"name": "李四"}),
    "zero-width characters": ({"name": "王\u200b五\ufeff"}, {"name": "王五"}),
    "dots of a long name": ({"name": "阿依•古丽"}, {"name": "阿依·古丽"}),
    "rare characters": ({"name": "㛃𠅤"}, {"name": "㛃𠅤"}),
    "a name of 24 characters": (
        {"name": "欧珠次仁旺堆多吉" * 3}, {"name": "欧珠次仁旺堆多吉" * 3}),
    "date 2015-3-1": ({"birth_date": "2015-3-1"},
                      {"birth_date": "2015-03-01"}),
    "date 2015/03/01": ({"birth_date": "2015/03/01"},
                        {"birth_date": "2015-03-01"}),
    "date 20150301": ({"birth_date": "20150301"},
                      {"birth_date": "2015-03-01"}),
    "date 2015年3月1日": ({"birth_date": "2015年3月1日"},
                      {"birth_date": "2015-03-01"}),
    "date 2015.3.1": ({"birth_date": "2015.3.1"},
                      {"birth_date": "2015-03-01"}),
    "date with midnight": ({"birth_date": "2015/3/1 0:00:00"},
                           {"birth_date": "2015-03-01"}),
    "date and sex from the number": (
        {"birth_date": "", "sex": ""},
        {"birth_date": "2015-03-01", "sex": "1"}),
    "label for code": ({"sex": "男", "guardian_relation": "父亲"},
                       {"sex": "1", "guardian_relation": "51"}),
    "usual word for code": ({"guardian_relation": "爷爷"},
                            {"guardian_relation": "61"}),
    "yes as 1": ({"medical_insured": "1"}, {"medical_insured": "yes"}),
    "yes as √": ({"medical_insured": "√"}, {"medical_insured": "yes"}),
    "no as 否": ({"medical_insured": "否"}, {"medical_insured": "no"}),
    "no as FALSE": ({"medical_insured": "FALSE"}, {"medical_insured": "no"}),
    "several categories with ；": (
        {"category": "家庭贫困；留守"}, {"category": ";left_behind;poor;"}),
    "several categories with 、": (
        {"category": "残疾、留守儿童"},
        {"category": ";left_behind;disabled;"}),
    "several categories with ;": (
        {"category": "poor;orphan;"}, {"category": ";orphan;poor;"}),
    "only 困境": ({"category": "困境"}, {"category": ";difficulty;"}),
    "number written as 2.0": ({"siblings": "2.0"}, {"siblings": 2}),
    "number in full width": ({"siblings": "３"}, {"siblings": 3}),
    "landline": ({"guardian_phone": "0533—3221234"},
                 {"guardian_phone": "0533-3221234"}),
    "phone with +86": ({"guardian_phone": "+86 138 0533 0013"},
                       {"guardian_phone": "13805330013"}),
    "line break in a note": ({"note": "第一行\n第二行"},
                             {"note": "第一行\n第二行"}),
    "quotes in a note": ({"note": '小名"毛毛"，乖'},
                         {"note": '小名"毛毛"，乖'}),
    "formula stays text": ({"class_name": "=1+1"}, {"class_name": "=1+1"}),
    "guarded formula": ({"class_name": "'=1+2"}, {"class_name": "=1+2"}),
    "SQL stays text": ({"class_name": "'); DROP TABLE child"},
                       {"class_name": "'); DROP TABLE child"}),
    "no number but a reason": (
        {"id_number": "", "no_id_reason": "新生未落户"}, {"id_number": None}),
}

REFUSED = {
    "no name": ({"name": "  "}, "姓名", "必须填写"),
    "no category": ({"category": ""}, "儿童类别", "必须填写"),
    "no village": ({"village": ""}, "村（社区）", "必须填写"),
    "neither number nor reason": ({"id_number": ""}, "证件号码", "无证原因"),
    "wrong check digit": ({"id_number": wrong_digit(number(60))},
                          "证件号码", "校验不对"),
    "too short": ({"id_number": number(61)[:17]}, "证件号码", "校验不对"),
    "too long": ({"id_number": number(62) + "9"}, "证件号码", "最多18位"),
    "letters in it": ({"id_number": number(63)[:16] + "O" + "1"},
                      "证件号码", "校验不对"),
    "Chinese in it": ({"id_number": "待补办"}, "证件号码", "只能是数字和字母"),
    "scientific notation": ({"id_number": "3.70323E+17"}, "证件号码",
                            "科学记数"),
    "fifteen digits left": ({"id_number": ZEROS}, "证件号码", "前 15 位"),
    "phone destroyed": ({"guardian_phone": "1.38E+10"}, "监护人电话",
                        "科学记数"),
    "sex against the number": ({"sex": "女"}, "性别", "性别与证件号码不符"),
    "birth against the number": ({"birth_date": "2015-03-02"}, "出生日期",
                                 "出生日期与证件号码不符"),
    "birth tomorrow": ({"id_number": "", "no_id_reason": "新生未落户",
                        "birth_date": "2026-11-23"}, "出生日期", "晚于今天"),
    "no such day": ({"birth_date": "2015-02-29"}, "出生日期", "2"),
    "two-digit year": ({"birth_date": "15-3-1"}, "出生日期", "四位"),
    "day in front": ({"birth_date": "1/3/2015"}, "出生日期", "2015"),
    "a month only": ({"birth_date": "2015年3月"}, "出生日期", "日"),
    "a spreadsheet's day number": ({"birth_date": "42064"}, "出生日期", ""),
    "unknown code": ({"category": "留守；外星"}, "儿童类别", "外星"),
    "unknown relation": ({"guardian_relation": "二大爷"}, "与儿童关系",
                         "二大爷"),
    "unknown village": ({"village": "桃花源村"}, "村（社区）", "桃花源"),
    "phone too short": ({"guardian_phone": "138053300"}, "监护人电话", ""),
    "number is words": ({"siblings": "两个"}, "兄弟姐妹数", ""),
    "number out of range": ({"siblings": "21"}, "兄弟姐妹数", "20"),
    "yes/no is something else": ({"medical_insured": "可能"}, "居民医保",
                                 "可能"),
    "name too long": ({"name": "长" * 73}, "姓名", "太长"),
    "escape sequence": ({"name": "张\x1b[31m三"}, "姓名", ""),
    "right-to-left override": ({"class_name": "一\u202e二"}, "年级班级", ""),
    "spreadsheet error": ({"guardian_name": "#N/A"}, "监护人", "#N/A"),
    "column too narrow": ({"birth_date": "########"}, "出生日期", "####"),
    "two faults": ({"sex": "无", "siblings": "x"}, "性别", "兄弟姐妹数"),
}


def clean(n, village):
    return {"name": lab.name_of(n), "id_number": number(n + 100),
            "no_id_reason": "", "sex": "男", "birth_date": "2015-03-01",
            "village": village, "category": "留守",
            "guardian_name": lab.name_of(n + 400),
            "guardian_relation": "父亲", "guardian_phone": "13805339999",
            "siblings": "", "medical_insured": "", "class_name": "",
            "note": "n%d" % n}


@pytest.fixture(scope="module")
def dirty(tmp_path_factory):
    town = lab.town(tmp_path_factory.mktemp("dirty"))
    village = town.village(0)[0]
    rows = []
    for n, (case, (change, *_)) in enumerate(
            list(ACCEPTED.items()) + list(REFUSED.items())):
        row = clean(n, village)
        row.update(change)
        row["case"] = case
        rows.append(row)
    town.result = town.import_csv(
        "child", lab.csv_text(rows, HEAD + ["case"]), None, None,
        env={"TONGJI_TODAY": "2026-11-22"})
    with open(town.path("child.csv.rejects.csv"), encoding="utf-8",
              newline="") as f:
        town.rejects = list(csv.DictReader(f))
    town.rows = {r["case"]: r for r in rows}
    return town


def test_there_are_enough():
    assert len(REFUSED) >= 30 and len(ACCEPTED) >= 30


def test_counts(dirty):
    r = dirty.result
    assert r.rc == 1, repr(r)
    assert lab.counts(r) == (len(ACCEPTED), 0, 0, len(REFUSED)), repr(r)
    assert "case" in r.err          # the extra column is named
    assert "民族" in r.err           # so are missing ones


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted(dirty, case):
    stored = ACCEPTED[case][1]
    row = dirty.rows[case]
    for field, value in stored.items():
        if row["note"].startswith("n") and row["note"][1:].isdigit():
            got = dirty.sql('SELECT "%s" FROM child WHERE note = ?' % field,
                            row["note"])
        else:
            got = dirty.sql('SELECT "%s" FROM child WHERE note = ?' % field,
                            stored["note"])
        assert got == [(value,)], case
    assert not [r for r in dirty.rejects if r["case"] == case]


@pytest.mark.parametrize("case", REFUSED)
def test_refused(dirty, case):
    change, label, word = REFUSED[case]
    found = [r for r in dirty.rejects if r["case"] == case]
    assert len(found) == 1, case
    reason = found[0]["原因"]
    assert found[0]["字段"] == label, found[0]
    assert word in reason and lab.has_chinese(reason), reason
    assert found[0]["note"] == dirty.rows[case]["note"]
    assert not dirty.sql("SELECT 1 FROM child WHERE note = ?",
                         dirty.rows[case]["note"])


def test_line_numbers(dirty):
    """They count lines of the file as an editor does: a note has two."""
    lines = open(dirty.path("child.csv"), encoding="utf-8",
                 newline="").read().split("\n")
    for r in dirty.rejects:
        assert r["case"] in lines[int(r["行号"]) - 1], r


def test_messages_are_harmless(dirty):
    assert b"\x1b" not in dirty.result.raw_err
    assert "\u202e" not in dirty.result.err


def test_rejects_are_private(dirty):
    import os
    import stat
    mode = os.stat(dirty.path("child.csv.rejects.csv")).st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_nothing_half_applied(dirty):
    n = len(ACCEPTED)
    assert dirty.one("SELECT count(*) FROM child") == n
    assert dirty.one("SELECT count(DISTINCT child) FROM guardian") == n
    dirty.run("check", status=0)


def test_corrected_rejects_go_in(dirty, tmp_path):
    """The rejects file is itself a roster."""
    rows = [dict(r, **{k: v for k, v in clean(i + 300, dirty.village(0)[0])
                       .items()}) for i, r in enumerate(dirty.rejects)]
    r = dirty.import_csv("child", lab.csv_text(rows), 0, "again.csv")
    assert lab.counts(r) == (len(REFUSED), 0, 0, 0), repr(r)
    assert "多余的列（没有导入）：case" in r.err


def test_all_faults_of_a_row_at_once(town):
    """A cell that cannot be read does not hide what is wrong elsewhere; what
    hangs on that cell is not guessed at; refused again, the file has its
    three columns once."""
    v = town.village(0)[0]
    head = ["name", "id_number", "sex", "birth_date", "village", "category",
            "ethnicity"]
    good = lab.id_number("2016-03-15", 1)
    rows = [
        dict(name="甲", id_number=good, sex="女", birth_date="2016-03-15",
             village=v, category="留守x", ethnicity="汉"),
        dict(name="乙", id_number="12", sex="男", birth_date="2016-03-15",
             village="没有这个村", category="", ethnicity="汉"),
        dict(name="", id_number=lab.id_number("2016-03-15", 3), sex="男",
             birth_date="2016-13-15", village=v, category="留守",
             ethnicity="外星"),
    ]
    path = town.path("roster.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write(lab.csv_text(rows, head))
    said = [("留守x", "性别与证件号码不符"), ("没有这个村", "儿童类别"),
            ("2016-13-15", "外星", "姓名")]
    for _ in range(2):
        r = town.run("import", "child", path)
        assert lab.counts(r) == (0, 0, 0, 3), r
        path += ".rejects.csv"
        with open(path, encoding="utf-8-sig", newline="") as f:
            table = list(csv.reader(f))
        assert table[0] == ["行号", "字段", "原因"] + head
        for row, words in zip(table[1:], said):
            assert len(row) == len(table[0])
            for word in words:
                assert word in row[2], row
        # her number could not be read: nobody knows that it is missing
        assert "无证原因" not in table[2][2]
