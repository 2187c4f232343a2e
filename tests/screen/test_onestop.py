"""一门受理 from the screen: the intake's budget, story 5 from the slip to the
closing, clocks, the board, and what is refused."""
import re
import subprocess

import pytest

import lab
from ledger_help import ENV, TODAY, Typist, fill


@pytest.fixture
def village(town):
    code = town.village(0)[0]
    fill(town, "staff", [{"name": "蔡艳", "role": "儿童主任", "village": code,
                          "appointed_on": "2024-03-01",
                          "phone": "13053300001"}])
    fill(town, "child", [
        {"name": n, "id_number": lab.id_number("2016-0%d-15" % (i + 1), i + 1),
         "village": code, "category": "留守", "registered_on": "2025-09-01"}
        for i, n in enumerate(("张晓明", "王芳"))])
    fill(town, "office", [
        {"department": "医保局", "name": "待遇科", "person": "李科",
         "phone": "0533-3241234", "kinds": "医疗救助"},
        {"department": "教体局", "name": "资助中心", "person": "赵科",
         "phone": "0533-3245678", "kinds": "教育"}])
    return town


def to_case_menu(t):
    t.type("5")
    t.wait("受理一件", "政策手册")


def box(t, word):
    """Open the line of a box that begins with `word`, by its digit."""
    t.wait(word, "筛选:")
    for line in t.display():
        m = re.match(r"\|[ >]*(\d)\s+" + re.escape(word), line)
        if m:
            t.type(m.group(1))
            return
    raise AssertionError("no %s\n%s" % (word, t.text()))


def home(t):
    """Back to the first screen."""
    for _ in range(12):
        t.settle(0.4)
        if "0 退出" in t.text():
            return
        t.press("esc")
    raise AssertionError("not at home\n" + t.text())


def case_page(t, no="SL2026-0001"):
    """From the first screen to the case's page."""
    to_case_menu(t)
    t.choose("受理单")
    t.wait("受理单", no)
    t.press("enter")
    t.wait("受理单  " + no, "期限", "等谁")


def move(t, word, state):
    t.choose("办理：" + word)
    t.wait("办到“%s”这一步" % word)
    t.press("enter")
    t.wait("已办：" + word)
    assert state in t.row(0), t.row(0)


def go(t, label):
    """Enter until the cursor stands in the field of that label."""
    for _ in range(70):
        t.settle(0.08)
        y, x = t.screen.cursor.y, t.screen.cursor.x
        line = t.screen.buffer[y]
        before = "".join(line[i].data for i in range(x + 1))
        if re.search(r"(^|[ *!?])%s( |$)" % label, before) and \
                not re.search(label + r".* {3,}\S+ ", before):
            return
        t.press("enter")
    raise AssertionError("no %s\n%s" % (label, t.text()))


def fill_fields(t, words, head="受理单  修改"):
    """The value at each label, by walking to it, and save."""
    t.wait(head)
    for label, keys in words:
        go(t, label)
        keys(t)
    t.settle(0.08)
    t.press("f2")
    t.wait("已存好", gone=(head,))


def text(s):
    return lambda t: t.type(s)


def pick(s):
    """Open the list, filter, take the first."""
    def run(t):
        t.press("f4")
        t.wait("筛选:")
        t.type(s)
        t.wait("筛选: " + s)
        t.press("enter")
        t.wait(gone=("筛选:",))
    return run


def tick(s):
    def run(t):
        t.press("f4")
        t.wait("筛选:")
        t.type(s)
        t.wait("筛选: " + s)
        t.press("space", "enter")
        t.wait(gone=("筛选:",))
    return run


def test_intake_budget(village, open_term):
    t = open_term(village, env=ENV)
    t.login()
    k = Typist(t)
    k.type("5")
    k.wait("受理一件")
    k.type("1")
    k.wait("受理单  新增", "需求", "初步评估")
    k.press("enter")                    # at the counter
    k.type("z")                         # the child, by initials
    k.wait("张晓明")
    k.type("xm")
    k.press("enter")
    k.wait("张晓明")
    k.press("enter")                    # the village is hers
    k.press("f4")                       # needs, several
    k.wait("医疗救助")
    k.type("yljz")
    k.wait("医疗救助")
    k.press("space")
    for _ in range(4):
        k.press("backspace")
    k.type("jy")
    k.wait("教育")
    k.press("space", "enter")
    k.press("enter", "enter")           # urgency: ordinary
    t.type("孙子住院，自付太多")        # free text is not counted
    k.press("enter")
    t.type("情况属实")
    k.press("f2")
    k.wait("受理单  SL2026-0001", "期限", "2026-12-11", "受理回执")
    assert k.n <= 60, k.n
    assert village.sql("SELECT source, needs, urgency, request, state, due_on"
                       " FROM \"case\"") == [
        ("walk_in", ";medical;education;", "ordinary", "孙子住院，自付太多",
         "accepted", "2026-12-11")]
    t.choose("受理回执")
    t.wait("在屏幕上看")
    t.type("1")
    paper = t.wait("SL2026-0001", "2026-12-11", "查问电话", "接下来")
    assert "留守" not in paper


