"""Story 6: the mandatory report from anywhere, saved before it is finished,
and who may see it afterwards."""
import pytest

import lab
from ledger_help import ENV, TODAY, Typist, fill

SENTENCE = "先打110，再填表。不追问细节，不让孩子反复讲，不惊动涉嫌人"


@pytest.fixture
def village(town):
    code = town.village(0)[0]
    fill(town, "child", [
        {"name": "张晓明", "id_number": lab.id_number("2016-03-15", 1),
         "village": code, "category": "留守", "registered_on": "2025-09-01"}])
    return town


def test_two_keys_from_anywhere(village, open_term):
    """F9 shows it, one key saves it: from the first screen, a list, a
    record, the middle of a field and the help."""
    t = open_term(village, env=ENV)
    t.login()
    n = 0
    for way in ((), ("1",), ("1", "enter"), ("1", "n")):
        for k in way:
            (t.press if len(k) > 1 else t.type)(k)
            t.settle()
        k = Typist(t)
        k.press("f9")
        k.wait(SENTENCE, "2020年强制报告意见", "国发13号36号", "反家暴法14条")
        k.type("6")
        k.wait("强制报告", "被遗弃或长期无人照料", "报案时间")
        assert k.n == 2
        n += 1
        # it is in the database though nothing else was said
        assert village.one("SELECT count(*) FROM mandatory_report") == n
        for _ in range(9):
            t.settle(0.4)
            if "0 退出" in t.text():
                break
            t.press("esc")
    assert village.sql("SELECT DISTINCT situation, ground,"
                       " substr(found_at, 1, 10) FROM mandatory_report") == \
        [("6", "opinion_2020", TODAY)]


def test_report_in_the_middle_of_a_visit(village, open_term):
    t = open_term(village, env=ENV)
    t.login()
    t.press("f3")
    t.wait("查找")
    t.type("zxm")
    t.wait("张晓明")
    t.press("enter")
    t.wait("儿童台账  张晓明")
    t.type("v")
    t.wait("走访记录  新增  张晓明")
    t.press("f9")
    t.wait(SENTENCE)
    t.type("4")
    t.wait("强制报告  修改", "报案时间")
    t.press("up")               # found at five past two, called at twelve past
    for when in ("1405", "1412"):
        t.press("^u")
        t.type(when)
        t.press("enter")
    t.wait("2026-11-22 14:05", "2026-11-22 14:12")
    t.press("f2")
    t.wait("走访记录  新增  张晓明")
    assert village.one("SELECT lag_minutes + 0 FROM mandatory_report") \
        == 7
    assert village.one("SELECT count(*) FROM visit") == 0


def test_who_sees_a_sexual_abuse_report(village, open_term):
    """专办人员 only: not the supervisor who typed it, not in lists, search or
    the journal; but it counts."""
    village.add_user("zhuanban", "special")
    t = open_term(village, env=ENV)
    t.login()
    t.press("f9")
    t.wait(SENTENCE)
    t.type("1")
    t.wait("强制报告", "隐私部位异常损伤", "报案时间")
    for _ in range(2):          # to 未确认儿童
        t.press("enter")
    t.type("秘密线索甲")
    t.press("f2")
    t.wait("0 退出")
    assert village.one("SELECT child_note FROM mandatory_report") == \
        "秘密线索甲"
    t.type("5")
    t.choose("强制报告")
    t.wait("还没有")
    t.press("esc", "esc", "f8")
    t.wait("今日工作")
    assert "秘密线索" not in t.text()
    t.press("esc", "f3")
    t.wait("查找")
    t.type("秘密线索")
    t.wait("筛选: 秘密线索")
    t.settle()
    assert t.text().count("秘密线索") == 1
    for args in (("export", "mandatory_report"), ("export", "visit")):
        r = village.run(*args, login="wangfang", env=ENV)
        assert "秘密线索" not in r.out
    r = village.run("export", "mandatory_report", login="zhuanban", env=ENV)
    assert "秘密线索甲" in r.out
    # and it counts, whoever asks
    for who in ("wangfang", "zhuanban"):
        r = village.run("indicators", "--scheme", "sichuan", "--format",
                        "csv", "--date", TODAY, login=who, env=ENV)
        line = [x for x in r.out.splitlines() if "强制报告" in x]
        assert any(",1" in x for x in line), line


def test_nobody_sees_it_until_somebody_is_named(village, open_term):
    """Saving says so, the first screen says so first, and opens the list of
    users, where one becomes 专办人员; from her login on she sees it."""
    t = open_term(village, env=ENV)
    t.login()
    assert "专办件没人能看" not in t.text()
    t.press("f9")
    t.wait(SENTENCE)
    t.type("1")
    t.wait("强制报告", "隐私部位异常损伤", "报案时间")
    t.press("enter", "enter")
    t.type("秘密线索甲")
    t.press("f2")
    t.wait("0 退出", "谁也看不到")
    shown = t.wait("! 专办件没人能看", "1 件 要设专办人员")
    assert shown.index("专办件") < shown.index("走访逾期")
    t.press("enter")
    t.wait("用户", "wangfang", "R 身份")
    t.type("r")
    t.wait("什么身份", "管理员兼专办人员")
    t.type("7")
    t.wait("管理员兼专办", "下次登录起算")
    t.press("esc")
    t.wait("0 退出", gone=("没人能看",))
    t.press("f12")
    t.login()
    t.wait("管理员兼专办 ", "设定")   # does not touch the date
    t.type("5")
    t.choose("强制报告")
    t.wait("隐私部位", "共1条")
    t.press("esc", "esc")
    # the last administrator stays one
    t.wait("0 退出")
    t.type("9")
    t.choose("用户")
    t.wait("R 身份")
    t.type("r")
    t.wait("什么身份")
    t.type("4")
    t.wait("至少要留一个能用的管理员")
    village.run("check", status=0)


def test_what_hangs_on_a_case_goes_with_it(village, open_term):
    """A case turns out to be one of abuse: the referral that was there, and
    the evidence, leave the supervisor's sight with it."""
    village.add_user("zhuanban", "special")
    fill(village, "case", [{"source": "村报", "accepted_at":
                            "2026-11-20 09:00", "child": "张晓明",
                            "needs": "人身安全"}])
    uid = village.one('SELECT uid FROM "case"')
    fill(village, "referral", [{"case": uid, "department": "公安局",
                                "sent_on": "2026-11-20",
                                "content": "不可外传的话"}])
    t = open_term(village, env=ENV)
    t.login()
    t.type("5")
    t.choose("受理单")
    t.wait("SL2026-0001")
    t.type("e")
    t.wait("受理单  修改")
    for _ in range(40):
        t.settle(0.1)
        y = t.screen.cursor.y
        if t.row(y).startswith(" 专办"):
            break
        t.press("enter")
    t.type("1")
    t.settle(0.1)
    t.press("f2")
    t.wait("已存好", gone=("受理单  修改",))
    assert village.one("SELECT confidential FROM referral") == "yes"
    r = village.run("export", "referral", login="wangfang", env=ENV)
    assert "不可外传" not in r.out
    r = village.run("export", "referral", login="zhuanban", env=ENV)
    assert "不可外传" in r.out
    village.run("check", status=0)
