"""Moves and look-alikes on the screen: out with a transfer sheet and back, two
villages into one, two records side by side, the audit before a report."""
import lab
from ledger_help import ENV, TODAY, fill


def kid(name, village, born="2016-05-04", **more):
    row = {"name": name, "no_id_reason": "不详", "sex": "女",
           "birth_date": born, "village": village, "category": "留守",
           "registered_on": "2025-09-01", "guardian_name": "王奶奶",
           "guardian_relation": "祖母"}
    row.update(more)
    return row


def open_child(t, name):
    t.press("f3")
    t.wait("查找")
    t.type(name)
    t.wait("儿童台账     " + name)
    t.press("enter")
    t.wait("儿童台账  " + name, "监护人")


def test_out_with_a_sheet_and_back(town, open_term):
    fill(town, "child", [kid("张晓明", town.village(0)[0])])
    t = open_term(town, env=ENV)
    t.login()
    open_child(t, "张晓明")
    t.type("m")
    t.wait("变动", "退出")
    t.type("2")
    t.wait("退出原因", "迁出本镇")
    t.type("4")
    t.wait("退出会关掉")
    t.press("enter")
    t.type("博山区")
    t.press("enter")
    t.wait("转出单")
    t.press("enter")
    t.wait("在屏幕上看")
    t.type("1")
    t.wait("儿童转出单", "张晓明", "去 博山区", "王奶奶")
    t.press("esc")
    t.wait("已退出 %s 迁出本镇" % TODAY, "曾经", "留守 2025-09-01至" + TODAY)
    assert town.one("SELECT left_reason FROM child") == "moved"
    t.type("m")
    t.wait("变动")
    t.type("4")
    t.wait("迁回")
    t.press("enter")
    t.type("博山区")
    t.press("enter")
    t.wait("留守 %s起" % TODAY, gone=("已退出",))
    assert town.sql("SELECT left_on, came_from FROM child") == [
        (None, "博山区")]
    town.run("check", status=0)


def test_two_villages_into_one(town, open_term):
    (a, an), (b, bn) = town.village(0), town.village(1)
    fill(town, "child", [kid("甲甲", a), kid("乙乙", b)])
    fill(town, "home", [{"name": "老村之家", "village": a}])
    town.add_user("director", "director", "--village", a)
    t = open_term(town, env=ENV)
    t.login()
    t.type("3")
    t.choose("开展情况、村表")
    t.wait("村表")
    for line in t.display():
        if "村表" in line and line.strip(" |>")[:1].isdigit():
            t.type(line.strip(" |>").split()[0])
            break
    t.wait("村表", an)
    t.press("enter")
    t.wait("村（社区）  " + an)
    t.type("m")
    t.wait("并入哪个村")
    t.type(bn)
    t.wait("筛选: " + bn)
    t.press("enter")
    t.wait("村合并", "原村的记录留着")
    t.press("f2")
    t.wait("已合并：孩子 1、儿童之家 1、工作人员 0、学校 0、账号 1")
    assert town.one("SELECT count(*) FROM child c JOIN village v ON"
                    " v.uid=c.village WHERE v.code=?", b) == 2
    t.press("f12")
    t.login("director")
    t.type("1")
    t.wait("儿童台账", "甲甲", "乙乙", "共2条")


def test_side_by_side(town, open_term):
    fill(town, "child", [kid("单春花", town.village(0)[0]),
                         kid("善春华", town.village(1)[0])])
    t = open_term(town, env=ENV)
    t.login()
    t.type("8")
    t.choose("核查：数据问题、疑似重复")
    t.wait("疑似重复")
    t.type("2")
    t.wait("疑似重复", "同音，同日出生", "单春花", "善春华")
    t.press("enter")
    t.wait("并排看两条", "单春花", "善春华", "王奶奶")
    names = t.row(t.find("单春花"))
    assert names.lstrip().startswith("*")
    assert not t.row(t.find("出生日期")).lstrip().startswith("*")
    t.type("3")
    t.wait("没有疑似重复的")
    assert town.one("SELECT count(*) FROM child") == 2


def test_audit_before_the_survey(town, open_term):
    fill(town, "child", [kid("甲甲", town.village(0)[0])])
    town.sql("UPDATE child SET lives_alone='yes'")
    t = open_term(town, env=ENV)
    t.login()
    t.type("7")
    t.choose("排查汇总表")
    t.wait("截止 " + TODAY, "共 1 人")
    t.type("p")
    t.wait("先核查", "1 处要紧的问题")
    t.press("enter")
    t.wait("数据核查", "监护未落实", "甲甲")
    t.press("esc")
    t.wait("截止 " + TODAY)
    r = town.run("report", "排查汇总表", env=ENV, status=0)
    assert "数据核查有 1 处要紧的问题" in r.err


def test_page_of_a_child_fits(town, open_term):
    """Everything about her on one 80x24 screen, in GB18030 on a vt100 too."""
    fill(town, "child", [kid("阿依古丽·买买提吐尔逊江", town.village(0)[0],
                             born="2012-02-29", risk="高风险")])
    child = town.one("SELECT uid FROM child")
    fill(town, "guardian", [
        {"child": child, "name": "父某", "relation": "父亲", "status": "失联",
         "status_from": "2026-05-10", "is_current": "否"},
        {"child": child, "name": "母某", "relation": "母亲",
         "work_place": "广东东莞", "is_current": "否"}])
    fill(town, "agreement", [{"child": child, "carer": "李大妈",
                              "carer_relation": "姨母",
                              "signed_on": "2026-01-01",
                              "ends_on": "2026-12-01"}])
    fill(town, "visit", [{"child": child, "visit_date": d, "method": "入户",
                          "seen_child": "是", "findings": "第%d次" % i}
                         for i, d in enumerate(("2026-09-01", "2026-10-01",
                                                "2026-11-01", "2026-11-10"))])
    for encoding, kind in (("utf-8", "xterm-256color"), ("gb18030", "vt100")):
        t = open_term(town, encoding=encoding, term=kind, env=ENV)
        t.login()
        t.type("1")
        t.wait("儿童台账", "共1条")
        t.press("enter")
        shown = t.wait(
            "阿依古丽", "14周岁", "高风险", "留守 2025-09-01起", "王奶奶",
            "父亲 父某 失联2026-05-10起", "母亲 母某 广东东莞",
            "李大妈 姨母", "2026-12-01 到期", "走访 2026-11-17 逾期5天",
            "11-10", "第3次", "11-01", "10-01", "1 查看、修改")
        assert "09-01    入户" not in shown
        t.close()