def test_child_not_yet_identified(village, open_term):
    t = open_term(village, env=ENV)
    t.login()
    to_case_menu(t)
    t.choose("受理一件")
    fill_fields(t, [("未确认儿童", text("车站附近的男孩，约八岁")),
                    ("需求", tick("rsaq"))], "受理单  新增")
    t.wait("受理单  SL2026-0001", "车站附近的男孩")
    assert village.sql("SELECT child, child_note, needs FROM \"case\"") == [
        (None, "车站附近的男孩，约八岁", ";safety;")]


def on(day):
    return {"TONGJI_TODAY": day}


def test_story_five(village, open_term):
    """A 12345 slip, two referrals, one late: reminded, answered, told, closed;
    1/1 closed in time and 1/2 answered in time."""
    # ---- Monday 11-23: the slip comes, is assessed and referred
    t = open_term(village, env=on("2026-11-23"))
    t.login()
    to_case_menu(t)
    t.choose("受理一件")
    fill_fields(t, [("来源", pick("热线")), ("热线单号", text("2026112300088")),
                    ("热线单期限", text("20261204")), ("儿童", pick("zxm")),
                    ("需求", tick("yljz")), ("需求", tick("jy")),
                    ("初步评估", text("住院自付多，寄宿费欠缴"))],
                "受理单  新增")
    # fifteen working days from 11-23 is 12-14; the slip says 12-04
    t.wait("受理单  SL2026-0001", "2026-12-04", "热线单限 2026-12-04")
    move(t, "评估", "已评估")
    for office, need, who in (("ybj", "医疗救助", "李科"),
                              ("jtj", "教育", "赵科")):
        for _ in range(20):
            t.settle(0.08)
            if t.reversed(t.screen.cursor.y).strip(" 0123456789")[:3] \
                    == "转办单":
                break
            t.press("down")
        t.type("n")
        fill_fields(t, [("部门", pick(office)), ("请办事项", text("请核办"))],
                    "转办单  新增")
        t.wait("受理单  SL2026-0001", "转办")
    assert village.sql("SELECT department, due_on, person, phone FROM referral"
                       " ORDER BY referral_no") == [
        ("medical", "2026-11-30", "李科", "0533-3241234"),
        ("education", "2026-11-30", "赵科", "0533-3245678")]
    move(t, "转介或办理", "转介办理中")
    t.wait("等谁     医保局、教体局")
    # nothing answered yet: refused, in words
    t.choose("办理：反馈")
    t.wait("办到“反馈”这一步")
    t.press("enter")
    t.wait("还有转办单没有回复")
    assert village.one('SELECT state FROM "case"') == "referred"
    t.close()
    # ---- Friday 11-27: the health insurance bureau answers
    village.sql("SELECT 1")
    t = open_term(village, env=on("2026-11-27"))
    t.login()
    to_case_menu(t)
    t.choose("转办单")
    t.wait("ZB2026-0001", "ZB2026-0002")
    t.type("/")
    t.wait("查找")
    t.type("ZB2026-0001")
    t.press("enter")
    t.wait("转办单  ZB2026-0001", "李科", "还有")
    t.type("e")
    fill_fields(t, [("回复日期", text("20261127")), ("结果", pick("已落实"))],
                "转办单  修改")
    t.close()
    # ---- Wednesday 12-02: the other is two working days late
    t = open_term(village, env=on("2026-12-02"))
    t.login()
    t.wait("转办逾期未回", "最久2工作日", "受理单将到期")
    to_case_menu(t)
    t.choose("办件看板和办理质量")
    box(t, "转办未回复")
    t.wait("ZB2026-0002", "教体局", "逾期2工作日")
    t.press("enter")
    t.wait("转办单  ZB2026-0002", "! 2026-11-30 逾期2工作日")
    t.choose("催办单（记一次催办）")
    t.wait("记一次催办")
    t.press("enter")
    t.wait("在屏幕上看")
    t.type("1")
    t.wait("催办单", "ZB2026-0002", "第几次催办", "超过应回复日期2个工作日")
    t.press("esc")
    t.wait("1 次，最近 2026-12-02")
    t.type("e")
    fill_fields(t, [("回复日期", text("20261202")), ("结果", pick("已落实"))],
                "转办单  修改")
    t.wait("回复，逾期2工作日")
    home(t)
    case_page(t)
    t.type("e")
    fill_fields(t, [("反馈结果", text("医保二次报销3200元，寄宿补助从本学期起"))])
    move(t, "反馈", "已反馈")
    # the family has not been told: closing is no move yet, telling refuses
    assert "办理：办结" not in t.text()
    t.choose("办理：告知")
    t.wait("办到“告知”这一步")
    t.press("enter")
    t.wait("先填告知日期和方式")
    t.type("e")
    fill_fields(t, [("告知日期", text("20261202")), ("告知方式", pick("电话")),
                    ("告知了谁", text("张爷爷"))])
    move(t, "告知", "已告知")
    move(t, "办结", "办结")
    t.wait("2026-12-02 按时办结")
    t.choose("办理经过（时间线）")
    t.wait("受理", "评估", "转办 医保局", "回复 教体局", "催办 教体局",
           "告知家庭", "办结")
    assert village.sql('SELECT state, closed_on FROM "case"') == [
        ("closed", "2026-12-02")]
    home(t)
    to_case_menu(t)
    t.choose("办件看板和办理质量")
    box(t, "办理质量（今年）")
    shown = t.wait("受理单按时办结率", "转办单按时反馈率")
    rows = {w: next(x for x in shown.splitlines() if w in x).split()[-3:]
            for w in ("受理单按时办结率", "转办单按时反馈率", "办结率")}
    assert rows["受理单按时办结率"] == ["1", "1", "100%"]
    assert rows["转办单按时反馈率"] == ["1", "2", "50%"]
    t.press("down", "enter")
    t.wait("办理质量明细", "ZB2026-0002", "教体局")
    r = village.run("check", status=0)
    assert r.rc == 0


def add_case(town, **more):
    row = {"source": "来访", "accepted_at": "2026-11-02 09:00",
           "child": "张晓明", "needs": "教育", "urgency": "一般"}
    row.update(more)
    fill(town, "case", [row])
    return town.one('SELECT uid FROM "case" ORDER BY rowid DESC LIMIT 1')


def test_first_screen_before_on_and_after_the_day(village, open_term):
    """Education takes ten working days: accepted on 11-02, due on 11-16."""
    add_case(village)
    for day, word in (("2026-11-11", None), ("2026-11-12", "受理单将到期"),
                      ("2026-11-16", "受理单今天到期"),
                      ("2026-11-17", "受理单逾期")):
        t = open_term(village, env=on(day))
        t.login()
        shown = [w for w in ("受理单将到期", "受理单今天到期", "受理单逾期")
                 if w in t.text()]
        assert shown == ([word] if word else []), (day, t.text())
        if word and word != "受理单将到期":
            assert "! " + word in t.text()
        t.close()


def test_two_operators_move_one_case(village, open_term):
    village.add_user("lihong", "supervisor")
    add_case(village, first_assessment="情况属实")
    a, b = (open_term(village, env=ENV) for _ in range(2))
    a.login()
    b.login("lihong")
    case_page(a)
    case_page(b)
    move(a, "评估", "已评估")
    b.choose("办理：评估")
    b.wait("办到“评估”这一步")
    b.press("enter")
    b.wait("wangfang 刚办过，现在是“已评估”", "已评估")
    n = village.one("SELECT count(*) FROM journal WHERE form = 'case' AND"
                    " op = 'update'")
    assert n == 1, village.sql("SELECT op, form FROM journal")
    assert village.one('SELECT state FROM "case"') == "assessed"


def test_case_with_referrals_is_not_deleted(village, open_term):
    uid = add_case(village)
    fill(village, "referral", [{"case": uid, "department": "教体局",
                                "sent_on": "2026-11-03"}])
    t = open_term(village, env=ENV)
    t.login()
    case_page(t)
    t.type("d")
    t.wait("原因")
    t.type("录错了")
    t.press("enter")
    t.wait("还有转办单 1 条")
    assert village.one('SELECT deleted FROM "case"') == 0


def test_extension_is_not_the_directors(village, open_term):
    code, name = village.village(0)
    village.add_user("cunli", "director", "--village", code)
    add_case(village)
    t = open_term(village, env=ENV)
    t.login("cunli")
    case_page(t)
    t.type("e")
    t.wait("受理单  修改")
    t.press("pgdn")
    t.wait("应办结日期", "暂停日期")
    assert "延期至" not in t.text()
    # nor who came, on the first page
    t.press("pgup")
    t.wait("需求")
    assert "来访人" not in t.text()


def test_year_without_calendar_warns(village, open_term):
    t = open_term(village, env=on("2030-01-07"))
    t.login()
    to_case_menu(t)
    t.choose("受理一件")
    fill_fields(t, [("儿童", pick("zxm")), ("需求", tick("jy"))],
                "受理单  新增")
    t.wait("还没有节假日安排")
    assert village.one('SELECT due_on FROM "case"') == "2030-01-21"


def test_handbook_is_help_at_the_needs(village, open_term):
    t = open_term(village, env=ENV)
    t.login()
    to_case_menu(t)
    t.choose("受理一件")
    t.wait("受理单  新增")
    go(t, "需求")
    tick("yljz")(t)
    t.press("f1")
    t.wait("【医疗救助】", "谁可以申请", "要什么材料", "县医保局")
